"""Results of an operation: each country reports and certifies its own, and corrects what it certified (D3)."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from services.operations import store
from services.operations.api.inputs import Tally
from services.operations.api.operations import whole
from services.operations.commands import operations as commands
from services.operations.domain import Operation
from services.operations.views import operations as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import SHOWN, Asker, Caused, Expected
from shared.web.values import Id

router = web.router("", "results")


class Certification(BaseModel):
    """The country that stands by all it reported."""

    country: one_of("country")  # type: ignore[valid-type]  # a type made of a code list


class CorrectedResult(Tally):
    """What the certified total really was; `corrects` names the fact by which it was certified or last corrected."""

    corrects: Id
    reason: one_of("correction_reason")  # type: ignore[valid-type]


async def _operation(id: Annotated[Id, Path()], tx: Tx) -> Operation:
    return await store.load(tx, Operation, id)


# Whose results they are decides who may tell them, not who leads: that stands in the body.
Loaded = Annotated[Operation, Depends(_operation)]


@router.post("/operations/{id}/results", responses=SHOWN)
async def report_result(
    operation: Loaded, tx: Tx, origin: Caused, asker: Asker, expected: Expected, given: Tally, response: Response
) -> views.OperationPage:
    """A country tells its total of a kind of measure; it is not counted before it is certified."""
    asker.require_country(given.country)
    await whole.hold(tx, expected, operation.life)
    await commands.report(tx, origin, operation, given.key(), given.tally())
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/results/certify", responses=SHOWN)
async def certify_results(
    operation: Loaded, tx: Tx, origin: Caused, asker: Asker, expected: Expected, given: Certification, response: Response
) -> views.OperationPage:
    """A country stands by all it reported."""
    asker.require_country(given.country)
    await whole.hold(tx, expected, operation.life)
    await commands.certify(tx, origin, operation, given.country)
    return await whole.shown(tx, operation.life.id, response)


@router.post("/operations/{id}/results/correct", responses=SHOWN)
async def correct_result(
    operation: Loaded, tx: Tx, origin: Caused, asker: Asker, expected: Expected, given: CorrectedResult, response: Response
) -> views.OperationPage:
    """What a country had certified was otherwise: what is counted changes at once."""
    asker.require_country(given.country)
    await whole.hold(tx, expected, operation.life)
    said = {"corrects": given.corrects, "key": given.key(), "tally": given.tally(), "reason": given.reason}
    await commands.correct_result(tx, origin, operation, **said)
    return await whole.shown(tx, operation.life.id, response)
