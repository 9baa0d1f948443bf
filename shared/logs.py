"""The logs of the topics, for whoever looks without reading along: their ends, and single records."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.offsets import Record

Place = tuple[str, int]  # topic, partition


async def end_offsets(servers: str, topics: Sequence[str]) -> dict[Place, int]:
    """The next offset of every partition."""
    async with looking(servers) as consumer:
        return await ends(consumer, topics)


async def ends(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> dict[Place, int]:
    """The same, for whoever looks again and again."""
    # Told all at once: asked one by one, each topic costs a round of metadata. A round already under way knows none of them.
    await consumer._client.set_topics(topics)
    for _ in range(3):
        if all(map(consumer.partitions_for_topic, topics)):
            break
        await consumer._client.force_metadata_update()
    partitions = [TopicPartition(topic, number) for topic in topics for number in consumer.partitions_for_topic(topic) or ()]
    found = await consumer.end_offsets(partitions) if partitions else {}
    return {(p.topic, p.partition): end for p, end in found.items()}


async def last_records(servers: str, topics: Sequence[str]) -> list[Record]:
    """The newest record of every non-empty partition: what this service has said last, as the world knows it."""
    async with looking(servers) as consumer:
        newest = {place: end - 1 for place, end in (await ends(consumer, topics)).items() if end}
        return list((await records_at(consumer, newest)).values())


async def records_at(consumer: AIOKafkaConsumer, positions: Mapping[Place, int], seconds: float = 5) -> dict[Place, Record]:
    """The first record at or after each of some positions; one that does not come in time is not in it."""
    found: dict[Place, Record] = {}
    if not positions:
        return found
    consumer.assign([TopicPartition(*place) for place in positions])
    for place, offset in positions.items():
        consumer.seek(TopicPartition(*place), offset)
    until = time.monotonic() + seconds
    while len(found) < len(positions) and time.monotonic() < until:
        for partition, batch in (await consumer.getmany(timeout_ms=500)).items():
            found.setdefault((partition.topic, partition.partition), batch[0])
    # Or it would go on reading what nobody asks for.
    consumer.unsubscribe()
    return found


@asynccontextmanager
async def looking(servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of no group, to look with, stopped also where it could not be started: what it left running would try for ever."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        request_timeout_ms=5_000,
        metadata_max_age_ms=5_000,
        max_partition_fetch_bytes=1024,
    )
    try:
        await asyncio.wait_for(consumer.start(), 10)
        yield consumer
    finally:
        try:
            with suppress(Exception):
                await asyncio.wait_for(consumer.stop(), 5)
        except asyncio.CancelledError:
            # aiokafka may await a task of its own that it has just cancelled: it is for us only if somebody cancels us.
            if (task := asyncio.current_task()) and task.cancelling():
                raise
