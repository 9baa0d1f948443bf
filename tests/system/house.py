"""The whole house for the tests of the whole way: every service but the portal as a real process, on fresh databases and topics."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import Any

import httpx
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from rich.console import Console

from deploy.local.child import Child
from deploy.local.load import load, reference
from deploy.local.load.entries import Entry
from deploy.local.load.years import centres, meetings
from services.contacts import projections as contacts
from services.notifications import projections as notifications
from services.reporting import projections as reporting
from tests.conftest import PROOF, free_ports
from tests.system.world import ROOT, ready, service, sql, until

SERVICES = ("contacts", "meetings", "notifications", "operations", "partners", "capacity", "reporting")
READ = {"contacts": contacts.TOPICS, "notifications": notifications.TOPICS, "reporting": reporting.topics()}
"""What each reader takes in."""
MEETINGS, CENTRES = (None, None) if PROOF else (25, 12)
"""Of the published years' entries a house takes the first: an instance of `make run` has them all, and so has one of a proof."""


@dataclass
class Member:
    """One service of the house."""

    child: Child
    url: str
    dsn: str
    told: dict[str, str]

    @property
    def publishes(self) -> bool:
        return not self.dsn.endswith("/notifications")


@dataclass
class House:
    """Its services, and what tests do with them over HTTP and by command line."""

    members: dict[str, Member]
    servers: str
    topics: list[str]
    token: Callable[..., str]
    folder: Path
    http: httpx.AsyncClient
    bearers: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Member:
        return self.members[name]

    async def ask(self, name: str, method: str, path: str, *roles: str, **more: Any) -> httpx.Response:
        """A request as somebody with these roles; changes name any version."""
        as_ = roles or ("coordinator",)
        bearer = self.bearers.setdefault(as_, self.token(*as_))
        headers = {"Authorization": f"Bearer {bearer}", "If-Match": "*", **more.pop("headers", {})}
        return await self.http.request(method, self[name].url + path, headers=headers, **more)

    async def told(self, name: str, method: str, path: str, *roles: str, **more: Any) -> dict[str, Any]:
        """The same where it must succeed."""
        answer = await self.ask(name, method, path, *roles, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def reached(self, name: str, path: str, state: str, *roles: str) -> dict[str, Any]:
        """What is worked on beside the requests, once it is in this state."""
        async with asyncio.timeout(60):
            while (found := await self.told(name, "GET", path, *roles))["state"] != state:
                await asyncio.sleep(0.2)
        return found

    async def metrics(self, name: str) -> str:
        """What Prometheus would scrape."""
        return (await self.http.get(f"{self[name].url}/metrics")).raise_for_status().text

    async def load(self, sub: str = "loader", entries: Sequence[Entry] = ()) -> int:
        """The reference data and some meetings, or others, as the importer loads them; how many commands were answered."""
        urls = {name: member.url for name, member in self.members.items()}
        entries = entries or [*reference(), *islice(meetings(), MEETINGS), *islice(centres(), CENTRES)]
        return await load(urls, lambda: self.token("importer", sub=sub), Console(file=io.StringIO()), entries)

    async def ends(self) -> dict[str, int]:
        """How many records each topic has."""
        found = await asyncio.to_thread(self._ends)
        return {topic: sum(end for name, end in found if name == topic) for topic in self.topics}

    def _ends(self) -> list[tuple[str, int]]:
        client = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})
        there = client.list_topics(timeout=10).topics
        wanted = {TopicPartition(topic, p): OffsetSpec.latest() for topic in self.topics for p in there[topic].partitions}
        return [(partition.topic, found.result(10).offset) for partition, found in client.list_offsets(wanted).items()]

    async def settled(self, seconds: float = 60) -> None:
        """Until everything that was answered is on its topic and folded."""
        await until(self._settled, "every outbox empty and every topic folded", seconds)

    async def _settled(self) -> bool:
        for member in self.members.values():
            if member.publishes and await sql(member.dsn, f"SELECT count(*) FROM {schema(member)}outbox WHERE set_aside IS NULL"):
                return False
        ends = await self.ends()
        for name, topics in READ.items():
            read = await sql(self[name].dsn, f"SELECT coalesce(sum(next_offset), 0) FROM {schema(self[name], 'facts.')}offsets")
            if int(read) != sum(ends[topic] for topic in topics):
                return False
        return True

    async def value(self, code: str, **question: str) -> str | None:
        """One figure."""
        found: str | None = (await self.told("reporting", "GET", f"/indicators/{code}", "auditor", params=question))["value"]
        return found

    async def codes(self) -> list[str]:
        """Every indicator there is."""
        return [each["code"] for each in (await self.told("reporting", "GET", "/indicators", "auditor"))["items"]]

    async def figures(self, asofs: Sequence[str]) -> dict[tuple[str, ...], Any]:
        """Every indicator x as-of x period x country: all of each answer but what tells of the stream at this moment.

        In a proof every country that facts are of, and month by month.
        """
        asked = list(product(await self.codes(), asofs, (("", ""), ("2017", ""), ("2024-03", "")), ("", "AL")))
        if PROOF:
            countries = await sql(self["reporting"].dsn, "SELECT array_agg(DISTINCT country) FROM facts.facts WHERE country IS NOT NULL")
            asked += product(await self.codes(), asofs, (("2023", "month"), ("2024", "month")), ("", *(countries or ())))
        gate = asyncio.Semaphore(6)

        async def figure(code: str, asof: str, period: tuple[str, str], country: str) -> dict[str, Any]:
            told = {"asof": asof, "period": period[0], "by": period[1], "country": country}
            question = {name: value for name, value in told.items() if value}
            async with gate:
                answer = await self.told("reporting", "GET", f"/indicators/{code}", "auditor", params=question)
            return {name: value for name, value in answer.items() if name not in ("complete_until", "provisional", "asof")}

        return dict(zip(asked, await asyncio.gather(*(figure(*question) for question in asked)), strict=True))

    async def operate(self, *arguments: str, expected: int = 0) -> str:
        """`python -m services.reporting …` as an operator runs it; what it printed."""
        command = [sys.executable, "-m", "services.reporting", *arguments]
        env = {**os.environ, **self["reporting"].told}
        done = await asyncio.create_subprocess_exec(
            *command, env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said = (await done.communicate())[0].decode()
        assert done.returncode == expected, said
        return said

    async def start(self, *names: str) -> None:
        """Start these (all where none is named) and wait until they are ready."""
        for name in names or SERVICES:
            self[name].child.start()
        await asyncio.gather(*(ready(self[name].url) for name in names or SERVICES))


def schema(member: Member, of_reporting: str = "reports.") -> str:
    """Where the service keeps what it owns; reporting keeps what facts said elsewhere."""
    return of_reporting if member.dsn.endswith("/reporting") else "public."


@asynccontextmanager
async def opened(
    topics: list[str], servers: str, database: Any, environment: Any, token: Any, paths: Any, **more: str
) -> AsyncIterator[House]:
    """A house on the fixtures' fresh databases and topics; `more` is told to every service, e.g. LOG_LEVEL="DEBUG"."""
    folder: Path = paths.mktemp("house")
    members: dict[str, Member] = {}
    for name, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
        address = await database(name)
        urls = {"CONTACTS_URL": members["contacts"].url} if name == "notifications" else {}
        told = environment(name, address, LOG_FORMAT="json", **urls, **more)
        child = service(name, port, told, folder / f"{name}.log")
        members[name] = Member(child, f"http://127.0.0.1:{port}", address.replace("+asyncpg", ""), told)
    try:
        async with httpx.AsyncClient(timeout=30) as http:
            house = House(members, servers, topics, token, folder, http)
            await house.start()
            yield house
    finally:
        for member in members.values():
            member.child.stop(5)
