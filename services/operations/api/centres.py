"""Coordination centres: planned, opened, closed; corrected and taken back (EJ-09, EJ-11)."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from services.operations import store
from services.operations.api.inputs import Described, Sought, once
from services.operations.commands import centres as commands
from services.operations.domain import Centre, Work
from services.operations.views import centres as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Cancellation, Countries, CrimeTypes, Id, Nearby, Retraction, Short

router = web.router("", "centres")
whole = Whole(views.centre, "/centres")


class DescribedCentre(Described):
    """What a centre works on, and how: in a room, virtually, or both."""

    form: one_of("centre_form") = "both"  # type: ignore[valid-type]
    room: Short | None = None

    def described(self) -> dict[str, object]:
        """As commands take it."""
        work = Work(self.form, once(self.crime_types), once(self.countries), self.room)
        return {"reference": self.reference, "country": self.country, "title": self.title, "work": work}


class NewCentre(DescribedCentre):
    """A centre to plan."""

    opens: Nearby


class RecordedCentre(DescribedCentre):
    """A centre that was opened before it was known here, and perhaps closed."""

    opened: Nearby
    closed: Nearby | None = None


class Opening(BaseModel):
    """Since when it works."""

    opened: Nearby


class Closing(BaseModel):
    """Until when it worked."""

    closed: Nearby


class CorrectedCentre(BaseModel):
    """How it really worked; what is left out stays as it was. `corrects` names the fact that was wrong."""

    corrects: Id
    reason: one_of("correction_reason")  # type: ignore[valid-type]
    opened: Nearby | None = None
    closed: Nearby | None = None
    form: one_of("centre_form") | None = None  # type: ignore[valid-type]
    room: Short | None = None
    crime_types: CrimeTypes | None = None
    countries: Countries | None = None

    def work(self, said: Work) -> Work:
        """As the domain takes it."""
        types = said.crime_types if self.crime_types is None else once(self.crime_types)
        countries = said.countries if self.countries is None else once(self.countries)
        return Work(self.form or said.form, types, countries, self.room or said.room)


async def _centre(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Centre:
    centre = await store.load(tx, Centre, id)
    asker.require_country(centre.life.country)
    return centre


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[Centre, Depends(_centre)]


@router.get("/centres")
async def list_centres(
    tx: Tx,
    paging: Paging,
    sought: Sought,
    form: one_of("centre_form") | None = None,  # type: ignore[valid-type]
    state: one_of("centre_state") | None = None,  # type: ignore[valid-type]
) -> Page[views.CentreRow]:
    """Coordination centres, the latest first."""
    return await views.listed(tx, paging, kind=form, state=state, **sought)


@router.post("/centres", status_code=201, responses=MADE)
async def plan_centre(tx: Tx, origin: Caused, asker: Asker, given: NewCentre, response: Response) -> views.CentrePage:
    """A coordination centre is to be opened (EJ-09)."""
    asker.require_country(given.country)
    return await whole.made(tx, await commands.plan(tx, origin, given.described(), given.opens), response)


@router.post("/recorded-centres", status_code=201, responses=MADE)
async def record_centre(tx: Tx, origin: Caused, asker: Asker, given: RecordedCentre, response: Response) -> views.CentrePage:
    """A centre that was opened before it was known here."""
    asker.require_country(given.country)
    return await whole.made(tx, await commands.record(tx, origin, given.described(), given.opened, given.closed), response)


@router.get("/centres/{id}", responses=SHOWN)
async def get_centre(id: Id, tx: Tx, response: Response) -> views.CentrePage:
    """One centre, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/centres/{id}/cancel", responses=SHOWN)
async def cancel_centre(
    centre: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Cancellation, response: Response
) -> views.CentrePage:
    """It will not be opened."""
    await whole.hold(tx, expected, centre.life)
    await commands.cancel(tx, origin, centre, given.reason)
    return await whole.shown(tx, centre.life.id, response)


@router.post("/centres/{id}/open", responses=SHOWN)
async def open_centre(centre: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Opening, response: Response) -> views.CentrePage:
    """It works (EJ-13)."""
    await whole.hold(tx, expected, centre.life)
    await commands.begin(tx, origin, centre, given.opened)
    return await whole.shown(tx, centre.life.id, response)


@router.post("/centres/{id}/close", responses=SHOWN)
async def close_centre(centre: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Closing, response: Response) -> views.CentrePage:
    """Its work is done."""
    await whole.hold(tx, expected, centre.life)
    await commands.close(tx, origin, centre, given.closed)
    return await whole.shown(tx, centre.life.id, response)


@router.post("/centres/{id}/correct", responses=SHOWN)
async def correct_centre(
    centre: Loaded, tx: Tx, origin: Caused, expected: Expected, given: CorrectedCentre, response: Response
) -> views.CentrePage:
    """It worked otherwise than was said; `asof` before now still shows what was said."""
    await whole.hold(tx, expected, centre.life)
    opened, closed = given.opened or centre.opened, given.closed or centre.closed
    said = {"corrects": given.corrects, "work": given.work(centre.work), "opened": opened, "closed": closed, "reason": given.reason}
    await commands.correct(tx, origin, centre, **said)
    return await whole.shown(tx, centre.life.id, response)


@router.post("/centres/{id}/retract", responses=SHOWN)
async def retract_centre(
    centre: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.CentrePage:
    """It was not opened after all: it counts no longer, and `asof` before now still shows it."""
    await whole.hold(tx, expected, centre.life)
    await commands.retract(tx, origin, centre, given.corrects, given.reason)
    return await whole.shown(tx, centre.life.id, response)
