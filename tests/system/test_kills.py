"""kill -9 of a publishing service, the broker and PostgreSQL under load: what was answered 2xx is said, once, in order."""

import asyncio
import os
import random
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.conftest import PROOF
from tests.system.conftest import Partners
from tests.system.world import TOPIC, Load, holds, ready, said, until

KILLS = 20 if PROOF else 3
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
everything: dict[tuple[str, int], str] = {}
"""Accepted by any test of this module: they share one topic."""


async def strike(partners: Partners, load: Load, kill: Callable[[], Any], rise: Callable[[], Any], rng: random.Random) -> list[int]:
    """Kill at a random moment with facts waiting, let it rise, again and again; the backlog seen at each kill."""
    seen: list[int] = []
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(0.2, 1.5))
        watching = await asyncpg.connect(partners.dsn, timeout=5)
        end, waiting = time.monotonic() + 20, 0
        while not waiting and time.monotonic() < end:
            waiting = await watching.fetchval("SELECT count(*) FROM outbox WHERE set_aside IS NULL")
        kill()
        watching.terminate()
        assert waiting > 0, "no backlog at the kill: the load is too low to prove anything"
        seen.append(waiting)
        await rise()
        await ready(partners.url)
        answered = len(load.accepted)
        await until(lambda before=answered: _more(load, before), "commands are answered again", 60)
    return seen


async def _more(load: Load, before: int) -> bool:
    assert not load.broken, [task for task in load.tasks if task.done()]
    return len(load.accepted) > before


@pytest.mark.parametrize("victim", ["partners", "broker", "postgres"])
async def test_what_was_answered_is_said_once_and_in_order(
    victim: str, partners: Partners, load: Load, platform: Any, kafka_servers: str
) -> None:
    child = {"partners": partners.child, "broker": platform.broker_child, "postgres": platform.postgres_child}[victim]

    async def rise() -> None:
        await asyncio.sleep(0.3)
        end = time.monotonic() + 60
        # A killed postmaster's children hold its memory a moment longer, and a new one refuses until they are gone.
        while time.monotonic() < end:
            if not child.alive:
                child.start()
            await asyncio.sleep(0.5)
            if child.alive:
                break
        if victim != "partners":
            await asyncio.to_thread((platform.broker if victim == "broker" else platform.postgres).wait)

    load.start()
    seen = await strike(partners, load, child.kill, rise, random.Random(f"{SEED}-{victim}"))
    took = time.monotonic() - load.began
    await load.stop()
    everything.update(load.accepted)

    async def drained() -> bool:
        return await partners.backlog() == 0

    await until(drained, "the relay caught up", 60)
    found = await said(kafka_servers, TOPIC)
    print(
        f"\n{victim}: seed {SEED}, {KILLS} kills, backlog at each {seen}, {len(load.accepted)} accepted in {took:.1f} s incl. outages, "
        f"{load.repeated} repeated, {found.records} records on the topic, {found.duplicates} duplicates"
    )
    holds(found, everything)
