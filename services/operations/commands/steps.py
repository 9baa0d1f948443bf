"""A step of anything that lives here: saved, said and remembered."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations import store
from services.operations.domain import Life
from shared import exercises, steps
from shared.events import Event, Origin, subject_of


def born(origin: Origin, kind: str, state: str, *, reference: str | None, country: str | None) -> Life:
    """The life of something new."""
    id_ = subject_of("operations", kind, reference) if reference else uuid4()
    return Life(id_, reference, country, state, origin.now, exercise=origin.mode == "exercise")


async def advance(
    tx: AsyncConnection,
    origin: Origin,
    after: store.T,
    fact: Event,
    time: datetime | None = None,
    event_id: UUID | None = None,
    **beside: Any,
) -> None:
    """Save the new state, say the fact, remember the step. Raises `Conflict` where the mode is another."""
    life = after.life
    exercises.require(life.exercise, origin.mode)
    await store.save(tx, after)
    when = time or life.recorded_at
    await steps.say(
        tx,
        origin,
        fact,
        subject=life.id,
        version=life.version,
        time=when,
        recorded=life.recorded_at,
        country=life.country,
        event_id=event_id,
        **beside,
    )
