"""Facts in: every topic that feeds a figure, one batch at a time, in one transaction with the position."""

from collections.abc import Sequence

from fastapi import FastAPI
from faststream.kafka import KafkaRouter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.reporting.projections import FOLDING, Folded, incomplete, take, topics
from shared import kafka, watch
from shared.metrics import Metrics
from shared.offsets import Record

GROUP = "reporting"
# Facts and position are one transaction: what a crash of the database takes away is read again, so nobody waits for its disk.
_BEGIN = text("SELECT pg_advisory_xact_lock_shared(:lock), set_config('synchronous_commit', 'off', true)")


def reads(engine: AsyncEngine, metrics: Metrics) -> KafkaRouter:
    """The one subscriber of this service."""

    async def on_batch(records: Sequence[Record]) -> None:
        async with engine.begin() as tx:
            await tx.execute(_BEGIN, {"lock": FOLDING})
            folded = await take(tx, records)
        count(metrics, folded)

    return kafka.read(topics(), GROUP, engine, on_batch)


def count(metrics: Metrics, folded: Folded) -> None:
    """Only what was committed is counted."""
    metrics.count(folded.outcome)
    metrics.conflicts.inc(folded.conflicts)


async def watch_gaps(app: FastAPI) -> None:
    """Show how many histories lack a version, for ever."""

    async def look() -> None:
        async with app.state.engine.connect() as tx:
            app.state.metrics.gaps.set(await incomplete(tx))

    await watch.again(look, "gaps cannot be counted")
