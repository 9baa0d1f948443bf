"""Facts in: every topic that feeds a figure, one batch at a time, in one transaction with the position."""

from collections.abc import Sequence

from faststream.kafka import KafkaRouter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.reporting.projections import FOLDING, Folded, take, topics
from shared import kafka
from shared.metrics import Metrics
from shared.offsets import Record

GROUP = "reporting"


def reads(engine: AsyncEngine, metrics: Metrics) -> KafkaRouter:
    """The one subscriber of this service."""

    async def on_batch(records: Sequence[Record]) -> None:
        async with engine.begin() as tx:
            await tx.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": FOLDING})
            folded = await take(tx, records)
        count(metrics, folded)

    return kafka.read(topics(), GROUP, engine, on_batch)


def count(metrics: Metrics, folded: Folded) -> None:
    """Only what was committed is counted."""
    outcome = folded.outcome
    for counter, counted in ((metrics.folded, outcome.folded), (metrics.duplicates, outcome.duplicates), (metrics.parked, outcome.parked)):
        for (topic, _), number in counted.items():
            counter.labels(topic).inc(number)
    metrics.conflicts.inc(folded.conflicts)
