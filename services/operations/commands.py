"""What one can ask of operations: a function per intent; load, decide, save, say, all in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations import store
from services.operations.domain import Centre, Life, Work, identity
from shared import outbox
from shared.events import Event, Origin


async def plan_centre(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], opens: datetime) -> UUID:
    """A coordination centre is to be opened; raises `Conflict` where its reference is known already."""
    centre = _new_centre(origin, described, state="planned", opens=opens)
    await _advance(tx, origin, centre, centre.planned())
    return centre.life.id


async def record_centre(
    tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], opened: datetime, closed: datetime | None
) -> UUID:
    """A centre that was opened before it was known here; raises `Conflict` where its reference is known already."""
    centre = _new_centre(origin, described, state="open", opened=opened)
    centre = await _opened(tx, origin, centre, centre.recorded())
    if closed is not None:
        await close_centre(tx, origin, centre, closed)
    return centre.life.id


async def cancel_centre(tx: AsyncConnection, origin: Origin, centre: Centre, reason: str) -> None:
    """It will not be opened."""
    after, fact = centre.cancel(reason, origin.now)
    await _advance(tx, origin, after, fact, reason=reason)


async def open_centre(tx: AsyncConnection, origin: Origin, centre: Centre, at: datetime) -> None:
    """It works."""
    after, fact = centre.open(at, origin.now)
    await _opened(tx, origin, after, fact)


async def close_centre(tx: AsyncConnection, origin: Origin, centre: Centre, at: datetime) -> None:
    """Its work is done."""
    after, fact = centre.close(at, origin.now)
    await _advance(tx, origin, after, fact, at)


async def correct_centre(
    tx: AsyncConnection,
    origin: Origin,
    centre: Centre,
    *,
    corrects: UUID,
    work: Work,
    opened: datetime,
    closed: datetime | None,
    reason: str,
) -> None:
    """It worked otherwise than was said."""
    after, fact = centre.correct(corrects, work, opened, closed, origin.now, reason)
    await _advance(tx, origin, after, fact, opened, corrects=corrects, reason=reason)


async def retract_centre(tx: AsyncConnection, origin: Origin, centre: Centre, corrects: UUID, reason: str) -> None:
    """It was not opened after all."""
    after, fact = centre.retract(corrects, reason, origin.now)
    await _advance(tx, origin, after, fact, corrects=corrects, reason=reason)


def _new_centre(origin: Origin, described: Mapping[str, Any], state: str, **more: Any) -> Centre:
    reference, country = described["reference"], described["country"]
    life = Life(identity("centre", reference), reference, country, state, origin.now, exercise=origin.mode == "exercise")
    return Centre(life, described["title"], described["work"], **more)


async def _opened(tx: AsyncConnection, origin: Origin, after: Centre, fact: Event) -> Centre:
    event_id = await _advance(tx, origin, after, fact, after.opened or origin.now)
    counted = replace(after, opened_event=event_id)
    await store.remember(tx, counted)
    return counted


async def _advance(tx: AsyncConnection, origin: Origin, after: Centre, fact: Event, time: datetime | None = None, **beside: Any) -> UUID:
    life = after.life
    life.require_mode(origin.mode)
    await store.save(tx, after)
    when, known = time or life.recorded_at, life.recorded_at
    event_id = await outbox.add(tx, origin, fact, subject=life.id, version=life.version, time=when, recorded=known, country=life.country)
    await store.add_step(tx, after, event_id, fact.type, when, **beside)
    return event_id
