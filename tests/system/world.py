"""A small world for the fault tests: services as real processes that can be killed, a load that knows the truth, and a reader of topics."""

import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.child import Child
from shared import logs
from tests.system.works import Work

ROOT = Path(__file__).parent.parent.parent
TOPIC = "partners.partner.v1"


def service(name: str, port: int, told: dict[str, str], log: Path) -> Child:
    command = [sys.executable, "-m", f"services.{name}"]
    return Child(command, log, {**os.environ, **told, f"{name.upper()}_PORT": str(port)}, cwd=ROOT)


async def ready(url: str, seconds: float = 60) -> None:
    said = ["never asked"]
    async with httpx.AsyncClient(timeout=5) as http:
        await until(lambda: _ready(http, url, said), lambda: f"{url} ready: {said[-1]}", seconds)


async def _ready(http: httpx.AsyncClient, url: str, said: list[str]) -> bool:
    try:
        answer = await http.get(f"{url}/health/ready")
    except httpx.HTTPError as error:
        said.append(type(error).__name__)
        return False
    said.append(answer.text)
    return answer.status_code < 300


async def until(true: Callable[[], Any], what: str | Callable[[], str], seconds: float = 60, every: float = 0.1) -> None:
    end = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what() if callable(what) else what}"
        await asyncio.sleep(every)


async def sql(dsn: str, statement: str, *values: Any) -> Any:
    """One value, over a connection of its own: the server may have died since the last."""
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close(timeout=2)


