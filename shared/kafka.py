"""Kafka with the house defaults: nothing is acknowledged before the work is stored, nothing unreadable stops a stream."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from faststream import AckPolicy, ExceptionMiddleware
from faststream.exceptions import NackMessage
from faststream.kafka import KafkaBroker, KafkaMessage, KafkaRouter
from faststream.kafka.prometheus import KafkaPrometheusMiddleware
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import batches, offsets
from shared.offsets import Record

log = structlog.get_logger(__name__)
Handle = Callable[[Sequence[Record]], Awaitable[None]]
PAUSE_S = 1.0
MAX_RECORD = 1_000_000  # bytes; below the broker's own limit, so that a fact too big is named before it is sent


def connect(servers: str, service: str, registry: CollectorRegistry) -> KafkaBroker:
    """The broker as every service uses it."""
    return KafkaBroker(
        servers,
        client_id=service,
        enable_idempotence=True,
        allow_auto_create_topics=False,
        request_timeout_ms=10_000,
        metadata_max_age_ms=5_000,
        graceful_timeout=10.0,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        logger=None,
        middlewares=[KafkaPrometheusMiddleware(registry=registry, app_name=service), ExceptionMiddleware({Exception: _pause})],
    )


def producer(servers: str, client_id: str) -> AIOKafkaProducer:
    """What the relay sends with: idempotent, all replicas acknowledge, big batches."""
    return AIOKafkaProducer(
        bootstrap_servers=servers,
        client_id=client_id,
        enable_idempotence=True,
        acks="all",
        max_batch_size=262_144,
        max_request_size=MAX_RECORD,
        request_timeout_ms=10_000,
        metadata_max_age_ms=5_000,
    )


async def _pause(error: Exception) -> None:
    """What may work later (a database that is away) is tried again, without spinning."""
    log.warning("batch waits", reason=f"{type(error).__name__}: {str(error)[:200]}")
    await asyncio.sleep(PAUSE_S)
    raise NackMessage


def read(topics: Sequence[str], group: str, engine: AsyncEngine, handle: Handle, *, max_records: int = 5000) -> KafkaRouter:
    """A router with the group's one batch subscriber over all the topics it reads; `handle` gets raw records, undecoded.

    Positions are the database's (`offsets`), Kafka's follow: a restored database reads again what it no longer knows.
    """
    batches.tolerate()
    router = KafkaRouter(ack_policy=AckPolicy.NACK_ON_ERROR)
    resume = _Resume(engine)
    subscriber = router.subscriber(
        *topics,
        group_id=group,
        auto_offset_reset="earliest",
        batch=True,
        max_records=max_records,
        # What comes is handed on at once; where nothing comes nobody need ask twenty times a second.
        batch_timeout_ms=500,
        session_timeout_ms=6_000,
        heartbeat_interval_ms=1_000,
        max_partition_fetch_bytes=4 * 2**20,
        listener=resume,
        parser=tolerant,
        decoder=raw,
        title=group,
    )
    resume.consumer = lambda: subscriber.consumer

    async def on_facts(message: KafkaMessage) -> None:
        records = message.raw_message
        await handle(records if isinstance(records, tuple) else (records,))

    subscriber(on_facts)
    return router


class _Resume(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """On assignment, go to where the database says this group is."""

    consumer: Callable[[], AIOKafkaConsumer | None]

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        """Nothing is held in memory."""

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        consumer = self.consumer()
        if consumer is None or not assigned:
            return
        # Until the database has said where to begin nothing is handed out: Kafka's own offset may be ahead of it.
        consumer.pause(*assigned)
        known = await self._positions()
        for partition in assigned:
            consumer.seek(partition, known.get((partition.topic, partition.partition), 0))
        consumer.resume(*assigned)

    async def _positions(self) -> dict[tuple[str, int], int]:
        """Without them nothing may be read: wait for the database rather than begin at a guess."""
        while True:
            try:
                async with self.engine.connect() as connection:
                    return await offsets.positions(connection)
            except Exception as error:  # noqa: BLE001 - any way the database can be away
                log.warning("positions wait for the database", reason=type(error).__name__)
                await asyncio.sleep(PAUSE_S)


async def tolerant(message: Any, original: Callable[[Any], Awaitable[Any]]) -> Any:
    """Hand a batch on without its headers: they are read record by record, where one bad one can be parked alone.

    FastStream would decode them all, and one that is not UTF-8, or null, would make the whole batch vanish. It would also
    answer to whatever topic a header `reply_to` names.
    """
    parsed = await original((replace(message[0], headers=()),))
    parsed.raw_message, parsed.body = message, [record.value or b"" for record in message]
    return parsed


async def raw(message: Any) -> Any:
    """Nothing is decoded here: that is done record by record, where one bad one can be parked alone."""
    return message.body
