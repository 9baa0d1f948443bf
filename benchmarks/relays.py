"""The contenders of the relays' race, each in a process of its own; prints the seconds it took."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress

import uvloop

from benchmarks.feed import Feed
from shared import kafka, relay
from shared.metrics import Metrics

AWAITED = 10_000
Relay = Callable[[str, str, str, int], Coroutine[None, None, float]]


async def ours(url: str, servers: str, topic: str, rows: int) -> float:
    """The product's relay, as a service runs it."""
    metrics = Metrics("bench")
    began = time.perf_counter()
    task = asyncio.create_task(relay.relay(url.replace("+asyncpg", ""), servers, "bench", asyncio.Event(), metrics))
    while (metrics.registry.get_sample_value("outbox_relayed_total") or 0) < rows:  # noqa: ASYNC110 - the product raises no event
        await asyncio.sleep(0.005)
    took = time.perf_counter() - began
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return took


async def bare(url: str, servers: str, topic: str, rows: int) -> float:
    """The producer alone: the records are in memory, and nothing is remembered of what was sent."""
    records = [(sent.value, sent.key, sent.headers) for sent in Feed(rows)]
    producer = kafka.producer(servers, "bench")
    await producer.start()
    began = time.perf_counter()
    for first in range(0, rows, AWAITED):
        waiting = [await producer.send(topic, value, key, headers=headers) for value, key, headers in records[first : first + AWAITED]]
        for acknowledged in waiting:
            await acknowledged
    took = time.perf_counter() - began
    await producer.stop()
    return took


async def faststream_outbox(url: str, servers: str, topic: str, rows: int) -> float:
    """The peer as its documentation shows it, tuned, with the message's key."""
    from faststream.kafka import KafkaBroker
    from faststream.kafka.response import KafkaResponse
    from faststream_outbox import OutboxBroker, make_outbox_table
    from faststream_outbox.annotations import OutboxMessage
    from sqlalchemy import MetaData, func, select
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, pool_size=10)
    table = make_outbox_table(MetaData(), table_name="fsoutbox")
    rows_in, out = (
        OutboxBroker(engine, outbox_table=table, logger=None),
        KafkaBroker(servers, enable_idempotence=True, acks="all", max_batch_size=262_144, logger=None),
    )

    @out.publisher(topic)
    # Typed where the peer is installed, and nowhere else.
    @rows_in.subscriber(topic, max_workers=1, fetch_batch_size=500, terminal_flush_batch_size=100)  # type: ignore[untyped-decorator,unused-ignore]
    async def carry(message: OutboxMessage) -> KafkaResponse:
        return KafkaResponse(message.body, key=message.headers["ce_subject"].encode(), headers=message.headers)

    await out.start()
    began = time.perf_counter()
    await rows_in.start()
    async with engine.connect() as connection:
        while (await connection.execute(select(func.count()).select_from(table))).scalar_one():
            await connection.rollback()
            await asyncio.sleep(0.02)
    took = time.perf_counter() - began
    await rows_in.stop()
    await out.stop()
    return took


if __name__ == "__main__":
    which, url, servers, topic, rows = sys.argv[1:]
    relays: dict[str, Relay] = {"ours": ours, "bare": bare, "faststream_outbox": faststream_outbox}
    print(uvloop.run(relays[which](url, servers, topic, int(rows))))
