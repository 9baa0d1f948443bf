"""Facts in: every topic that feeds a figure, one batch at a time, in one transaction with the position."""

from collections.abc import Sequence

from faststream.kafka import KafkaRouter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.reporting import projections
from shared import dead_letters, kafka, offsets
from shared.events import catalogue
from shared.metrics import Metrics
from shared.offsets import Record

GROUP = "reporting"
FOLDING = 730_012
"""Advisory lock: shared by every live batch, exclusive while a rebuilt schema takes the place of the old one."""


def topics() -> list[str]:
    """Every fact topic there is; figures need no persons."""
    return sorted({event.topic for event in catalogue().values() if event.classification != "personal"})


async def take(tx: AsyncConnection, records: Sequence[Record]) -> projections.Folded:
    """Fold what is unread, park what cannot be, move on: all or nothing."""
    fresh = await offsets.unread(tx, records)
    folded = await projections.fold(tx, fresh)
    # In parts: PostgreSQL takes 32,767 parameters in a statement, and a whole batch may be bad.
    for first in range(0, len(folded.letters), 1000):
        await dead_letters.park(tx, folded.letters[first : first + 1000])
    await offsets.advance(tx, fresh, folded.outcome)
    return folded


def reads(engine: AsyncEngine, metrics: Metrics) -> KafkaRouter:
    """The one subscriber of this service."""

    async def on_batch(records: Sequence[Record]) -> None:
        async with engine.begin() as tx:
            await tx.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": FOLDING})
            folded = await take(tx, records)
        count(metrics, folded)

    return kafka.read(topics(), GROUP, engine, on_batch)


def count(metrics: Metrics, folded: projections.Folded) -> None:
    """Only what was committed is counted."""
    outcome = folded.outcome
    for counter, counted in ((metrics.folded, outcome.folded), (metrics.duplicates, outcome.duplicates), (metrics.parked, outcome.parked)):
        for (topic, _), number in counted.items():
            counter.labels(topic).inc(number)
    metrics.conflicts.inc(folded.conflicts)
