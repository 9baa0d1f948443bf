"""Every step of what has a life: kept beside its newest state for ever, what happened when and since when we knew."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import outbox
from shared.events import Event, Origin


def table(metadata: MetaData) -> Table:
    """One row for each fact of a subject."""
    return Table(
        "steps",
        metadata,
        Column("subject", Uuid, primary_key=True),
        Column("version", Integer, primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("time", DateTime(timezone=True), nullable=False),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        Column("corrects", Uuid),
        Column("reason", Text),
    )


class Step(BaseModel):
    """One fact of a history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    corrects: UUID | None
    reason: str | None


_steps = table(MetaData())
_ADD = insert(_steps)
_OF = select(_steps).where(_steps.c.subject == bindparam("of")).order_by(_steps.c.version)


async def say(
    tx: AsyncConnection,
    origin: Origin,
    fact: Event,
    *,
    subject: UUID,
    version: int,
    time: datetime,
    recorded: datetime,
    country: str | None,
    event_id: UUID | None = None,
    **beside: Any,
) -> None:
    """Say a fact, as `outbox.add` does, and remember the step; `beside`: which fact it corrects, and why, where it does."""
    said = await outbox.add(
        tx, origin, fact, subject=subject, version=version, time=time, recorded=recorded, country=country, event_id=event_id
    )
    row = {"subject": subject, "version": version, "event_id": said, "type": fact.type, "time": time, "recorded_at": recorded}
    await tx.execute(_ADD, row | beside)


async def history(tx: AsyncConnection, subject: UUID) -> list[dict[str, Any]]:
    """Every step that led here, as `Step` takes it."""
    return [dict(step._mapping) for step in await tx.execute(_OF, {"of": subject})]
