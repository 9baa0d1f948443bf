"""Operations and task forces: proposed, launched, completed, evaluated; corrected and taken back (D1, D2)."""

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.operations import domain, store
from services.operations.api.inputs import Described, Sought, Tally, once
from services.operations.commands import operations as commands
from services.operations.domain import Mandate, Operation
from services.operations.views import operations as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.errors import Invalid
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Countries, CrimeTypes, Day, Id, Nearby, Retraction

router = web.router("", "operations")
whole = Whole(views.operation, "/operations")


Priorities = Annotated[list[Id], Field(max_length=50, description="The intelligence priorities that it serves (D4)")]


class Agency(BaseModel):
    """An agency that takes part, by its kind and country, and what for; another role replaces the one it had."""

    institution_kind: one_of("institution_kind")  # type: ignore[valid-type]  # a type made of a code list
    country: one_of("country")  # type: ignore[valid-type]
    role: one_of("agency_role") = "member"  # type: ignore[valid-type]

    def agency(self) -> domain.Agency:
        """As the domain takes it."""
        return domain.Agency(self.institution_kind, self.country, self.role)


class NewOperation(Described):
    """An operation or a task force; `countries` take part, the one that leads among them."""

    kind: one_of("operation_kind")  # type: ignore[valid-type]
    mandate_from: Day | None = None
    mandate_to: Day | None = None
    agencies: list[Agency] = Field([], max_length=100)
    priorities: Priorities = Field([])

    def described(self) -> dict[str, object]:
        """As commands take it."""
        countries = once([*self.countries, *([self.country] if self.country else [])])
        mandate = Mandate(self.kind, once(self.crime_types), countries, self.mandate_from, self.mandate_to)
        agencies = {(each.institution_kind, each.country): each.agency() for each in self.agencies}
        return {
            "reference": self.reference,
            "country": self.country,
            "title": self.title,
            "mandate": mandate,
            "agencies": (*agencies.values(),),
            "priorities": once(self.priorities),
        }


class RecordedOperation(NewOperation):
    """One that was launched before it was known here, perhaps over, with results that the countries stand by."""

    launched: Nearby
    ended: Nearby | None = None
    results: list[Tally] = Field([], max_length=500)

    def told(self) -> dict[domain.Key, domain.Tally]:
        """Its results, one for each country and kind."""
        if any(each.action_day_ref for each in self.results):
            raise Invalid("results", "an action day is named only where it is known here")
        return {each.key(): each.tally() for each in self.results}


class Launch(BaseModel):
    """Since when it runs."""

    launched: Nearby


class Serving(BaseModel):
    """The intelligence priorities that it serves, whole; none where the list is empty."""

    priorities: Priorities


class Completion(BaseModel):
    """When it ended."""

    ended: Nearby


class Evaluation(BaseModel):
    """When it was looked back upon."""

    evaluated: Nearby


class CorrectedOperation(BaseModel):
    """How it really went; what is left out stays as it was. `corrects` names the fact that was wrong."""

    corrects: Id
    reason: one_of("correction_reason")  # type: ignore[valid-type]
    kind: one_of("operation_kind") | None = None  # type: ignore[valid-type]
    launched: Nearby | None = None
    ended: Nearby | None = None
    crime_types: CrimeTypes | None = None
    countries: Countries | None = None

    def mandate(self, said: Mandate) -> Mandate:
        """As the domain takes it."""
        types = said.crime_types if self.crime_types is None else once(self.crime_types)
        countries = said.countries if self.countries is None else once(self.countries)
        return Mandate(self.kind or said.kind, types, countries, said.mandate_from, said.mandate_to)


