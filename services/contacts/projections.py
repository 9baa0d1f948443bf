"""What partners say of themselves, of instruments and of legal bases, kept as it was said: a late or repeated fact changes nothing.

What was said in an exercise is left out: the gate is opened and shut by what is real alone.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.tables import partner_facts
from shared import db, intake
from shared.events import Event, Malformed, careful
from shared.events.partners import INSTRUMENTS, LEGAL_BASES, PARTNERS, PUBLISHED
from shared.offsets import Outcome, Record
from shared.records import known

TOPICS = (PARTNERS, INSTRUMENTS, LEGAL_BASES)
TAKEN_IN: tuple[type[Event], ...] = tuple(event for events in PUBLISHED.values() for event in events)
READ = {event: careful(event) for event in TAKEN_IN}


async def take(tx: AsyncConnection, records: Sequence[Record]) -> Outcome:
    """Take in what is unread, park what cannot be read, move on: all or nothing."""
    outcome = Outcome()
    await intake.each(tx, records, lambda record: _one(tx, record, outcome), outcome)
    return outcome


async def retry(tx: AsyncConnection, id_: UUID, by: str) -> None:
    """Take a parked record in once more; where it fails again it stays open with the newest reason."""

    async def one(record: Record) -> Outcome:
        outcome = Outcome()
        await _one(tx, record, outcome)
        return outcome

    await intake.again(tx, id_, by, one)


async def _one(tx: AsyncConnection, record: Record, outcome: Outcome) -> None:
    place, met = (record.topic, record.partition), known(record)
    if met is None or met[1] not in READ:
        outcome.skipped[place] += 1
        return
    said, event = met
    if said.mode == "exercise":
        outcome.skipped[place] += 1
        return
    if not record.value:
        raise Malformed("value is empty")
    data = READ[event](record.value).model_dump(mode="json")
    row = {"subject": said.subject, "version": said.aggversion, "event_id": said.id, "topic": event.topic, "type": event.type}
    row |= {"time": said.time, "country": data.get("country"), "corrects": data.get("corrects"), "data": data}
    try:
        # A value that PostgreSQL refuses takes nothing but itself along.
        async with tx.begin_nested():
            kept = (await tx.execute(insert(partner_facts).values(row).on_conflict_do_nothing().returning(partner_facts.c.subject))).first()
    except DBAPIError as error:
        if not db.value_refused(error):
            raise
        raise Malformed("a value that cannot be stored") from error
    (outcome.folded if kept else outcome.duplicates)[place] += 1
    outcome.recordedtime[place] = max(said.recordedtime, outcome.recordedtime.get(place, said.recordedtime))
