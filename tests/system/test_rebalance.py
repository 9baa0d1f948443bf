"""Two readers in one group on one database: whoever is given a partition, and whenever, each fact is counted once."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.child import Child
from services.reporting.projections import FOLDING
from tests.conftest import PROOF, free_ports
from tests.system.conftest import Publisher
from tests.system.sent import good, send
from tests.system.world import Load, Reading, counts, holds, ready, said, service, sql, until

ROUNDS = 10 if PROOF else 2
ELSEWHERE = "/instances/elsewhere/services/partners"
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
everything: dict[tuple[str, int], str] = {}
"""What was accepted or sent by any test of this module."""


@pytest.fixture(scope="module")
def second(reporting: Reading, tmp_path_factory: Any) -> Iterator[tuple[Child, str]]:
    """Another process of reporting on the same database, not started yet, and its address."""
    folder: Path = tmp_path_factory.mktemp("second")
    (port,) = free_ports(1)
    child = service("reporting", port, reporting.told, folder / "second.log")
    yield child, f"http://127.0.0.1:{port}"
    child.stop(15)


@asynccontextmanager
async def held(reporting: Reading) -> AsyncIterator[None]:
    """Every batch taken in hand waits in its transaction until this ends."""
    holding = await asyncpg.connect(reporting.dsn)
    try:
        async with holding.transaction():
            await holding.execute("SELECT pg_advisory_xact_lock($1)", FOLDING)
            yield
    finally:
        await holding.close()


async def in_hand(reporting: Reading, readers: int) -> None:
    """Wait until so many readers have a batch in hand."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted"

    async def so_many() -> bool:
        return int(await sql(reporting.dsn, waiting, FOLDING)) == readers

    await until(so_many, f"{readers} readers have a batch in hand", 90)


async def say(servers: str, subjects: int = 300) -> None:
    """Facts on every partition, two of each subject."""
    # Of another instance: to ours it would mean that its database is older than its own facts.
    sent = [good(key, version, source=ELSEWHERE) for key in (uuid4() for _ in range(subjects)) for version in (1, 2)]
    await send(servers, sent)
    everything.update({(str(fact.subject), fact.version): str(fact.id) for fact in sent})


async def counted(reporting: Reading, servers: str) -> None:
    found = await said(servers)
    holds(found, everything)
    await counts(reporting, found, everything)


async def test_a_second_reader_is_given_partitions_of_which_the_first_has_a_batch_in_hand(
    reporting: Reading, second: tuple[Child, str], kafka_servers: str
) -> None:
    assert await sql(reporting.dsn, "SELECT count(*) FROM facts.offsets") == 0, "partitions nobody has read yet: there is no row to lock"
    async with held(reporting):
        await say(kafka_servers)
        await in_hand(reporting, 1)
        second[0].start()
        await in_hand(reporting, 2)
    await counted(reporting, kafka_servers)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL], ids=lambda by: by.name)
async def test_a_reader_goes_with_a_batch_in_hand(
    by: signal.Signals, reporting: Reading, second: tuple[Child, str], kafka_servers: str
) -> None:
    if not second[0].alive:
        second[0].start()
    await ready(second[1], 90)
    async with held(reporting):
        await say(kafka_servers)
        await in_hand(reporting, 2)
        going = asyncio.create_task(asyncio.to_thread(second[0].stop, 30, by))
        await asyncio.sleep(1)
    await going
    await counted(reporting, kafka_servers)


@pytest.mark.timeout(900 if PROOF else 300)
async def test_readers_come_and_go_under_load(
    partners: Publisher, reporting: Reading, second: tuple[Child, str], load: Load, kafka_servers: str
) -> None:
    rng = random.Random(SEED)
    load.start(8)
    for _ in range(ROUNDS):
        if not second[0].alive:
            second[0].start()
        await ready(second[1], 90)
        await asyncio.sleep(rng.uniform(0, 2))
        await asyncio.to_thread(second[0].stop, 15, rng.choice([signal.SIGTERM, signal.SIGKILL]))
    await load.stop()
    everything.update(load.accepted)

    async def drained() -> bool:
        return await partners.backlog() == 0

    await until(drained, "the relay caught up", 60)
    print(f"\nseed {SEED}: {ROUNDS} times a second reader came and went, {len(load.accepted)} commands accepted")
    await counted(reporting, kafka_servers)
