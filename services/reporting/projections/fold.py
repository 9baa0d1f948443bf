"""A batch of records folded into facts.

Every record is exactly one of four: folded, a duplicate, parked with its reason, or skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections import gaps
from services.reporting.projections.judge import row_of
from services.reporting.projections.rows import COLUMNS, Row
from shared import db
from shared.events import Malformed
from shared.offsets import Outcome, Record

Good = list[tuple[Record, Row]]
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
    good: Good = []
    for record in records:
        try:
            row = row_of(record)
        except Malformed as reason:
            folded.park(record, str(reason))
            continue
        if row is None:
            folded.outcome.skipped[record.topic, record.partition] += 1
        else:
            good.append((record, row))
    await _keep(tx, good, folded)
    return folded


async def _keep(tx: AsyncConnection, good: Good, folded: Folded) -> None:
    """All at once; where PostgreSQL refuses a value, one by one, so that only that one is parked."""
    if not good:
        return
    try:
        async with tx.begin_nested():
            kept = await _copy(tx, [row for _, row in good])
    except (DBAPIError, asyncpg.PostgresError) as error:
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
    await _met_again(tx, _count(good, kept, folded.outcome), folded)


# COPY takes rows in at a third of what parameters cost, but knows no ON CONFLICT: they come in beside the facts first.
_COMING = text("CREATE TEMPORARY TABLE IF NOT EXISTS coming (LIKE facts) ON COMMIT DELETE ROWS")
_KEEP = text(f"""WITH new AS (
    INSERT INTO facts ({COLUMNS}) SELECT {COLUMNS} FROM coming ON CONFLICT DO NOTHING
    RETURNING source, subject, aggversion, topic, partition, "offset"
), {gaps.FOUND} SELECT topic, partition, array_agg("offset") FROM new GROUP BY topic, partition""")  # noqa: S608 - names of ours


async def _copy(tx: AsyncConnection, rows: Sequence[Row]) -> dict[Partition, set[int]]:
    """Keep what is new; its places."""
    await tx.execute(_COMING)
    driver: Any = (await tx.get_raw_connection()).driver_connection
    await driver.copy_records_to_table("coming", records=rows, columns=Row._fields)
    return {(topic, partition): set(offsets) for topic, partition, offsets in await tx.execute(_KEEP)}


def _count(good: Good, kept: Mapping[Partition, set[int]], outcome: Outcome) -> Good:
    """Note what was kept, and how far we know; returns those that were met again."""
    again: Good = []
    for partition, offsets in kept.items():
        outcome.folded[partition] += len(offsets)
    for record, row in good:
        partition = (record.topic, record.partition)
        if record.offset not in kept.get(partition, ()):
            again.append((record, row))
        known = outcome.recordedtime.get(partition)
        if known is None or known < row.recordedtime:
            outcome.recordedtime[partition] = row.recordedtime
    return again


_KNOWN = text("""SELECT n FROM unnest(CAST(:source AS text[]), CAST(:subject AS uuid[]), CAST(:aggversion AS int[]), CAST(:id AS uuid[]))
    WITH ORDINALITY AS met (source, subject, aggversion, id, n) JOIN facts USING (source, subject, aggversion, id)""")


async def _met_again(tx: AsyncConnection, again: Good, folded: Folded) -> None:
    """What was there before: the very same event is a duplicate, another one in its place is a conflict."""
    if not again:
        return
    keys = {name: [getattr(row, name) for _, row in again] for name in ("source", "subject", "aggversion", "id")}
    known = set((await tx.execute(_KNOWN, keys)).scalars())
    for n, (record, _) in enumerate(again, 1):
        if n in known:
            folded.outcome.duplicates[record.topic, record.partition] += 1
        else:
            folded.conflicts += 1
            folded.park(record, "conflict: another event has this source, subject and aggversion, or this id")
