"""The relay's own moments: killed between publish and delete, a second on stand-by, a fact the broker will never take."""

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import asyncpg

from tests.system.conftest import Publisher
from tests.system.world import TOPIC, Load, Reading, counts, holds, ready, said, sql, until

everything: dict[tuple[str, int], str] = {}


async def drained(partners: Publisher) -> None:
    async def empty() -> bool:
        return await partners.backlog() == 0

    await until(empty, "the relay caught up", 30)


async def brief(load: Load, seconds: float = 1.5) -> None:
    load.start(8)
    await asyncio.sleep(seconds)
    await load.stop()
    print(f"\nload: {len(load.accepted) / (time.monotonic() - load.began):.0f} commands/s")
    everything.update(load.accepted)


async def test_a_relay_killed_between_publish_and_delete_says_it_again_and_it_is_the_same_event(
    partners: Publisher, reporting: Reading, load: Load, kafka_servers: str
) -> None:
    load.start(8)
    held = await asyncpg.connect(partners.dsn)
    lock, ids = await _held_with_rows(held)
    load.stopping = True

    on_topic: set[str] = set()

    async def published() -> bool:
        """Of the rows held, those the relay had read: it may have waited to delete them when the others came."""
        on_topic.update(set(ids) & {id_ for found in (await said(kafka_servers)).events.values() for id_ in found})
        return bool(on_topic)

    try:
        await until(published, "rows on the topic and still in the outbox", 20)
        assert await held.fetchval("SELECT count(*) FROM outbox") >= len(ids)
        partners.child.kill()
        # A DELETE that waits for a lock outlives its client and would be done once the lock is gone: the kill must reach it too.
        await held.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await lock.rollback()
        await held.close()
    partners.child.start()
    await ready(partners.url)
    await load.stop()
    everything.update(load.accepted)
    await drained(partners)
    found = await said(kafka_servers)
    print(f"\nkilled between publish and delete: {len(on_topic)} rows held, {found.duplicates} duplicates among {found.records} records")
    assert found.duplicates >= len(on_topic), "nothing was said twice: the kill came too late or too early"
    holds(found, everything)
    await counts(reporting, found, everything)


async def _held_with_rows(held: Any) -> tuple[Any, list[str]]:
    """A lock under which the relay can read its rows but not delete them, taken while there are some; their event ids."""
    for _ in range(200):
        lock = held.transaction()
        await lock.start()
        await held.execute("LOCK TABLE outbox IN SHARE MODE")
        ids = [row["id"] for row in await held.fetch("SELECT headers ->> 'ce_id' AS id FROM outbox")]
        if ids:
            return lock, ids
        await lock.rollback()
        await asyncio.sleep(0.01)
    raise AssertionError("no row ever waited in the outbox")


async def test_a_fact_too_big_is_named_and_set_aside_and_the_relay_goes_on(partners: Publisher, load: Load, kafka_servers: str) -> None:
    key = str(uuid4())
    big = await sql(
        partners.dsn,
        "INSERT INTO outbox (topic, key, headers, value) VALUES ($1, $2, $3, $4) RETURNING id",
        TOPIC, key, json.dumps({}), b"x" * 1_000_001,
    )  # fmt: skip
    await brief(load, 1)
    await drained(partners)
    why = await sql(partners.dsn, "SELECT set_aside FROM outbox WHERE id = $1", big)
    assert "too large: 1000001 bytes" in why
    holds(await said(kafka_servers), everything)


async def test_a_second_relay_stands_by_and_takes_over_when_the_leader_is_lost(
    partners: Publisher, reporting: Reading, load: Load, kafka_servers: str
) -> None:
    second, url = partners.second()
    second.start()
    await ready(url)
    leaders = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND granted AND objid = 730011 AND datname = current_database()"""
    assert await sql(partners.dsn, leaders) == 1, "exactly one leads"
    on_second = Load(url, load.token, load.work)
    on_second.start(8)
    await asyncio.sleep(1)
    partners.child.kill()
    lost = time.monotonic()
    await asyncio.sleep(1)
    await on_second.stop()
    everything.update(on_second.accepted)
    await drained(partners)
    took = time.monotonic() - lost
    print(f"\nstand-by: caught up {took:.1f} s after the leader was lost, {len(on_second.accepted)} accepted")
    assert await sql(partners.dsn, leaders) == 1
    found = await said(kafka_servers)
    holds(found, everything)
    await counts(reporting, found, everything)
