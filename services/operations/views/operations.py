"""Operations and task forces as they are shown, with what each country reported and certified."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.domain.operation import STEPS
from services.operations.tables import action_days, operations
from services.operations.views.action_days import ActionDayRow, shown
from services.operations.views.rows import Row, conditions, one
from shared.latest import latest
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked


class OperationRow(Row):
    """An operation as a list shows it."""

    kind: str
    mandate_from: date | None
    mandate_to: date | None
    launched: AwareDatetime | None
    ended: AwareDatetime | None
    priorities: list[UUID]
    """The intelligence priorities that it serves."""


class AgencyRow(BaseModel):
    """An agency that takes part."""

    institution_kind: str
    country: str
    role: str


class MoneyRow(BaseModel):
    """An amount in the smallest unit of its currency."""

    amount_minor: int
    currency: str
    exponent: int


class TallyRow(BaseModel):
    """How many measures in all, and what they are worth."""

    total: int
    amount: MoneyRow | None


class ResultRow(BaseModel):
    """What a country reported of a kind of measure, and what of it it stands by."""

    country: str
    measure_kind: str
    action_day: UUID | None
    reported: TallyRow
    certified: TallyRow | None
    certified_event: UUID | None


class OperationPage(OperationRow):
    """An operation in full, with every step that led here."""

    agencies: list[AgencyRow]
    action_days: list[ActionDayRow]
    results: list[ResultRow]
    launched_event: UUID | None
    completed_event: UUID | None
    evaluated: AwareDatetime | None
    possible: list[str]
    """What can be done in its present state, as its steps are called."""
    history: list[Step]


def _operation(row: Any) -> dict[str, Any]:
    return {**row.whole, **row.whole["mandate"], **row._mapping}


async def operation(tx: AsyncConnection, id_: UUID) -> OperationPage:
    """One operation; raises `NotFound`."""
    row = await one(tx, operations, id_)
    days = await tx.execute(select(action_days).where(action_days.c.operation == id_).order_by(action_days.c.at, action_days.c.id))
    beside = {"action_days": [shown(day) for day in days], "possible": STEPS[row.state], "history": await history(tx, id_)}
    return OperationPage.model_validate(_operation(row) | beside)


async def listed(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[OperationRow]:
    """Operations that match, the latest first; those without a time before all others."""
    rows, following, total = await latest(tx, operations, conditions(operations, asked), paging)
    return Page(items=[OperationRow.model_validate(_operation(row)) for row in rows], next=following, total=total)
