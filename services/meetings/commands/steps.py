"""A step of a meeting or of an action item: saved, said and remembered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings import store
from services.meetings.domain import ActionItem, Meeting
from shared import exercises, steps
from shared.events import Event, Origin


async def advance(
    tx: AsyncConnection,
    origin: Origin,
    after: Meeting | ActionItem,
    fact: Event,
    time: datetime | None = None,
    event_id: UUID | None = None,
    **beside: Any,
) -> None:
    """Save the new state, say the fact, remember the step; it happened when it became known, unless `time` says otherwise.

    Raises `Conflict` where the mode is another.
    """
    exercises.require(after.exercise, origin.mode)
    await (store.save(tx, after) if isinstance(after, Meeting) else store.save_item(tx, after))
    when = time or after.recorded_at
    await steps.say(
        tx,
        origin,
        fact,
        subject=after.id,
        version=after.version,
        time=when,
        recorded=after.recorded_at,
        country=after.country,
        event_id=event_id,
        **beside,
    )