async def _operation(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Operation:
    operation = await store.load(tx, Operation, id)
    asker.require_country(operation.life.country)
    return operation


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[Operation, Depends(_operation)]


@router.get("/operations")
async def list_operations(
    tx: Tx,
    paging: Paging,
    sought: Sought,
    kind: one_of("operation_kind") | None = None,  # type: ignore[valid-type]
    state: one_of("operation_state") | None = None,  # type: ignore[valid-type]
    priority: Id | None = None,
) -> Page[views.OperationRow]:
    """Operations and task forces, the latest first."""
    return await views.listed(tx, paging, kind=kind, state=state, priority=priority, **sought)


@router.post("/operations", status_code=201, responses=MADE)
async def propose_operation(tx: Tx, origin: Caused, asker: Asker, given: NewOperation, response: Response) -> views.OperationPage:
    """Somebody asks for an operation or a task force (D1)."""
    asker.require_country(given.country)
    return await whole.made(tx, await commands.propose(tx, origin, given.described()), response)


@router.post("/recorded-operations", status_code=201, responses=MADE)
async def record_operation(tx: Tx, origin: Caused, asker: Asker, given: RecordedOperation, response: Response) -> views.OperationPage:
    """One that was launched before it was known here."""
    asker.require_country(given.country)
    for each in given.results:
        asker.require_country(each.country)
    made = await commands.record(tx, origin, given.described(), given.launched, given.ended, given.told())
    return await whole.made(tx, made, response)


@router.get("/operations/{id}", responses=SHOWN)
async def get_operation(id: Id, tx: Tx, response: Response) -> views.OperationPage:
    """One operation, with its action days, its results and every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/operations/{id}/approve", responses=SHOWN)
async def approve_operation(operation: Loaded, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.OperationPage:
    """It may be launched."""
    await whole.hold(tx, expected, operation.life)
    await commands.approve(tx, origin, operation)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/launch", responses=SHOWN)
async def launch_operation(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Launch, response: Response
) -> views.OperationPage:
    """It begins (D1)."""
    await whole.hold(tx, expected, operation.life)
    await commands.launch(tx, origin, operation, given.launched)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/suspend", responses=SHOWN)
async def suspend_operation(operation: Loaded, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.OperationPage:
    """It rests."""
    await whole.hold(tx, expected, operation.life)
    await commands.suspend(tx, origin, operation)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/resume", responses=SHOWN)
async def resume_operation(operation: Loaded, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.OperationPage:
    """It goes on."""
    await whole.hold(tx, expected, operation.life)
    await commands.resume(tx, origin, operation)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/priorities", responses=SHOWN)
async def set_priorities(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Serving, response: Response
) -> views.OperationPage:
    """It serves these intelligence priorities, and no others (D4)."""
    await whole.hold(tx, expected, operation.life)
    await commands.serve(tx, origin, operation, once(given.priorities))
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/agencies", responses=SHOWN)
async def join_agency(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Agency, response: Response
) -> views.OperationPage:
    """An agency takes part, or takes another part (D2)."""
    await whole.hold(tx, expected, operation.life)
    await commands.join(tx, origin, operation, given.agency())
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/agencies/leave", responses=SHOWN)
async def leave_agency(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Agency, response: Response
) -> views.OperationPage:
    """An agency takes part no longer."""
    await whole.hold(tx, expected, operation.life)
    await commands.leave(tx, origin, operation, given.agency())
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/complete", responses=SHOWN)
async def complete_operation(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Completion, response: Response
) -> views.OperationPage:
    """It is over: its certified results are counted (D3)."""
    await whole.hold(tx, expected, operation.life)
    await commands.complete(tx, origin, operation, given.ended)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/evaluate", responses=SHOWN)
async def evaluate_operation(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Evaluation, response: Response
) -> views.OperationPage:
    """It was looked back upon."""
    await whole.hold(tx, expected, operation.life)
    await commands.evaluate(tx, origin, operation, given.evaluated)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/correct", responses=SHOWN)
async def correct_operation(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: CorrectedOperation, response: Response
) -> views.OperationPage:
    """It went otherwise than was said; `asof` before now still shows what was said."""
    await whole.hold(tx, expected, operation.life)
    told: dict[str, Any] = given.model_dump(include={"corrects", "launched", "ended", "reason"})
    await commands.correct(tx, origin, operation, mandate=given.mandate(operation.mandate), **told)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/retract", responses=SHOWN)
async def retract_operation(
    operation: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.OperationPage:
    """It was not completed, or not launched, after all: it is again as it was before."""
    await whole.hold(tx, expected, operation.life)
    await commands.retract(tx, origin, operation, given.corrects, given.reason)
    return await whole.shown(tx, operation.life.id, response)
