"""What one can ask of coordination centres."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.commands.steps import advance, born
from services.operations.domain import Centre, Work
from shared import outbox
from shared.events import Event, Origin


async def plan(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], opens: datetime) -> UUID:
    """A coordination centre is to be opened; raises `Conflict` where its reference is known already."""
    centre = _new(origin, described, state="planned", opens=opens)
    await advance(tx, origin, centre, centre.planned())
    return centre.life.id


async def record(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], opened: datetime, closed: datetime | None) -> UUID:
    """A centre that was opened before it was known here; raises `Conflict` where its reference is known already."""
    centre = _new(origin, described, state="open", opened=opened)
    centre = await _opened(tx, origin, centre, centre.recorded())
    if closed is not None:
        await close(tx, origin, centre, closed)
    return centre.life.id


async def cancel(tx: AsyncConnection, origin: Origin, centre: Centre, reason: str) -> None:
    """It will not be opened."""
    after, fact = centre.cancel(reason, origin.now)
    await advance(tx, origin, after, fact, reason=reason)


async def begin(tx: AsyncConnection, origin: Origin, centre: Centre, at: datetime) -> None:
    """It works."""
    after, fact = centre.open(at, origin.now)
    await _opened(tx, origin, after, fact)


async def close(tx: AsyncConnection, origin: Origin, centre: Centre, at: datetime) -> None:
    """Its work is done."""
    after, fact = centre.close(at, origin.now)
    await advance(tx, origin, after, fact, at)


async def correct(
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
    await advance(tx, origin, after, fact, opened, corrects=corrects, reason=reason)


async def retract(tx: AsyncConnection, origin: Origin, centre: Centre, corrects: UUID, reason: str) -> None:
    """It was not opened after all."""
    after, fact = centre.retract(corrects, reason, origin.now)
    await advance(tx, origin, after, fact, corrects=corrects, reason=reason)


def _new(origin: Origin, described: Mapping[str, Any], state: str, **more: Any) -> Centre:
    life = born(origin, "centre", state, reference=described["reference"], country=described["country"])
    return Centre(life, described["title"], described["work"], **more)


async def _opened(tx: AsyncConnection, origin: Origin, after: Centre, fact: Event) -> Centre:
    event_id = outbox.new_id()
    counted = replace(after, opened_event=event_id)
    await advance(tx, origin, counted, fact, after.opened or origin.now, event_id)
    return counted
