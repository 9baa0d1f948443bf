"""The race of the live projection: reporting, with one and with two processes, and Kafka Streams, on the same facts.

Each ends when every record's position is committed, and must then hold the same facts and the same counters by country, month
and crime type. Reporting keeps no counters: it counts the facts when it is asked, so its time ends when it has answered.
"""

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import asyncpg
from confluent_kafka import ConsumerGroupState, KafkaException
from confluent_kafka.admin import AdminClient
from sqlalchemy import text

from benchmarks import feed
from benchmarks.feed import Cell, Expected
from benchmarks.ground import PARTITIONS, Ground, free_ports
from benchmarks.rounds import Differs, Result
from deploy.local.child import Child
from services.reporting.projections import FOLDING
from services.reporting.settings import SEARCH_PATH
from services.reporting.subscribers import GROUP
from services.reporting.views.indicators.meetings import HELD
from shared import db
from shared.events.meetings import MEETINGS

STREAMS = Path(__file__).parent / "streams"
THREADS, COMMIT_MS = 2, 100
PATIENCE_S = 540.0
COUNTERS = text(
    HELD
    + """ SELECT country, to_char((data->>'started')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM'), crime_type, count(*)
    FROM within, jsonb_array_elements_text(data->'crime_types') AS crime_type GROUP BY 1, 2, 3"""
)
EVER = {"asof": datetime(2200, 1, 1, tzinfo=UTC), "t0": datetime(1990, 1, 1, tzinfo=UTC), "t1": datetime(2200, 1, 1, tzinfo=UTC)}
ANY = {"country": None, "participant": None, "crime_types": None}


def contenders(ground: Ground, records: int, java: str | None) -> dict[str, Callable[[], Result]]:
    """By name; each call is one run from nothing. Without a `java` there is no peer."""
    expected = feed.fill(ground.servers, records)
    found: dict[str, Callable[[], Result]] = {
        "reporting, 1 process": partial(reporting, ground, expected, 1),
        "reporting, 2 processes": partial(reporting, ground, expected, 2),
    }
    if java:
        for kept in ("facts and counters", "facts only"):
            found[f"Kafka Streams exactly_once_v2, {kept}"] = partial(streams, ground, expected, java, kept)
    return found


def reporting(ground: Ground, expected: Expected, processes: int) -> Result:
    """The service's reader from the beginning of the topic, on a fresh database."""
    url = ground.database("reporting")
    children = [ground.service("reporting", url, port) for port in free_ports(processes)]
    try:
        return asyncio.run(_reporting(ground.servers, url, expected, children))
    finally:
        for child in children:
            child.stop()


async def _reporting(servers: str, url: str, expected: Expected, children: Sequence[Child]) -> Result:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), server_settings={"search_path": SEARCH_PATH})
    engine = db.connect(url, SEARCH_PATH)
    try:
        # Nobody folds while a rebuild holds this lock: all wait at it until each has its partitions.
        await connection.execute("SELECT pg_advisory_lock($1)", FOLDING)
        for child in children:
            child.start()
        await asyncio.to_thread(_shared_out, servers, len(children))
        await connection.execute("SELECT pg_advisory_unlock($1)", FOLDING)
        began = time.perf_counter()
        half = await _read(connection, expected.records // 2) - began
        folded = await _read(connection, expected.records) - began
        async with engine.connect() as tx:
            rows = await tx.execute(COUNTERS, EVER | ANY)
            counters = Counter({(country, month, crime_type): count for country, month, crime_type, count in rows})
        answered = time.perf_counter() - began
        _same(expected, await connection.fetchval("SELECT count(*) FROM facts"), counters)
    finally:
        await connection.close()
        await engine.dispose()
    return _result(expected, half, folded, answered)


def _shared_out(servers: str, processes: int) -> None:
    """Until every process has its share of the partitions."""
    client, end, shares = AdminClient({"bootstrap.servers": servers, "log_level": 0}), time.monotonic() + 90, [0]
    while time.monotonic() < end:
        with suppress(KafkaException):
            group = client.describe_consumer_groups([GROUP])[GROUP].result(10)
            shares = [sum(p.topic == MEETINGS for p in member.assignment.topic_partitions) for member in group.members]
            if group.state == ConsumerGroupState.STABLE and shares == [PARTITIONS // processes] * processes:
                return
        time.sleep(0.2)
    msg = f"the partitions were not shared out: {shares}"
    raise TimeoutError(msg)


async def _read(connection: "asyncpg.Connection[asyncpg.Record]", records: int) -> float:
    """When that many records were folded, by the clock of `perf_counter`."""
    end = time.perf_counter() + PATIENCE_S
    while (now := time.perf_counter()) < end:
        if (await connection.fetchval("SELECT sum(next_offset) FROM offsets") or 0) >= records:
            return now
        await asyncio.sleep(0.01)
    msg = f"{records} records were not folded within {PATIENCE_S:.0f} s"
    raise TimeoutError(msg)


def streams(ground: Ground, expected: Expected, java: str, kept: str) -> Result:
    """The peer: one process, a thread for each core."""
    classpath = f"{STREAMS / 'target' / 'classes'}:{STREAMS / 'target' / 'lib'}/*"
    told = [ground.servers, MEETINGS, expected.records, ground.folder / "streams", THREADS, COMMIT_MS, "exactly_once_v2", kept]
    command = [java, "-cp", classpath, "Projection", *map(str, told)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S + 60)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    said = json.loads(done.stdout.splitlines()[-1])
    counters: Counter[Cell] = Counter({tuple(cell.split("|")): count for cell, count in said["counters"].items()})
    _same(expected, said["facts"], counters if kept == "facts and counters" else expected.counters)
    return _result(expected, said["half"], said["seconds"], said["seconds"])


def build() -> None:
    """Compile the peer and fetch what it needs; raises `CalledProcessError`."""
    subprocess.run(["mvn", "-q", "-B", "compile", "dependency:copy-dependencies"], cwd=STREAMS, check=True)


def _same(expected: Expected, facts: int, counters: Counter[Cell]) -> None:
    if facts != expected.facts:
        msg = f"{facts} facts, expected {expected.facts}"
        raise Differs(msg)
    if counters != expected.counters:
        wrong = {cell for cell in counters.keys() | expected.counters.keys() if counters[cell] != expected.counters[cell]}
        msg = f"{len(wrong)} counters differ, e.g. {sorted(wrong)[:3]}"
        raise Differs(msg)


def _result(expected: Expected, half: float, folded: float, answered: float) -> Result:
    later = expected.records - expected.records // 2
    rates = {"facts/s": expected.records / answered, "facts/s of the second half": later / (answered - half)}
    return Result({**rates, "seconds to answer": answered - folded})
