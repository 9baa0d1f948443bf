"""The outbox: a fact leaves in the transaction that makes it true, and a relay carries it to Kafka in order.

Promise: per key the first record of each aggversion comes in order; after a fail-over versions already sent may come again.
`add` comes last in a command, after the aggregate's row is locked, so ids rise per key.
"""

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import structlog
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, LargeBinary, MetaData, Table, Text, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from shared import kafka
from shared.events import Attributes, Event, Origin

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer

    from shared.metrics import Metrics

BATCH = 1000
LOCK = 730_011
CHANNEL = "outbox"
log = structlog.get_logger(__name__)


def table(metadata: MetaData) -> Table:
    """Rows wait here until Kafka has acknowledged them; `set_aside` says why one never can be."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("set_aside", Text),
        Index("ix_outbox_created_at", "created_at"),
    )


_outbox = table(MetaData())
_ADD = insert(_outbox)


async def add(
    tx: AsyncConnection,
    origin: Origin,
    event: Event,
    *,
    subject: UUID,
    version: int,
    time: datetime,
    recorded: datetime,
    country: str | None = None,
) -> UUID:
    """Say a fact: it becomes true and public together, or not at all. Returns the event's id.

    `time` is when it happened, `recorded` when we learned it (never below the aggregate's previous one), `version` its aggversion.
    """
    attributes = Attributes(
        id=uuid7(),
        source=origin.source,
        type=event.type,
        subject=subject,
        time=time,
        recordedtime=recorded,
        aggversion=version,
        country=country,
        mode=origin.mode,
        classification=event.classification,
        actor=origin.actor,
        correlationid=origin.correlation,
        causationid=origin.causation,
        dataschema=f"/schemas/{event.type}.json",
        traceparent=origin.traceparent,
    )
    await send(tx, event.topic, str(subject), attributes.headers(), event.payload())
    return attributes.id


async def send(tx: AsyncConnection, topic: str, key: str, headers: dict[str, str], value: bytes | None) -> None:
    """A raw record into the outbox; None is a tombstone, for the personal topic alone."""
    await tx.execute(_ADD, {"topic": topic, "key": key, "headers": headers, "value": value})


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
        return reader, await asyncpg.connect(database_url, timeout=5)
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
    try:
        waiting = [(row["id"], await _send(producer, row)) for row in rows]
        for _, acknowledged in waiting:
            await acknowledged
    except MessageSizeTooLargeError:
        await _one_by_one(rows, writer, producer)
    else:
        if rows:
            await writer.execute(_DONE, [row["id"] for row in rows])
    metrics.relayed.inc(len(rows))
    return len(rows)


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
    headers = [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
    sent: asyncio.Future[Any] = await producer.send(row["topic"], row["value"], row["key"].encode(), headers=headers)
    return sent


async def backlog(tx: AsyncConnection) -> tuple[int, float]:
    """How many facts wait, and for how many seconds the oldest has."""
    age = func.coalesce(func.extract("epoch", func.clock_timestamp() - func.min(_outbox.c.created_at)), 0)
    count, seconds = (await tx.execute(select(func.count(), age).where(_outbox.c.set_aside.is_(None)))).one()
    return int(count), float(seconds)
