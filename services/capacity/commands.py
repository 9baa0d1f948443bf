"""What one can ask of capacity: a function per intent; load, decide, save, say, all in the caller's transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.capacity import store
from services.capacity.domain import Tool, moment_of
from shared import outbox
from shared.events import Event, Origin, start_of, subject_of


async def publish(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any], on: date | None) -> UUID:
    """A tool can be used, since a day or now; raises `Conflict` where its reference is known already."""
    time = moment_of(on, origin.now)
    id_ = subject_of("capacity", "tool", described["reference"])
    tool = Tool(id=id_, state="published", version=1, recorded_at=origin.now, **described)
    await _advance(tx, origin, tool, tool.published(), time, beside=beside)
    return id_


async def revise(tx: AsyncConnection, origin: Origin, tool: Tool, described: Mapping[str, Any], beside: Mapping[str, Any]) -> None:
    """Its whole new description."""
    after, fact = tool.revise(described, origin.now)
    await _advance(tx, origin, after, fact, after.recorded_at, beside=beside)


async def translate(tx: AsyncConnection, origin: Origin, tool: Tool, language: str) -> None:
    """It is there in a further language."""
    after, fact = tool.translate(language, origin.now)
    await _advance(tx, origin, after, fact, after.recorded_at)


async def adopt(tx: AsyncConnection, origin: Origin, tool: Tool, country: str, on: date) -> None:
    """A country uses it: that country's achievement."""
    after, fact = tool.adopt(country, on, origin.now)
    await _advance(tx, origin, after, fact, start_of(on), country=country)


async def withdraw(tx: AsyncConnection, origin: Origin, tool: Tool) -> None:
    """It can be used no longer."""
    after, fact = tool.withdraw(origin.now)
    await _advance(tx, origin, after, fact, after.recorded_at)


async def retract(tx: AsyncConnection, origin: Origin, tool: Tool, corrects: UUID, reason: str) -> None:
    """Take a fact back; `asof` before now still shows it."""
    step = await store.step(tx, tool.id, corrects)
    after, fact = tool.retract(step, reason, origin.now)
    await store.take_back(tx, corrects, after.recorded_at)
    country = step.country if step else None
    await _advance(tx, origin, after, fact, after.recorded_at, country=country, said={"corrects": corrects, "reason": reason})


async def _advance(
    tx: AsyncConnection,
    origin: Origin,
    after: Tool,
    fact: Event,
    time: datetime,
    *,
    country: str | None = None,
    beside: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
) -> None:
    await store.save(tx, after, beside)
    recorded = after.recorded_at
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=time, recorded=recorded, country=country)
    await store.add_step(tx, after, event_id, fact.type, time, country=country, **said or {})
