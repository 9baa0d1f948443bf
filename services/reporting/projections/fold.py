"""A batch of records folded into facts.

Every record is exactly one of four: folded, a duplicate, parked with its reason, or skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections import gaps
from services.reporting.projections.judge import row_of
from services.reporting.projections.rows import COLUMNS, NAMES, Row
from shared import db
from shared.events import Malformed
from shared.offsets import Outcome, Record

Partition = tuple[str, int]


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
    rows: list[Row] = []
    for record in records:
        try:
            row = row_of(record)
        except Malformed as reason:
            folded.park(record, str(reason))
            continue
        if row is None:
            folded.outcome.skipped[record.topic, record.partition] += 1
        else:
            rows.append(row)
    if rows:
        await tx.execute(_COMING)
        await _keep(tx, rows, folded)
    return folded


async def _keep(tx: AsyncConnection, rows: Sequence[Row], folded: Folded) -> None:
    """All at once; where PostgreSQL refuses a value, one by one, so that only that one is parked."""
    try:
        async with tx.begin_nested():
            kept = await _copy(tx, rows)
    except (DBAPIError, asyncpg.PostgresError) as error:
        if not db.value_refused(error):
            raise
        if len(rows) == 1:
            folded.park(rows[0].record, "a value that cannot be stored")
            return
        # Halving finds the few bad ones in few steps, however large the batch.
        half = len(rows) // 2
        await _keep(tx, rows[:half], folded)
        await _keep(tx, rows[half:], folded)
        return
    await _met_again(tx, _count(rows, kept, folded.outcome), folded)


# COPY takes rows in at a third of what parameters cost, but knows no ON CONFLICT: they come in beside the facts first.
_COMING = text("CREATE TEMPORARY TABLE IF NOT EXISTS coming (LIKE facts) ON COMMIT DELETE ROWS")
_KEEP = text(f"""WITH new AS (
    INSERT INTO facts ({COLUMNS}) SELECT {COLUMNS} FROM coming ON CONFLICT DO NOTHING
    RETURNING source, subject, aggversion, topic, partition, "offset"
), {gaps.FOUND} SELECT topic, partition, array_agg("offset") FROM new GROUP BY topic, partition""")  # noqa: S608 - names of ours


async def _copy(tx: AsyncConnection, rows: Sequence[Row]) -> dict[Partition, set[int]]:
    """Keep what is new; its places."""
    driver: Any = (await tx.get_raw_connection()).driver_connection
    lines = BytesIO("\n".join(row.line for row in rows).encode())
    await driver.copy_to_table("coming", source=lines, columns=NAMES, null="")
    return {(topic, partition): set(offsets) for topic, partition, offsets in await tx.execute(_KEEP)}


def _count(rows: Sequence[Row], kept: Mapping[Partition, set[int]], outcome: Outcome) -> list[Row]:
    """Note what was kept, and how far we know; returns those that were met again."""
    again: list[Row] = []
    for partition, offsets in kept.items():
        outcome.folded[partition] += len(offsets)
    for row in rows:
        partition = (row.record.topic, row.record.partition)
        if row.record.offset not in kept.get(partition, ()):
            again.append(row)
        known = outcome.recordedtime.get(partition)
        if known is None or known < row.recordedtime:
            outcome.recordedtime[partition] = row.recordedtime
    return again


# Only what was not kept is looked up: `coming` still holds it.
_KNOWN = text("""SELECT coming.topic, coming.partition, coming."offset" FROM coming JOIN facts USING (source, subject, aggversion, id)
    WHERE (coming.topic, coming.partition, coming."offset") IN (
        SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]), CAST(:offsets AS bigint[])))""")


async def _met_again(tx: AsyncConnection, again: Sequence[Row], folded: Folded) -> None:
    """What was there before: the very same event is a duplicate, another one in its place is a conflict."""
    if not again:
        return
    places = [(row.record.topic, row.record.partition, row.record.offset) for row in again]
    topics, partitions, offsets = map(list, zip(*places, strict=True))
    known = set(map(tuple, await tx.execute(_KNOWN, {"topics": topics, "partitions": partitions, "offsets": offsets})))
    for row, place in zip(again, places, strict=True):
        if place in known:
            folded.outcome.duplicates[place[:2]] += 1
        else:
            folded.conflicts += 1
            folded.park(row.record, "conflict: another event has this source, subject and aggversion, or this id")
