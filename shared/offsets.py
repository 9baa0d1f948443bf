"""How far each topic is folded: kept in the reader's own database, in the transaction of the fold. Kafka's offsets follow."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


def table(metadata: MetaData, schema: str | None = None) -> Table:
    """One row per partition: `folded + duplicates + parked + skipped = next_offset`."""
    return Table(
        "offsets",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("next_offset", BigInteger, nullable=False),
        Column("folded", BigInteger, nullable=False),
        Column("duplicates", BigInteger, nullable=False),
        Column("parked", BigInteger, nullable=False),
        Column("skipped", BigInteger, nullable=False),
        Column("recordedtime", DateTime(timezone=True)),
        Column("advanced_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        schema=schema,
    )


_offsets = table(MetaData())


class Record(Protocol):
    """A record as it was read, or as it was parked."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    timestamp: int


R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Outcome:
    """What became of each record of a batch, by (topic, partition): every record is exactly one of four."""

    folded: Counter[tuple[str, int]] = field(default_factory=Counter)
    duplicates: Counter[tuple[str, int]] = field(default_factory=Counter)
    parked: Counter[tuple[str, int]] = field(default_factory=Counter)
    skipped: Counter[tuple[str, int]] = field(default_factory=Counter)
    recordedtime: dict[tuple[str, int], datetime] = field(default_factory=dict)


async def positions(tx: AsyncConnection) -> dict[tuple[str, int], int]:
    """The next offset to read, by (topic, partition)."""
    rows = await tx.execute(select(_offsets.c.topic, _offsets.c.partition, _offsets.c.next_offset))
    return {(row.topic, row.partition): row.next_offset for row in rows}


async def unread(tx: AsyncConnection, records: Sequence[R]) -> list[R]:
    """Those records that this database has not taken in yet, locked against a second reader of the same partitions."""
    keys = sorted({(r.topic, r.partition) for r in records})
    known = await _locked(tx, keys)
    if new := [key for key in keys if key not in known]:
        # A row that is not there cannot be locked: two readers would both take in the first batch of such a partition.
        rows = [{"topic": topic, "partition": partition, **_NOTHING} for topic, partition in new]
        await tx.execute(insert(_offsets).values(rows).on_conflict_do_nothing())
        known |= await _locked(tx, new)
    return [r for r in records if r.offset >= known[r.topic, r.partition]]


_NOTHING = dict.fromkeys(("next_offset", "folded", "duplicates", "parked", "skipped"), 0)


# Statements that stay the same for any number of partitions: with SQLAlchemy, making one anew costs more than a small batch's execution.
_LOCK = text("""SELECT topic, partition, next_offset FROM offsets
    JOIN unnest(CAST(:topics AS text[]), CAST(:partitions AS int[])) AS wanted (topic, partition) USING (topic, partition)
    ORDER BY topic, partition FOR UPDATE OF offsets""")
_COUNTS = ("folded", "duplicates", "parked", "skipped")
_ADVANCE = text(f"""INSERT INTO offsets AS known (topic, partition, next_offset, {", ".join(_COUNTS)}, recordedtime)
    SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]), CAST(:ends AS bigint[]),
        {", ".join(f"CAST(:{name} AS bigint[])" for name in _COUNTS)}, CAST(:recordedtime AS timestamptz[]))
    ON CONFLICT (topic, partition) DO UPDATE SET next_offset = greatest(known.next_offset, excluded.next_offset),
        {", ".join(f"{name} = known.{name} + excluded.{name}" for name in _COUNTS)},
        recordedtime = greatest(known.recordedtime, excluded.recordedtime), advanced_at = clock_timestamp()""")  # noqa: S608 - names of ours


def _arrays(keys: Sequence[tuple[str, int]]) -> dict[str, list[str] | list[int]]:
    return {"topics": [topic for topic, _ in keys], "partitions": [partition for _, partition in keys]}


async def _locked(tx: AsyncConnection, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
    return {(row.topic, row.partition): row.next_offset for row in await tx.execute(_LOCK, _arrays(keys))}


async def advance(tx: AsyncConnection, records: Iterable[Record], outcome: Outcome) -> None:
    """Move on past `records`; GREATEST, as a handler can still hold a batch of a partition that was taken from it."""
    ends: dict[tuple[str, int], int] = {}
    for record in records:
        key = (record.topic, record.partition)
        ends[key] = max(ends.get(key, 0), record.offset + 1)
    if not ends:
        return
    keys = sorted(ends)
    counts = {name: [getattr(outcome, name)[key] for key in keys] for name in _COUNTS}
    known = [outcome.recordedtime.get(key) for key in keys]
    await tx.execute(_ADVANCE, {**_arrays(keys), **counts, "ends": [ends[key] for key in keys], "recordedtime": known})


async def no_longer_parked(tx: AsyncConnection, record: Record, outcome: Outcome) -> None:
    """A retried record moves from parked to what it became, so that every record stays exactly one of four."""
    key = (record.topic, record.partition)
    became = {name: _offsets.c[name] + getattr(outcome, name)[key] for name in ("folded", "duplicates", "skipped")}
    mine = (_offsets.c.topic == record.topic) & (_offsets.c.partition == record.partition)
    await tx.execute(update(_offsets).where(mine).values(parked=_offsets.c.parked - 1, **became))
