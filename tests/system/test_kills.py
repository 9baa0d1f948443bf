"""kill -9 of a publishing service, reporting, the broker and PostgreSQL under load: what was answered 2xx is said and counted, once, in order."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.child import Child
from tests.conftest import PROOF
from tests.system.conftest import Publisher, Publishers
from tests.system.works import WORKS
from tests.system.world import TOPIC, Load, Reading, counts, holds, ready, said, until

KILLS = 20 if PROOF else 2
RATE = 200
"""Commands a second under which the kills must happen, where the machine has its cores to itself."""
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
everything: dict[tuple[str, int], str] = {}
"""Accepted by any test of this module: they share one topic."""

Strike = Callable[[], Awaitable[int]]
"""Kill when something waits; how much of it demonstrably did."""
Rise = Callable[[], Awaitable[None]]
"""Start what was killed, and wait until everybody is well."""


def with_backlog(partners: Publisher, child: Child) -> Strike:
    """Kill while facts wait in the outbox."""

    async def strike() -> int:
        watching = await asyncpg.connect(partners.dsn, timeout=5)
        end, waiting = time.monotonic() + 20, 0
        while not waiting and time.monotonic() < end:
            waiting = await watching.fetchval("SELECT count(*) FROM outbox WHERE set_aside IS NULL")
        child.kill()
        watching.terminate()
        return int(waiting)

    return strike


def with_lag(reporting: Reading) -> Strike:
    """Kill while records wait to be folded: those that were on the topic before the kill and are not in the database after it."""

    async def strike() -> int:
        consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=reporting.servers, enable_auto_commit=False)
        await consumer.start()
        watching = await asyncpg.connect(reporting.dsn, timeout=5)
        partitions = [TopicPartition(TOPIC, p) for p in consumer.partitions_for_topic(TOPIC) or ()]
        read = "SELECT coalesce(sum(next_offset), 0)::bigint FROM facts.offsets WHERE topic = $1"
        end, waiting, said_before = time.monotonic() + 20, 0, 0
        while waiting <= 0 and time.monotonic() < end:
            said_before = sum((await consumer.end_offsets(partitions)).values())
            waiting = said_before - await watching.fetchval(read, TOPIC)
        reporting.child.kill()
        # What it had in hand may still commit: wait until its connections are gone.
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while await watching.fetchval(others):
            await asyncio.sleep(0.01)
        waiting = said_before - await watching.fetchval(read, TOPIC)
        await watching.close()
        await consumer.stop()
        return int(waiting)

    return strike


async def kill_again_and_again(load: Load, kills: int, strike: Strike, rise: Rise, rng: random.Random) -> tuple[list[int], int]:
    """At random moments, each time with something waiting; how much did at each, and how many kills came a moment too late."""
    seen: list[int] = []
    late = 0
    while len(seen) < kills:
        load.all_is_up()
        await asyncio.sleep(rng.uniform(0.2, 1.5))
        waiting = await strike()
        load.something_goes_down()
        if waiting > 0:
            seen.append(waiting)
        else:
            late += 1
            assert late <= 2 * kills, "nothing waits at the kills: the load is too low to prove anything"
        await rise()
        answered = len(load.accepted)
        await until(lambda before=answered: _more(load, before), "commands are answered again", 60)
    return seen, late


async def _more(load: Load, before: int) -> bool:
    assert not load.broken, [task for task in load.tasks if task.done()]
    return len(load.accepted) > before


def rising(child: Child, wait: Callable[[], None] | None, *urls: str) -> Rise:

    async def rise() -> None:
        end = time.monotonic() + 60
        # A killed postmaster's children hold its memory a moment longer, and a new one refuses until they are gone.
        while time.monotonic() < end:
            if not child.alive:
                child.start()
            await asyncio.sleep(0.5)
            if child.alive:
                break
        if wait:
            await asyncio.to_thread(wait)
        await asyncio.gather(*(ready(url, 90) for url in urls))

    return rise


@pytest.mark.timeout(1800 if PROOF else 300)
@pytest.mark.parametrize("victim", ["partners", "reporting", "broker", "postgres"])
async def test_what_was_answered_is_said_and_counted_once_and_in_order(
    victim: str, partners: Publisher, reporting: Reading, load: Load, platform: Any, kafka_servers: str
) -> None:
    children = {
        "partners": partners.child,
        "reporting": reporting.child,
        "broker": platform.broker_child,
        "postgres": platform.postgres_child,
    }
    waits = {"broker": platform.broker.wait, "postgres": platform.postgres.wait}
    strike = with_lag(reporting) if victim == "reporting" else with_backlog(partners, children[victim])
    rise = rising(children[victim], waits.get(victim), partners.url, reporting.url)
    quiet = os.getloadavg()[0] < (os.cpu_count() or 1) / 2
    await killed(victim, KILLS, load, strike, rise, partners, everything)
    await counted(kafka_servers, reporting, TOPIC, everything)
    # On a machine that others use as well the figure is printed, and proves nothing.
    assert load.rate >= RATE or not (PROOF and quiet), f"only {load.rate:.0f} commands/s"


@pytest.mark.timeout(1800 if PROOF else 300)
@pytest.mark.parametrize("victim", sorted(set(WORKS) - {"partners"}))
async def test_the_same_holds_for_every_publisher(
    victim: str, publishers: Publishers, reporting: Reading, token: Any, kafka_servers: str
) -> None:
    publisher = await publishers(victim)
    load = Load(publisher.url, token("coordinator"), publisher.work)
    accepted: dict[tuple[str, int], str] = {}
    kills = KILLS if PROOF else 1
    await killed(
        victim, kills, load, with_backlog(publisher, publisher.child), rising(publisher.child, None, publisher.url), publisher, accepted
    )
    await counted(kafka_servers, reporting, publisher.work.topic, accepted)
    publisher.child.stop(5)


async def killed(
    victim: str, kills: int, load: Load, strike: Strike, rise: Rise, publisher: Publisher, accepted: dict[tuple[str, int], str]
) -> None:
    """The load with its kills, until everything has left; what was accepted is added to `accepted`."""
    load.start()
    seen, late = await kill_again_and_again(load, kills, strike, rise, random.Random(f"{SEED}-{victim}"))
    took = time.monotonic() - load.began
    await load.stop()
    accepted.update(load.accepted)

    async def drained() -> bool:
        return await publisher.backlog() == 0

    await until(drained, "the relay caught up", 60)
    print(
        f"\n{victim}: seed {SEED}, {kills} kills ({late} more came too late), {'lag' if victim == 'reporting' else 'backlog'} at each {seen}, "
        f"{load.rate:.0f} commands/s in {load.up:.0f} s of up-time at a load of {os.getloadavg()[0]:.1f}, "
        f"{len(load.accepted)} accepted in {took:.0f} s incl. outages, {load.repeated} repeated"
    )


async def counted(servers: str, reporting: Reading, topic: str, accepted: dict[tuple[str, int], str]) -> None:
    """On the topic once and in order, and in reporting once."""
    found = await said(servers, topic)
    print(f"{topic}: {found.records} records, {found.duplicates} duplicates")
    holds(found, accepted)
    await counts(reporting, found, accepted)
