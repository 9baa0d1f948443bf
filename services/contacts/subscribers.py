"""Facts in: what partners say, one batch at a time, in one transaction with the position."""

from collections.abc import Sequence

from faststream.kafka import KafkaRouter
from sqlalchemy.ext.asyncio import AsyncEngine

from services.contacts.projections import TOPICS, take
from shared import kafka
from shared.metrics import Metrics
from shared.offsets import Record

GROUP = "contacts"


def reads(engine: AsyncEngine, metrics: Metrics) -> KafkaRouter:
    """The one subscriber of this service."""

    async def on_batch(records: Sequence[Record]) -> None:
        async with engine.begin() as tx:
            outcome = await take(tx, records)
        # Only what was committed is counted.
        metrics.count(outcome)

    return kafka.read(TOPICS, GROUP, engine, on_batch, max_records=500)
