"""Coordination centres as they are shown."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.domain.centre import STEPS
from services.operations.tables import centres
from services.operations.views.rows import Row, conditions, one
from shared.latest import latest
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked


class CentreRow(Row):
    """A coordination centre as a list shows it."""

    form: str


class CentrePage(CentreRow):
    """A coordination centre in full, with every step that led here."""

    room: str | None
    opens: AwareDatetime | None
    opened: AwareDatetime | None
    closed: AwareDatetime | None
    opened_event: UUID | None
    possible: list[str]
    """What can be done in its present state, as its steps are called."""
    history: list[Step]


def _centre(row: Any) -> dict[str, Any]:
    return {**row.whole, **row.whole["work"], **row._mapping}


async def centre(tx: AsyncConnection, id_: UUID) -> CentrePage:
    """One centre; raises `NotFound`."""
    row = await one(tx, centres, id_)
    return CentrePage.model_validate(_centre(row) | {"possible": STEPS[row.state], "history": await history(tx, id_)})


async def listed(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[CentreRow]:
    """Centres that match, the latest first; those without a time before all others."""
    rows, following, total = await latest(tx, centres, conditions(centres, asked), paging)
    return Page(items=[CentreRow.model_validate(_centre(row)) for row in rows], next=following, total=total)
