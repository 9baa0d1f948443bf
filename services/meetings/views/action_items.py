"""Action items as they are shown."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date as SqlDate
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy import and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.domain.action_item import OPEN, STEPS
from services.meetings.tables import action_items, meetings
from shared.errors import Invalid, NotFound
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked, cursor_of, texts_of


class ActionItemRow(BaseModel):
    """An action item as a list shows it; `due` is a day where its owner is, `first_due` the day first agreed."""

    id: UUID
    meeting: UUID
    meeting_title: dict[str, str]
    decision: UUID
    convenor: str | None
    country: str
    owner_ref: UUID | None
    text: dict[str, str]
    state: str
    percent: int
    due: date
    first_due: date
    completed: date | None
    overdue: bool
    """Its day has passed (UTC), and it is not done."""
    exercise: bool = False
    version: int


class ActionItemPage(ActionItemRow):
    """An action item in full, with every step that led here."""

    possible: list[str]
    """What may be done with it now."""
    history: list[Step]


_OVERDUE = and_(action_items.c.state.in_(OPEN), action_items.c.due < func.current_date())
_SHOWN = select(
    action_items.c.id,
    action_items.c.whole,
    action_items.c.due,
    meetings.c.meeting["title"].label("meeting_title"),
    _OVERDUE.label("overdue"),
).join(meetings, meetings.c.id == action_items.c.meeting)


def _row(row: Any) -> dict[str, Any]:
    return {**row.whole, "meeting_title": row.meeting_title, "overdue": row.overdue}


async def action_item(tx: AsyncConnection, id_: UUID) -> ActionItemPage:
    """One action item; raises `NotFound`."""
    row = (await tx.execute(_SHOWN.where(action_items.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No action item {id_}")
    return ActionItemPage.model_validate(_row(row) | {"possible": STEPS[row.whole["state"]], "history": await history(tx, id_)})


async def listed(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[ActionItemRow]:
    """Action items that match, in the order in which they are due."""
    conditions = _conditions(asked)
    total = (await tx.execute(select(func.count()).select_from(action_items).where(*conditions))).scalar_one()
    wanted = _SHOWN.where(*conditions)
    if paging.after is not None:
        due, id_ = _place(paging.after)
        at = cast(due, SqlDate)
        wanted = wanted.where(or_(action_items.c.due > at, and_(action_items.c.due == at, action_items.c.id > cast(id_, SqlUuid))))
    rows = list((await tx.execute(wanted.order_by(action_items.c.due, action_items.c.id).limit(paging.limit + 1))).all())
    last = rows[paging.limit - 1] if len(rows) > paging.limit else None
    following = cursor_of(last.due.isoformat(), last.id) if last else None
    return Page(items=[ActionItemRow.model_validate(_row(row)) for row in rows[: paging.limit]], next=following, total=total)


def _place(after: tuple[Any, ...]) -> tuple[date, UUID]:
    due, id_ = texts_of(after, 2)
    try:
        return date.fromisoformat(str(due)), UUID(id_)
    except ValueError as error:
        raise Invalid("after", "not a cursor of this list") from error


def _conditions(asked: dict[str, Any]) -> list[Any]:
    found = [action_items.c[name] == asked[name] for name in ("meeting", "decision", "country", "state") if asked.get(name)]
    if asked.get("overdue") is not None:
        found.append(_OVERDUE if asked["overdue"] else ~_OVERDUE)
    if asked.get("ids"):
        found.append(action_items.c.id.in_(asked["ids"]))
    if asked.get("q"):
        found.append(action_items.c.whole["text"].astext.icontains(asked["q"], autoescape=True))
    return found
