"""All facts again from the topics, into a fresh schema that then takes the old one's place."""

from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.reporting.projections.take import FOLDING, take, topics
from shared import logs, offsets

NEXT = "facts_next, reports"
_FRESH = """DROP SCHEMA IF EXISTS facts_next CASCADE;
CREATE SCHEMA facts_next;
CREATE TABLE facts_next.facts (LIKE facts.facts INCLUDING ALL);
CREATE TABLE facts_next.gaps (LIKE facts.gaps INCLUDING ALL);
CREATE TABLE facts_next.offsets (LIKE facts.offsets INCLUDING ALL)"""
_DIGEST = """SELECT count(*), md5(coalesce(string_agg(
    source || subject || aggversion || id, ',' ORDER BY source, subject, aggversion), '')) FROM {}.facts"""


async def rebuild(engine: AsyncEngine, servers: str, console: Console, *, swap: bool = True) -> list[str]:
    """Replay to the topics' ends, catch up while the live fold stands still, compare, swap; returns what differs."""
    async with engine.begin() as tx:
        for statement in _FRESH.split(";"):
            await tx.execute(text(statement))
    await _replay(engine, servers, console)
    async with engine.begin() as tx:
        # From here on no live batch is folded: both schemas stand at the same place once the rest is read.
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FOLDING})
        await _replay(engine, servers, console)
        differing = await _differing(tx)
        if swap:
            await tx.execute(text("DROP SCHEMA facts CASCADE"))
            await tx.execute(text("ALTER SCHEMA facts_next RENAME TO facts"))
        else:
            await tx.execute(text("DROP SCHEMA facts_next CASCADE"))
    await engine.dispose()
    return differing


async def _differing(tx: AsyncConnection) -> list[str]:
    live = (await tx.execute(text(_DIGEST.format("facts")))).one()
    new = (await tx.execute(text(_DIGEST.format("facts_next")))).one()
    return [name for name, a, b in zip(("rows", "keys"), live, new, strict=True) if a != b]


async def _replay(engine: AsyncEngine, servers: str, console: Console) -> None:
    ends = await logs.end_offsets(servers, topics())
    async with engine.connect() as tx:
        await tx.execute(text(f"SET LOCAL search_path TO {NEXT}"))
        known = await offsets.positions(tx)
    left = {TopicPartition(*key): end for key, end in ends.items() if known.get(key, 0) < end}
    if not left:
        return
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, max_partition_fetch_bytes=4 * 2**20)
    await consumer.start()
    try:
        consumer.assign(list(left))
        for partition in left:
            consumer.seek(partition, known.get((partition.topic, partition.partition), 0))
        with Progress(console=console, disable=not console.is_terminal) as progress:
            bar = progress.add_task("rebuilding", total=sum(end - known.get((p.topic, p.partition), 0) for p, end in left.items()))
            while left:
                got = await consumer.getmany(timeout_ms=500, max_records=5000)
                records = [r for p, batch in got.items() for r in batch if r.offset < ends[p.topic, p.partition]]
                await _fold(engine, records)
                progress.advance(bar, len(records))
                left = {p: end for p, end in left.items() if await consumer.position(p) < end}
    finally:
        await consumer.stop()


async def _fold(engine: AsyncEngine, records: list[offsets.Record]) -> None:
    async with engine.begin() as tx:
        await tx.execute(text(f"SET LOCAL search_path TO {NEXT}"))
        await take(tx, records)
