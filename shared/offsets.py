"""How far each topic is folded: kept in the reader's own database, in the transaction of the fold. Kafka's offsets follow."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, func, select, tuple_, update
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


async def _locked(tx: AsyncConnection, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
    place = (_offsets.c.topic, _offsets.c.partition)
    wanted = select(*place, _offsets.c.next_offset).where(tuple_(*place).in_(keys)).order_by(*place).with_for_update()
    return {(row.topic, row.partition): row.next_offset for row in await tx.execute(wanted)}


async def advance(tx: AsyncConnection, records: Iterable[Record], outcome: Outcome) -> None:
    """Move on past `records`; GREATEST, as a handler can still hold a batch of a partition that was taken from it."""
    ends: dict[tuple[str, int], int] = {}
    for record in records:
        key = (record.topic, record.partition)
        ends[key] = max(ends.get(key, 0), record.offset + 1)
    if not ends:
        return
    rows = [
        {
            "topic": key[0],
            "partition": key[1],
            "next_offset": end,
            "folded": outcome.folded[key],
            "duplicates": outcome.duplicates[key],
            "parked": outcome.parked[key],
            "skipped": outcome.skipped[key],
            "recordedtime": outcome.recordedtime.get(key),
        }
        for key, end in sorted(ends.items())
    ]
    new = insert(_offsets).values(rows)
    add = {name: _offsets.c[name] + new.excluded[name] for name in ("folded", "duplicates", "parked", "skipped")}
    latest = {name: func.greatest(_offsets.c[name], new.excluded[name]) for name in ("next_offset", "recordedtime")}
    keys = ["topic", "partition"]
    await tx.execute(new.on_conflict_do_update(index_elements=keys, set_={**latest, **add, "advanced_at": func.clock_timestamp()}))


async def no_longer_parked(tx: AsyncConnection, record: Record, outcome: Outcome) -> None:
    """A retried record moves from parked to what it became, so that every record stays exactly one of four."""
    key = (record.topic, record.partition)
    became = {name: _offsets.c[name] + getattr(outcome, name)[key] for name in ("folded", "duplicates", "skipped")}
    mine = (_offsets.c.topic == record.topic) & (_offsets.c.partition == record.partition)
    await tx.execute(update(_offsets).where(mine).values(parked=_offsets.c.parked - 1, **became))
