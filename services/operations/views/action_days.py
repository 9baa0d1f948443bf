"""Action days as they are shown."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.domain.action_day import STEPS
from services.operations.tables import action_days
from services.operations.views.rows import conditions, one
from shared.latest import latest
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked


class PlaceRow(BaseModel):
    """A country that acts, and the clock it goes by."""

    country: str
    zone: str


class ActionDayRow(BaseModel):
    """An action day as a list shows it; `at` is when it began, else when it is to begin."""

    id: UUID
    reference: str | None
    operation: UUID
    centre: UUID | None
    country: str | None
    title: dict[str, str]
    state: str
    exercise: bool
    at: AwareDatetime
    t_zero: AwareDatetime
    places: list[PlaceRow]
    ready: list[str]
    version: int
    possible: list[str]
    """What can be done in its present state, as its steps are called."""


class ActionDayPage(ActionDayRow):
    """An action day in full, with every step that led here."""

    began: AwareDatetime | None
    ended: AwareDatetime | None
    history: list[Step]


def shown(row: Any) -> dict[str, Any]:
    """As lists show it."""
    return {**row.whole, **row._mapping, "possible": STEPS[row.state]}


async def action_day(tx: AsyncConnection, id_: UUID) -> ActionDayPage:
    """One action day; raises `NotFound`."""
    row = await one(tx, action_days, id_)
    return ActionDayPage.model_validate(shown(row) | {"history": await history(tx, id_)})


async def listed(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[ActionDayRow]:
    """Action days that match, the latest first."""
    rows, following, total = await latest(tx, action_days, conditions(action_days, asked), paging)
    return Page(items=[ActionDayRow.model_validate(shown(row)) for row in rows], next=following, total=total)
