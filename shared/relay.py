"""The relay: what waits in the outbox goes to Kafka in order.

Promise: per key the first record of each aggversion comes in order; after a fail-over versions already sent may come again.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
import structlog
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner

from shared import kafka

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer

    from shared.metrics import Metrics

BATCH = 1000
LOCK = 730_011
LARGE = 500_000
"""Bytes of a value from which rows are sent one by one: one that the broker refuses must harm no neighbour in its batch."""
CHANNEL = "outbox"
log = structlog.get_logger(__name__)
_partition = DefaultPartitioner()


async def relay(database_url: str, servers: str, service: str, wake: asyncio.Event, metrics: "Metrics") -> None:
    """Carry facts to Kafka for ever. One process leads (session advisory lock), the others stand by and pass on the wake-up.

    No failure ends it: it is logged, waited out, and the work begun anew from the rows that are still there.
    """
    while True:
        try:
            await _lead(database_url, servers, service, wake, metrics)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError, TimeoutError) as error:
            log.warning("outbox relay waits", reason=type(error).__name__)
            await asyncio.sleep(1)


async def _lead(database_url: str, servers: str, service: str, wake: asyncio.Event, metrics: "Metrics") -> None:
    reader, writer = await _connections(database_url)
    producer = kafka.producer(servers, f"{service}-relay")
    try:
        while not await reader.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            if await _woken(wake):
                await writer.execute(f"NOTIFY {CHANNEL}")
        await reader.add_listener(CHANNEL, lambda *_: wake.set())
        await producer.start()
        log.info("outbox relay leads")
        while True:
            wake.clear()
            if not await _carry(reader, writer, producer, metrics):
                await _woken(wake)
    finally:
        # A bounded stop: the coordinator or the database may be the very thing that is away.
        for close in (producer.stop(), reader.close(timeout=2), writer.close(timeout=2)):
            with suppress(Exception):
                await asyncio.wait_for(close, 5)


async def _connections(database_url: str) -> "tuple[asyncpg.Connection[Any], asyncpg.Connection[Any]]":
    reader = await asyncpg.connect(database_url, timeout=5)
    try:
        # A row that is there again after a crash is sent again: nothing is lost by not waiting for the disk.
        return reader, await asyncpg.connect(database_url, timeout=5, server_settings={"synchronous_commit": "off"})
    except BaseException:
        await reader.close(timeout=2)
        raise


async def _woken(wake: asyncio.Event) -> bool:
    """Wait for a commit's wake-up; a look each second is the net beneath it."""
    with suppress(TimeoutError):
        await asyncio.wait_for(wake.wait(), 1)
    woken = wake.is_set()
    wake.clear()
    return woken


_ROWS = "SELECT id, topic, key, headers, value FROM outbox WHERE set_aside IS NULL ORDER BY id LIMIT $1"
_DONE = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"
_ASIDE = "UPDATE outbox SET set_aside = $2 WHERE id = $1"


async def _carry(
    reader: "asyncpg.Connection[Any]", writer: "asyncpg.Connection[Any]", producer: "AIOKafkaProducer", metrics: "Metrics"
) -> int:
    """One round: read in order, send without waiting for each, await every acknowledgement, delete. Returns rows read."""
    rows = await reader.fetch(_ROWS, BATCH)
    if any(len(row["value"] or b"") > LARGE for row in rows):
        await _one_by_one(rows, writer, producer)
    elif rows:
        for acknowledged in await _send_packed(producer, rows):
            await acknowledged
        await writer.execute(_DONE, [row["id"] for row in rows])
    metrics.relayed.inc(len(rows))
    return len(rows)


async def _send_packed(producer: "AIOKafkaProducer", rows: Sequence[Any]) -> "list[asyncio.Future[Any]]":
    """Packed here, a batch for a partition: half the work of a `send` for each. A key has one partition, so its order holds."""
    packed: dict[tuple[str, int], Any] = {}
    partitions = {topic: sorted(await producer.partitions_for(topic)) for topic in {row["topic"] for row in rows}}
    sent = []
    for row in rows:
        topic, key, headers = row["topic"], row["key"].encode(), _headers(row)
        partition = _partition(key, partitions[topic], partitions[topic])
        batch = packed.get((topic, partition)) or packed.setdefault((topic, partition), producer.create_batch())
        if batch.append(timestamp=None, key=key, value=row["value"], headers=headers) is None:
            sent.append(await producer.send_batch(batch, topic, partition=partition))
            batch = packed[topic, partition] = producer.create_batch()
            batch.append(timestamp=None, key=key, value=row["value"], headers=headers)
    for (topic, partition), batch in packed.items():
        sent.append(await producer.send_batch(batch, topic, partition=partition))
    return sent


async def _one_by_one(rows: list[Any], writer: "asyncpg.Connection[Any]", producer: "AIOKafkaProducer") -> None:
    """A fact the broker will never take is named and set aside; the stream moves on. Those sent twice are met by idempotent readers."""
    for row in rows:
        try:
            await (await _send(producer, row))
            await writer.execute(_DONE, [row["id"]])
        except MessageSizeTooLargeError as error:
            await writer.execute(_ASIDE, row["id"], f"too large: {len(row['value'] or b'')} bytes ({error})"[:500])
            # The reason is in the row; a traceback would add none.
            log.error("fact set aside: too large", outbox_id=row["id"], topic=row["topic"], key=row["key"])  # noqa: TRY400


async def _send(producer: "AIOKafkaProducer", row: Any) -> "asyncio.Future[Any]":
    sent: asyncio.Future[Any] = await producer.send(row["topic"], row["value"], row["key"].encode(), headers=_headers(row))
    return sent


def _headers(row: Any) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in msgspec.json.decode(row["headers"]).items()]
