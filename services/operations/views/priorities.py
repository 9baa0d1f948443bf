"""Intelligence priorities as they are shown, with how many operations serve each."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.domain.priority import STEPS
from services.operations.tables import operations, priorities
from services.operations.views.rows import Row, conditions, one
from shared.latest import latest
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked


class PriorityRow(Row):
    """A priority as a list shows it."""

    valid_from: date
    valid_to: date | None


class PriorityPage(PriorityRow):
    """A priority in full, with every step that led here."""

    operations: int
    """How many serve it; exercises are none."""
    possible: list[str]
    """What can be done in its present state, as its steps are called."""
    history: list[Step]


def _priority(row: Any) -> dict[str, Any]:
    return {**row.whole, **row._mapping}


async def priority(tx: AsyncConnection, id_: UUID) -> PriorityPage:
    """One priority; raises `NotFound`."""
    row = await one(tx, priorities, id_)
    serving = operations.c.priorities.contains([id_]) & ~operations.c.exercise & (operations.c.state != "retracted")
    number = (await tx.execute(select(func.count()).where(serving))).scalar_one()
    beside = {"operations": number, "possible": STEPS[row.state], "history": await history(tx, id_)}
    return PriorityPage.model_validate(_priority(row) | beside)


async def listed(tx: AsyncConnection, paging: Asked, on: date | None, **asked: Any) -> Page[PriorityRow]:
    """Priorities that match, the latest first; `on` leaves those that stood on that day, UTC."""
    found = conditions(priorities, asked)
    if on is not None:
        first, last = priorities.c.whole["valid_from"].astext, priorities.c.whole["valid_to"].astext
        # Days are written so that they sort as they follow each other.
        found += [first <= on.isoformat(), or_(last.is_(None), last >= on.isoformat())]
    rows, following, total = await latest(tx, priorities, found, paging)
    return Page(items=[PriorityRow.model_validate(_priority(row)) for row in rows], next=following, total=total)
