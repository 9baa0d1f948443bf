"""What one can ask of a meeting: from its proposal to its correction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.commands.steps import advance
from services.meetings.domain import Delegation, Held, Meeting, Slot
from shared import outbox
from shared.events import Event, Origin, subject_of


async def propose(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], delegations: Sequence[Delegation]) -> UUID:
    """Somebody asks for a meeting; raises `Conflict` where its reference is known already."""
    meeting = _new(origin, described, state="proposed", delegations=tuple(delegations))
    await advance(tx, origin, meeting, meeting.proposed(), meeting.recorded_at)
    return meeting.id


async def record_held(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], held: Held) -> UUID:
    """A meeting that took place before it was known here; raises `Conflict` where its reference is known already."""
    delegations = tuple(Delegation(country, (), 1) for country in held.countries)
    meeting = _new(origin, described, state="held", held=held, delegations=delegations)
    await _held(tx, origin, meeting, meeting.recorded())
    return meeting.id


async def add_delegation(tx: AsyncConnection, origin: Origin, meeting: Meeting, delegation: Delegation) -> None:
    """Seats for a country."""
    after, fact = meeting.add(delegation, origin.now)
    await advance(tx, origin, after, fact, after.recorded_at)


async def schedule(tx: AsyncConnection, origin: Origin, meeting: Meeting, slot: Slot) -> None:
    """Give it a time, or another time."""
    after, fact = meeting.schedule(slot, origin.now)
    await advance(tx, origin, after, fact, after.recorded_at)


async def cancel(tx: AsyncConnection, origin: Origin, meeting: Meeting, reason: str) -> None:
    """It will not take place."""
    after, fact = meeting.cancel(reason, origin.now)
    await advance(tx, origin, after, fact, after.recorded_at, reason=reason)


async def hold(tx: AsyncConnection, origin: Origin, meeting: Meeting, held: Held) -> None:
    """It took place."""
    after, fact = meeting.hold(held, origin.now)
    await _held(tx, origin, after, fact)


async def record_attendance(
    tx: AsyncConnection,
    origin: Origin,
    meeting: Meeting,
    *,
    categories: Mapping[str, int],
    countries: Sequence[str],
    organisations: Sequence[str],
) -> None:
    """Who was there."""
    after, fact = meeting.record_attendance(categories, countries, organisations, origin.now)
    await advance(tx, origin, after, fact, _began(after))


async def reclassify(tx: AsyncConnection, origin: Origin, meeting: Meeting, crime_types: Sequence[str], reason: str) -> None:
    """It was about other crime types."""
    after, fact = meeting.reclassify(crime_types, reason, origin.now)
    await advance(tx, origin, after, fact, _began(after), reason=reason)


async def correct(tx: AsyncConnection, origin: Origin, meeting: Meeting, *, corrects: UUID, held: Held, kind: str, reason: str) -> None:
    """It took place otherwise than was said."""
    after, fact = meeting.correct(corrects, held, kind, reason, origin.now)
    await advance(tx, origin, after, fact, held.started, corrects=corrects, reason=reason)


async def retract(tx: AsyncConnection, origin: Origin, meeting: Meeting, corrects: UUID, reason: str) -> None:
    """It did not take place after all."""
    after, fact = meeting.retract(corrects, reason, origin.now)
    await advance(tx, origin, after, fact, after.recorded_at, corrects=corrects, reason=reason)


def _new(origin: Origin, described: Mapping[str, Any], **more: Any) -> Meeting:
    reference = described["reference"]
    id_ = subject_of("meetings", "meeting", reference) if reference else uuid4()
    return Meeting(id=id_, version=1, recorded_at=origin.now, exercise=origin.mode == "exercise", **described, **more)


def _began(meeting: Meeting) -> datetime:
    return meeting.held.started if meeting.held else meeting.recorded_at


async def _held(tx: AsyncConnection, origin: Origin, after: Meeting, fact: Event) -> None:
    event_id = outbox.new_id()
    await advance(tx, origin, replace(after, held_event=event_id), fact, _began(after), event_id)
