"""Records as rows of facts.

Every record is exactly one of four: folded, a duplicate, parked with its reason, or skipped. An unknown type whose service is
one of ours, or a major of a known type that is newer than this release, is parked: it may count once we can read it.
What is said by nobody we know is skipped unread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import instance_of
from services.reporting.projections import gaps
from services.reporting.projections.rows import Row, arrays
from shared import db
from shared.events import Attributes, Event, Malformed, decoder
from shared.offsets import Outcome, Record
from shared.records import known

Place = tuple[str, int, int]


@dataclass(slots=True)
class Folded:
    """What became of a batch: counts for `offsets`, letters for `dead_letters`, and how many contradicted another."""

    outcome: Outcome = field(default_factory=Outcome)
    letters: list[tuple[Record, str]] = field(default_factory=list)
    conflicts: int = 0

    def park(self, record: Record, reason: str) -> None:
        """It counts nowhere until somebody decides."""
        self.outcome.parked[record.topic, record.partition] += 1
        self.letters.append((record, reason))


async def fold(tx: AsyncConnection, records: Sequence[Record]) -> Folded:
    """Take a batch in; one bad record never harms its neighbours."""
    folded = Folded()
    good: list[tuple[Record, Row]] = []
    for record in records:
        try:
            row = _row(record)
        except Malformed as reason:
            folded.park(record, str(reason))
            continue
        if row is None:
            folded.outcome.skipped[record.topic, record.partition] += 1
        else:
            good.append((record, row))
    await _keep(tx, good, folded)
    return folded


def _row(record: Record) -> Row | None:
    """A record as a row; None where it is not ours to know; raises `Malformed` with the reason."""
    if record.value is None:
        raise Malformed("tombstone on a fact topic")
    if not record.value:
        raise Malformed("value is empty")
    met = known(record)
    if met is None:
        return None
    said, event = met
    data, corrects = _read(event, record.value)
    return _said(said, record) | {"data": data, "corrects": corrects}


def _read(event: type[Event], value: bytes) -> tuple[str, Any]:
    """The value as text, and which event it corrects; raises `Malformed`."""
    try:
        # All of it: what decodes the fields we know passes over the rest unread.
        data = value.decode()
        payload = decoder(event)(value)
    except UnicodeDecodeError as error:
        raise Malformed("value is not UTF-8") from error
    except RecursionError as error:
        raise Malformed("value is nested too deeply") from error
    return data, getattr(payload, "corrects", None)


def _said(said: Attributes, record: Record) -> Row:
    return {
        "source": said.source,
        "subject": said.subject,
        "aggversion": said.aggversion,
        "id": said.id,
        "type": said.type,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "time": _utc("time", said.time),
        "recordedtime": _utc("recordedtime", said.recordedtime),
        "country": said.country,
        "instance": instance_of(said.source),
        "mode": said.mode,
        "classification": said.classification,
        "actor": said.actor,
        "correlationid": said.correlationid,
        "causationid": said.causationid,
    }


def _utc(name: str, at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Malformed(f"attribute {name} lies outside of every calendar") from error


_TYPES = {
    "source": "text", "subject": "uuid", "aggversion": "int", "id": "uuid", "type": "text", "topic": "text", "partition": "int",
    "offset": "bigint", "time": "timestamptz", "recordedtime": "timestamptz", "country": "text", "instance": "text", "mode": "text",
    "classification": "text", "actor": "text", "correlationid": "uuid", "causationid": "uuid", "corrects": "uuid", "data": "jsonb",
}  # fmt: skip
_KEY = ("source", "subject", "aggversion", "id")


def _arrays(*names: str) -> str:
    return ", ".join(f"CAST(CAST(:{name} AS text[]) AS {_TYPES[name]}[])" for name in names)


_COLUMNS = ", ".join(f'"{name}"' for name in _TYPES)
_INSERT = text(
    f'INSERT INTO facts ({_COLUMNS}) SELECT * FROM unnest({_arrays(*_TYPES)}) ON CONFLICT DO NOTHING RETURNING topic, partition, "offset"'  # noqa: S608 - names of ours
)
_KNOWN = text(
    f"SELECT n FROM unnest({_arrays(*_KEY)}) WITH ORDINALITY AS met ({', '.join(_KEY)}, n) JOIN facts USING ({', '.join(_KEY)})"  # noqa: S608 - names of ours
)


async def _keep(tx: AsyncConnection, good: list[tuple[Record, Row]], folded: Folded) -> None:
    """All at once; where PostgreSQL refuses a value, one by one, so that only that one is parked."""
    if not good:
        return
    try:
        async with tx.begin_nested():
            inserted = await _insert(tx, [row for _, row in good])
    except DBAPIError as error:
        if not db.value_refused(error):
            raise
        if len(good) == 1:
            folded.park(good[0][0], "a value that cannot be stored")
            return
        # Halving finds the few bad ones in few steps, however large the batch.
        half = len(good) // 2
        await _keep(tx, good[:half], folded)
        await _keep(tx, good[half:], folded)
        return
    _count(good, inserted, folded)
    await _met_again(tx, [(record, row) for record, row in good if _place(record) not in inserted], folded)
    await gaps.found(tx, [row for record, row in good if _place(record) in inserted])


def _count(good: list[tuple[Record, Row]], inserted: set[Place], folded: Folded) -> None:
    outcome = folded.outcome
    for record, row in good:
        key, recorded = (record.topic, record.partition), row["recordedtime"]
        outcome.folded[key] += _place(record) in inserted
        outcome.recordedtime[key] = max(recorded, outcome.recordedtime.get(key, recorded))


async def _met_again(tx: AsyncConnection, again: list[tuple[Record, Row]], folded: Folded) -> None:
    """What was there before: the very same event is a duplicate, another one in its place is a conflict."""
    if not again:
        return
    known = set((await tx.execute(_KNOWN, arrays([row for _, row in again], _KEY))).scalars())
    for n, (record, _) in enumerate(again, 1):
        if n in known:
            folded.outcome.duplicates[record.topic, record.partition] += 1
        else:
            folded.conflicts += 1
            folded.park(record, "conflict: another event has this source, subject and aggversion, or this id")


async def _insert(tx: AsyncConnection, rows: list[Row]) -> set[Place]:
    return {(t, p, o) for t, p, o in await tx.execute(_INSERT, arrays(rows, _TYPES))}


def _place(record: Record) -> Place:
    return record.topic, record.partition, record.offset
