"""Facts in: every topic that feeds a figure, one batch at a time, in one transaction with the position."""

import asyncio
from collections.abc import Sequence

import structlog
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
log = structlog.get_logger(__name__)


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
    """Show how many histories lack a version, for ever; while the database is away the gauge keeps its last value."""
    while True:
        try:
            async with app.state.engine.connect() as tx:
                app.state.metrics.gaps.set(await incomplete(tx))
        except Exception as error:  # noqa: BLE001 - readiness says that the database is away
            log.debug("gaps cannot be counted", reason=type(error).__name__)
        await asyncio.sleep(watch.EVERY_S)