class Wire:
    """A kept-alive HTTP connection with nothing but what the load needs: on a small machine the clients must not be what is slow."""

    def __init__(self, url: str, token: str) -> None:
        self.host, _, port = url.removeprefix("http://").partition(":")
        self.port, self.token = int(port), token
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body; raises `OSError` or `EOFError` where no whole answer came."""
        head = {"Host": self.host, "Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), f"Content-Length: {len(body)}"]
        try:
            async with asyncio.timeout(15):
                reader, writer = self.streams = self.streams or await asyncio.open_connection(self.host, self.port)
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", answer)
                return int(answer[9:12]), await reader.readexactly(int(length[1]) if length else 0)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


@dataclass
class Load:
    """Clients that make something and change it, step by step; each repeats the very same request until it is answered 2xx."""

    url: str
    token: str
    work: Work
    accepted: dict[tuple[str, int], str] = field(default_factory=dict)
    """(subject, version) answered 2xx -> the idempotency key it was asked with: the truth of these tests."""
    repeated: int = 0
    stopping: bool = False
    began: float = 0.0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    up: float = 0.0
    """Seconds in which everything ran, and what was accepted in them."""
    accepted_up: int = 0
    _mark: tuple[float, int] = (0.0, 0)

    def start(self, clients: int = 32) -> None:
        self.began = time.monotonic()
        self.tasks = [asyncio.create_task(self._client()) for _ in range(clients)]

    async def stop(self, seconds: float = 60) -> None:
        self.stopping = True
        await asyncio.wait_for(asyncio.gather(*self.tasks), seconds)

    @property
    def broken(self) -> bool:
        return any(task.done() for task in self.tasks)

    def all_is_up(self) -> None:
        """From now on it is measured how many commands a second are accepted."""
        self._mark = (time.monotonic(), len(self.accepted))

    def something_goes_down(self) -> None:
        self.up += time.monotonic() - self._mark[0]
        self.accepted_up += len(self.accepted) - self._mark[1]

    @property
    def rate(self) -> float:
        return self.accepted_up / self.up if self.up else 0.0

    async def _client(self) -> None:
        wire = Wire(self.url, self.token)
        while not self.stopping:
            where, headers = self.work.path, {}
            for method, suffix, body in self.work.steps():
                said = await self._ask(wire, method, where + suffix, body, headers)
                where, headers = f"{self.work.path}/{said['id']}", {"If-Match": f'"{said["version"]}"'}
        wire.close()

    async def _ask(self, wire: Wire, method: str, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        key, told = uuid4().hex, json.dumps(body).encode()
        while True:
            try:
                status, answer = await wire.ask(method, path, told, {**headers, "Idempotency-Key": key})
            except (OSError, EOFError):
                status, answer = 0, b""
            if 200 <= status < 300:
                said: dict[str, Any] = json.loads(answer)
                where = (said["id"], said["version"])
                assert where not in self.accepted, f"one version answered to two commands: {where}"
                self.accepted[where] = key
                return said
            assert status == 0 or status >= 500, f"{method} {path}: {status} {answer!r}"
            self.repeated += 1
            await asyncio.sleep(0.1)


@dataclass
class Reading:
    """Reporting as a real process, its database and its answers."""

    child: Child
    url: str
    dsn: str
    servers: str
    told: dict[str, str]
    token: str

    async def ask(self, path: str, method: str = "GET", status: int = 200, **more: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=30, headers={"Authorization": f"Bearer {self.token}"}) as http:
            answer = await http.request(method, self.url + path, **more)
            assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
            return dict(answer.json())

    async def read(self, topic: str = TOPIC) -> int:
        """How many records of the topic its database has taken in."""
        return int(await sql(self.dsn, "SELECT coalesce(sum(next_offset), 0) FROM facts.offsets WHERE topic = $1", topic))

    async def caught_up(self, topic: str = TOPIC, seconds: float = 90) -> None:
        end = sum((await logs.end_offsets(self.servers, [topic])).values())

        async def all_read() -> bool:
            return await self.read(topic) >= end

        await until(all_read, f"{end} records of {topic} taken in", seconds)

    async def stream(self, topic: str = TOPIC) -> dict[str, Any]:
        """What it says of the topic once its own last look at Kafka has seen the end: each record is exactly one of four."""
        end = sum((await logs.end_offsets(self.servers, [topic])).values())
        said: dict[str, Any] = {}

        async def seen() -> bool:
            said.update(await self.ask("/stream"))
            said.update(next(row for row in said["topics"] if row["topic"] == topic))
            return said["end_offsets_sum"] == end and said["lag_records"] == 0

        await until(seen, f"/stream sees the end of {topic} and that nothing waits", 60, every=0.5)
        assert said["folded"] + said["duplicates"] + said["parked"] + said["skipped"] == end, said
        return said

    async def facts(self, topic: str = TOPIC) -> dict[tuple[str, int], set[str]]:
        """Every fact of the topic in its database: (subject, version) -> the events that claim it."""
        connection = await asyncpg.connect(self.dsn, timeout=5)
        try:
            rows = await connection.fetch("SELECT subject, aggversion, id FROM facts.facts WHERE topic = $1", topic)
        finally:
            await connection.close(timeout=2)
        found: dict[tuple[str, int], set[str]] = {}
        for row in rows:
            found.setdefault((str(row["subject"]), row["aggversion"]), set()).add(str(row["id"]))
        return found


async def records(servers: str, topic: str) -> list[Any]:
    """The whole topic, each partition in its order."""
    ends = {TopicPartition(*key): end for key, end in (await logs.end_offsets(servers, [topic])).items() if end}
    found: list[Any] = []
    if not ends:
        return found
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
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
    """What a topic holds: which versions of each key, each by which event, in the order in which they first came; and of which types."""

    topic: str
    types: Counter[str] = field(default_factory=Counter)
    versions: dict[str, list[int]] = field(default_factory=dict)
    events: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    records: int = 0

    @property
    def duplicates(self) -> int:
        return self.records - len(self.events)


async def said(servers: str, topic: str = TOPIC) -> Said:
    found = Said(topic)
    for record in await records(servers, topic):
        headers = {name: value.decode() for name, value in record.headers}
        key, version = record.key.decode(), int(headers["ce_aggversion"])
        assert headers["ce_subject"] == key
        if (key, version) not in found.events:
            found.versions.setdefault(key, []).append(version)
            found.types[headers["ce_type"]] += 1
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


async def counts(reporting: Reading, found: Said, accepted: dict[tuple[str, int], str]) -> None:
    """Reporting has every accepted command once, as the very event that the topic has first, and nothing else; and it says so."""
    await reporting.caught_up(found.topic)
    facts = await reporting.facts(found.topic)
    assert set(facts) == set(accepted), f"{len(set(accepted) - set(facts))} lost, {len(set(facts) - set(accepted))} nobody was promised"
    assert facts == found.events, "another event than the topic has"
    said = await reporting.stream(found.topic)
    told = {name: said[name] for name in ("folded", "duplicates", "parked", "skipped", "gaps")}
    assert told == {"folded": len(accepted), "duplicates": found.duplicates, "parked": 0, "skipped": 0, "gaps": []}
    totals = {kind: (await reporting.ask("/facts", params={"type": kind, "limit": 1}))["total"] for kind in found.types}
    assert totals == found.types
    for subject in list(found.versions)[-5:]:
        page = await reporting.ask("/facts", params={"subject": subject, "limit": 500})
        assert sorted(fact["aggversion"] for fact in page["items"]) == sorted(found.versions[subject])
