"""Records as rows of facts.

Every record is exactly one of four: folded, a duplicate, parked with its reason, or skipped. An unknown type whose service is
one of ours, or a major of a known type that is newer than this release, is parked: it may count once we can read it.
What is said by nobody we know is skipped unread.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import instance_of, publisher_of
from shared.events import Attributes, Malformed, decoder, event_class
from shared.events import catalogue as published
from shared.offsets import Outcome, Record

Row = dict[str, Any]


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


OURS = frozenset(publisher_of(event.topic) for event in published().values())


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
    said = Attributes.read(record.headers)
    event = event_class(said.type)
    if event is None:
        _unknown(said.type)
        return None
    if event.topic != record.topic:
        raise Malformed(f"type {said.type} does not belong on {record.topic}")
    if record.key is None:
        raise Malformed("key is missing")
    if record.key != str(said.subject).encode():
        raise Malformed("key is not the subject")
    decoder(event)(record.value)
    return _said(said, record)


def _unknown(event_type: str) -> None:
    if publisher_of(event_type) not in OURS:
        return
    stem, _, major = event_type.rpartition(".v")
    if major.isdigit() and any(known.rpartition(".v")[0] == stem for known in published()):
        raise Malformed(f"future major: {event_type}")
    raise Malformed(f"unknown type: {event_type}")


def _said(said: Attributes, record: Record) -> Row:
    data = (record.value or b"").decode()
    # Read only where such a fact is: most carry none, and a stray field of that name elsewhere means nothing.
    corrects = json.loads(data)["corrects"] if said.type.rsplit(".", 2)[-2] in ("retracted", "corrected") else None
    return {
        "source": said.source,
        "subject": str(said.subject),
        "aggversion": said.aggversion,
        "id": str(said.id),
        "type": said.type,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "time": said.time.isoformat(),
        "recordedtime": said.recordedtime.isoformat(),
        "country": said.country,
        "instance": instance_of(said.source),
        "mode": said.mode,
        "classification": said.classification,
        "actor": said.actor,
        "correlationid": str(said.correlationid) if said.correlationid else None,
        "causationid": str(said.causationid) if said.causationid else None,
        "corrects": corrects,
        "data": data,
    }


_TYPES = {
    "source": "text", "subject": "uuid", "aggversion": "int", "id": "uuid", "type": "text", "topic": "text", "partition": "int",
    "offset": "bigint", "time": "timestamptz", "recordedtime": "timestamptz", "country": "text", "instance": "text", "mode": "text",
    "classification": "text", "actor": "text", "correlationid": "uuid", "causationid": "uuid", "corrects": "uuid", "data": "jsonb",
}  # fmt: skip
_ARRAYS = ", ".join(f"CAST(CAST(:{name} AS text[]) AS {kind}[])" for name, kind in _TYPES.items())
_COLUMNS = ", ".join(f'"{name}"' for name in _TYPES)
_INSERT = text(
    f'INSERT INTO facts ({_COLUMNS}) SELECT * FROM unnest({_ARRAYS}) ON CONFLICT DO NOTHING RETURNING topic, partition, "offset"'  # noqa: S608 - names of ours
)
_KNOWN = text(
    "SELECT 1 FROM facts WHERE source = :source AND subject = CAST(CAST(:subject AS text) AS uuid)"
    " AND aggversion = :aggversion AND id = CAST(CAST(:id AS text) AS uuid)"
)


async def _keep(tx: AsyncConnection, good: list[tuple[Record, Row]], folded: Folded) -> None:
    """All at once; where PostgreSQL refuses a value, one by one, so that only that one is parked."""
    if not good:
        return
    try:
        async with tx.begin_nested():
            inserted = await _insert(tx, [row for _, row in good])
    except DBAPIError as error:
        if not _value_refused(error):
            raise
        if len(good) == 1:
            folded.park(good[0][0], "a value that cannot be stored")
            return
        # Halving finds the few bad ones in few steps, however large the batch.
        half = len(good) // 2
        await _keep(tx, good[:half], folded)
        await _keep(tx, good[half:], folded)
        return
    for record, row in good:
        await _account(tx, record, row, folded, new=(record.topic, record.partition, record.offset) in inserted)


async def _account(tx: AsyncConnection, record: Record, row: Row, folded: Folded, *, new: bool) -> None:
    key = (record.topic, record.partition)
    recorded = Attributes.read(record.headers).recordedtime
    if new:
        folded.outcome.folded[key] += 1
    elif (await tx.execute(_KNOWN, {name: row[name] for name in ("source", "subject", "aggversion", "id")})).first():
        folded.outcome.duplicates[key] += 1
    else:
        folded.conflicts += 1
        folded.park(record, "conflict: another event has this source, subject and aggversion, or this id")
    folded.outcome.recordedtime[key] = max(recorded, folded.outcome.recordedtime.get(key, recorded))


async def _insert(tx: AsyncConnection, rows: list[Row]) -> set[tuple[str, int, int]]:
    arrays = {name: [None if row[name] is None else str(row[name]) for row in rows] for name in _TYPES}
    return {(t, p, o) for t, p, o in await tx.execute(_INSERT, arrays)}


def _value_refused(error: DBAPIError) -> bool:
    """SQLSTATE class 22: the data themselves; a text with NUL never reaches the server as such."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith("22") or (not state and "invalid" in str(error.orig).lower())
