"""What is shown of mails: when, about what, to whose contact point, and what became of it. No address stands here, nor anywhere else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.domain import Kind, State, SubjectType
from services.notifications.tables import deliveries
from shared.errors import Invalid, NotFound
from shared.web import Page, cursor_of
from shared.web.values import Json


class DeliveryRow(BaseModel):
    """One mail to one contact point; without one, there was nobody to write to in that country."""

    id: UUID
    event_id: UUID
    """The fact it tells."""
    subject_type: SubjectType
    """What it is about: a meeting it invites to, an entry of the directory, or an enquiry."""
    subject_id: UUID
    contact_point_id: UUID | None
    person_ref: UUID | None
    country: str | None
    kind: Kind
    sequence: int | None
    """Of the calendar's invitation, where it is one."""
    state: State
    reason: str | None
    """Why nobody gets it, or why the last try failed."""
    attempts: int
    queued_at: AwareDatetime
    next_at: AwareDatetime | None
    """When it is tried next, while it is queued."""
    ended_at: AwareDatetime | None


class DeliveryPage(DeliveryRow):
    """One mail with what it says."""

    about: dict[str, Json]
    """Its subject as it was when the fact was taken in."""


def _row(row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in DeliveryRow.model_fields if name != "sequence"}
    return shown | {"sequence": row.about.get("sequence"), "next_at": row.next_at if row.state == "queued" else None}


async def delivery(tx: AsyncConnection, id_: UUID) -> DeliveryPage:
    """One mail; raises `NotFound`."""
    row = (await tx.execute(select(deliveries).where(deliveries.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No delivery {id_}")
    return DeliveryPage.model_validate(_row(row) | {"about": row.about})


async def listed(
    tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, since: datetime | None, **asked: Any
) -> Page[DeliveryRow]:
    """Mails that match, the newest first."""
    conditions = [deliveries.c[name] == value for name, value in asked.items() if value is not None]
    if since is not None:
        conditions.append(deliveries.c.queued_at >= since)
    total = (await tx.execute(select(func.count()).select_from(deliveries).where(*conditions))).scalar_one()
    wanted = select(deliveries).where(*conditions)
    if after is not None:
        if len(after) != 1 or not isinstance(after[0], int):
            raise Invalid("after", "not a cursor of this list")
        wanted = wanted.where(deliveries.c.number < after[0])
    rows = (await tx.execute(wanted.order_by(deliveries.c.number.desc()).limit(limit + 1))).all()
    items = [DeliveryRow.model_validate(_row(row)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(rows[limit - 1].number) if len(rows) > limit else None, total=total)
