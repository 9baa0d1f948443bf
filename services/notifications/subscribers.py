"""Facts in: one batch at a time, in one transaction with the position; then whoever sends mails is woken."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from faststream.kafka import KafkaRouter
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifications.gateways import Mails
from services.notifications.projections import TOPICS, Taken, take
from shared import kafka
from shared.metrics import Metrics
from shared.offsets import Record

GROUP = "notifications"


def reader(young: timedelta, mails: Mails, queued: asyncio.Event) -> Callable[[AsyncEngine, Metrics], KafkaRouter]:
    """Makes the one subscriber of this service."""

    def reads(engine: AsyncEngine, metrics: Metrics) -> KafkaRouter:
        async def on_batch(records: Sequence[Record]) -> None:
            async with engine.begin() as tx:
                taken = await take(tx, records, datetime.now(UTC), young)
            _count(metrics, mails, taken)
            queued.set()

        return kafka.read(TOPICS, GROUP, engine, on_batch, max_records=500)

    return reads


def _count(metrics: Metrics, mails: Mails, taken: Taken) -> None:
    """Only what was committed is counted."""
    metrics.count(taken.outcome)
    for reason, number in taken.suppressed.items():
        mails.suppressed.labels(reason).inc(number)
