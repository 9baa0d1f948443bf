"""Reporting under fault: a real process on its own database, and what its rows must be whatever happened to it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.child import Child
from shared import kafka
from shared.events import Attributes
from shared.events.contacts import PERSONAL
from tests.conftest import free_ports
from tests.system.world import ROOT, ready, service, until

TOPIC = "partners.instrument.v1"
SOURCE = "/instances/test/services/partners"


@dataclass
class Reader:
    """A reporting process, its address, its database, and what it was told."""

    child: Child
    url: str
    dsn: str
    told: dict[str, str]
    servers: str
    topics: list[str]

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """Over a connection of its own: the server may have died since the last."""
        connection = await asyncpg.connect(self.dsn, timeout=5)
        try:
            await connection.execute("SET search_path TO facts, reports")
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close(timeout=2)

    async def ends(self) -> int:
        """Records on all the topics it reads."""
        return sum((await kafka.end_offsets(self.servers, [topic for topic in self.topics if topic != PERSONAL])).values())

    async def lag(self) -> int:
        """Records that wait; the ends are asked first, so that it is never more than there was."""
        ends = await self.ends()
        return ends - int((await self.rows("SELECT coalesce(sum(next_offset), 0) FROM offsets"))[0][0])

    async def caught_up(self, seconds: float = 90) -> None:
        """Until nothing waits."""

        async def level() -> bool:
            try:
                return await self.lag() == 0
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                return False

        await until(level, "everything is folded", seconds)

    async def balances(self) -> dict[str, int]:
        """Every record is exactly one of four; returns the four."""
        row = (await self.rows("SELECT sum(folded) f, sum(duplicates) d, sum(parked) p, sum(skipped) s FROM offsets"))[0]
        four = {name: int(row[name] or 0) for name in "fdps"}
        assert sum(four.values()) == await self.ends(), four
        assert four["f"] == (await self.rows("SELECT count(*) FROM facts"))[0][0], "folded is not what is stored"
        return four

    async def counted(self, topic: str) -> dict[tuple[str, int], int]:
        """(subject, aggversion) of a topic -> how many rows."""
        found = await self.rows("SELECT subject::text, aggversion, count(*) FROM facts WHERE topic = $1 GROUP BY 1, 2", topic)
        return {(row[0], row[1]): row[2] for row in found}

    async def asked(self, token: str, method: str, path: str, **more: Any) -> Any:
        """Over HTTP."""
        async with httpx.AsyncClient(base_url=self.url, timeout=15, headers={"Authorization": f"Bearer {token}"}) as http:
            answer = await http.request(method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def operated(self, *arguments: str) -> str:
        """`python -m services.reporting …` as an operator runs it."""
        command = [sys.executable, "-m", "services.reporting", *arguments]
        pipe = asyncio.subprocess.PIPE
        env = {**os.environ, **self.told}
        done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe)
        out, err = await done.communicate()
        assert done.returncode == 0, err.decode()
        return out.decode()


@dataclass
class Fact:
    """A record to be sent, in parts that a test may spoil."""

    subject: UUID
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]
    topic: str = TOPIC


def fact(subject: UUID | None = None, version: int = 1, step: str = "entered_into_force") -> Fact:
    """A good one."""
    subject, at = subject or uuid4(), datetime(2024, 6, 1, tzinfo=UTC)
    data = {
        "kind": "international_agreement",
        "parties": [str(uuid4())],
        "reference": "x",
        "on": "2024-05-01",
        "stated_as_of": "2024-05-01",
    }
    said = Attributes(uuid4(), SOURCE, f"partners.instrument.{step}.v1", subject, at, at, version)
    headers = {name: value.encode() for name, value in said.headers().items()}
    return Fact(subject, str(subject).encode(), json.dumps(data).encode(), headers)


async def send(servers: str, facts: Sequence[Fact]) -> None:
    """As they are, whatever they are; larger than the house's own producer would."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True, max_request_size=2**20 + 2**19, linger_ms=5)
    await producer.start()
    try:
        waiting = [await producer.send(f.topic, f.value, f.key, headers=list(f.headers.items())) for f in facts]
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()


@pytest.fixture(scope="module")
async def readers(
    topics: list[str], database: Any, environment: Any, kafka_servers: str, tmp_path_factory: Any
) -> AsyncIterator[list[Reader]]:
    """Two reporting processes of one group on one database; the first runs."""
    address = await database("reporting")
    folder: Path = tmp_path_factory.mktemp("reporting")
    told = environment("reporting", address)
    dsn = address.replace("+asyncpg", "")
    made = [
        Reader(service("reporting", port, told, folder / f"{port}.log"), f"http://127.0.0.1:{port}", dsn, told, kafka_servers, topics)
        for port in free_ports(2)
    ]
    made[0].child.start()
    try:
        await ready(made[0].url)
        yield made
    finally:
        for each in made:
            each.child.stop(5)
