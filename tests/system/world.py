"""A small world for the fault tests: services as real processes that can be killed, a load that knows the truth, and a reader of topics."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.child import Child
from shared import kafka

ROOT = Path(__file__).parent.parent.parent
TOPIC = "partners.partner.v1"


def service(name: str, port: int, told: dict[str, str], log: Path) -> Child:
    command = [sys.executable, "-m", f"services.{name}"]
    return Child(command, log, {**os.environ, **told, f"{name.upper()}_PORT": str(port)}, cwd=ROOT)


async def ready(url: str, seconds: float = 60) -> None:
    async with httpx.AsyncClient(timeout=5) as http:
        await until(lambda: _ready(http, url), f"{url} ready", seconds)


async def _ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/health/ready")).status_code < 300
    except httpx.HTTPError:
        return False


async def until(true: Callable[[], Any], what: str, seconds: float = 60, every: float = 0.1) -> None:
    end = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(every)


async def sql(dsn: str, statement: str, *values: Any) -> Any:
    """One value, over a connection of its own: the server may have died since the last."""
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close(timeout=2)


@dataclass
class Load:
    """Clients that register a partner and amend it four times; each repeats the very same request until it is answered 2xx."""

    url: str
    token: str
    accepted: dict[tuple[str, int], str] = field(default_factory=dict)
    """(partner, version) answered 2xx -> the idempotency key it was asked with: the truth of these tests."""
    repeated: int = 0
    stopping: bool = False
    began: float = 0.0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, clients: int = 32) -> None:
        self.began = time.monotonic()
        self.tasks = [asyncio.create_task(self._client()) for _ in range(clients)]

    async def stop(self, seconds: float = 60) -> None:
        self.stopping = True
        await asyncio.wait_for(asyncio.gather(*self.tasks), seconds)

    @property
    def broken(self) -> bool:
        return any(task.done() for task in self.tasks)

    async def _client(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=15, headers={"Authorization": f"Bearer {self.token}"}) as http:
            while not self.stopping:
                described = {"name": {"en": "Ruritania"}, "kind": "country", "country": "NL"}
                made = await self._ask(http, "POST", "/partners", {**described, "reference": f"p-{uuid4().hex}"})
                for turn in range(4):
                    amended = {**described, "name": {"en": f"Ruritania {turn}"}}
                    made = await self._ask(http, "PUT", f"/partners/{made['id']}", amended, {"If-Match": f'"{made["version"]}"'})

    async def _ask(
        self, http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        key = uuid4().hex
        while True:
            try:
                answer = await http.request(method, path, json=body, headers={**(headers or {}), "Idempotency-Key": key})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < 300:
                said: dict[str, Any] = answer.json()
                where = (said["id"], said["version"])
                assert where not in self.accepted, f"one version answered to two commands: {where}"
                self.accepted[where] = key
                return said
            assert answer is None or answer.status_code >= 500, f"{method} {path}: {answer.status_code} {answer.text}"
            self.repeated += 1
            await asyncio.sleep(0.1)


async def records(servers: str, topic: str) -> list[Any]:
    """The whole topic, each partition in its order."""
    ends = {TopicPartition(*key): end for key, end in (await kafka.end_offsets(servers, [topic])).items() if end}
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    found: list[Any] = []
    try:
        consumer.assign(list(ends))
        for partition in ends:
            consumer.seek(partition, 0)
        until_ = time.monotonic() + 60
        while len(found) < sum(ends.values()):
            assert time.monotonic() < until_, f"{len(found)} of {sum(ends.values())} records of {topic} could be read"
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                found += batch
    finally:
        await consumer.stop()
    return found


@dataclass
class Said:
    """What a topic holds: which versions of each key, each by which event, in the order in which they first came."""

    versions: dict[str, list[int]] = field(default_factory=dict)
    events: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    records: int = 0

    @property
    def duplicates(self) -> int:
        return self.records - len(self.events)


async def said(servers: str, topic: str = TOPIC) -> Said:
    found = Said()
    for record in await records(servers, topic):
        headers = {name: value.decode() for name, value in record.headers}
        key, version = record.key.decode(), int(headers["ce_aggversion"])
        assert headers["ce_subject"] == key
        if (key, version) not in found.events:
            found.versions.setdefault(key, []).append(version)
        found.events.setdefault((key, version), set()).add(headers["ce_id"])
        found.records += 1
    return found


def holds(found: Said, accepted: dict[tuple[str, int], str]) -> None:
    """Every accepted command is on the topic, nothing else is, each version is one event, and versions first came in order."""
    lost, unasked = set(accepted) - set(found.events), set(found.events) - set(accepted)
    assert not lost, f"{len(lost)} accepted commands lost, e.g. {sorted(lost)[:3]}"
    assert not unasked, f"{len(unasked)} facts nobody was promised, e.g. {sorted(unasked)[:3]}"
    twice = [key for key, ids in found.events.items() if len(ids) > 1]
    assert not twice, f"two events for one version: {twice[:3]}"
    astray = {key: order for key, order in found.versions.items() if order != list(range(1, len(order) + 1))}
    assert not astray, f"out of order: {json.dumps(dict(list(astray.items())[:3]))}"
