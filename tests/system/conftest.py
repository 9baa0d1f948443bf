from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.child import Child
from tests.conftest import free_ports
from tests.system.fuzz import Api, Judge, Operation
from tests.system.recipes import Recipes
from tests.system.works import WORKS, Work
from tests.system.world import Load, Reading, ready, service, sql


@dataclass
class Publisher:
    """A service under fault, what its clients do, and how to begin a second of it on the same database."""

    work: Work
    child: Child
    url: str
    dsn: str
    second: Callable[[], tuple[Child, str]]

    async def backlog(self) -> int:
        return int(await sql(self.dsn, "SELECT count(*) FROM outbox WHERE set_aside IS NULL"))


Publishers = Callable[[str], Awaitable[Publisher]]


@pytest.fixture(scope="module")
async def publishers(topics: list[str], database: Any, environment: Any, tmp_path_factory: Any) -> AsyncIterator[Publishers]:
    """`await publishers("partners")`: that service as a real process, started when first asked for."""
    folder: Path = tmp_path_factory.mktemp("publishers")
    begun: dict[str, Publisher] = {}
    children: list[Child] = []
    # All at once: what is not started yet does not hold its port.
    ports = iter(free_ports(2 * len(WORKS)))

    async def begin(name: str) -> Publisher:
        if name not in begun:
            address = await database(name)
            told = environment(name, address)
            (url, child), second = (
                (f"http://127.0.0.1:{port}", service(name, port, told, folder / f"{port}.log")) for port in (next(ports), next(ports))
            )
            children.extend((child, second[1]))
            child.start()
            await ready(url)
            begun[name] = Publisher(WORKS[name], child, url, address.replace("+asyncpg", ""), lambda: (second[1], second[0]))
        return begun[name]

    try:
        yield begin
    finally:
        for child in children:
            child.stop(5)


@pytest.fixture(scope="module")
async def partners(publishers: Publishers) -> Publisher:
    return await publishers("partners")


@pytest.fixture(scope="module")
async def reporting(
    topics: list[str], database: Any, environment: Any, token: Any, kafka_servers: str, tmp_path_factory: Any
) -> AsyncIterator[Reading]:
    address = await database("reporting")
    folder: Path = tmp_path_factory.mktemp("reporting")
    # Past those that the publishers will take.
    port = free_ports(2 * len(WORKS) + 1)[-1]
    told = environment("reporting", address)
    url = f"http://127.0.0.1:{port}"
    child = service("reporting", port, told, folder / "reporting.log")
    child.start()
    try:
        await ready(url)
        yield Reading(child, url, address.replace("+asyncpg", ""), kafka_servers, told, token("operator", "auditor"))
    finally:
        child.stop(5)


@pytest.fixture
def load(partners: Publisher, token: Any) -> Load:
    return Load(partners.url, token("coordinator"), partners.work)


@pytest.fixture(scope="module")
def judge(house: Any, token: Any) -> Iterator[Judge]:
    """Of the house that the test's file opens."""
    apis = {name: Api.of(name, member.url) for name, member in house.members.items()}
    with httpx.Client(timeout=30) as http:
        yield Judge(apis, token, http)


@pytest.fixture(scope="module")
def recipes(judge: Judge, house: Any) -> Recipes:
    return Recipes(judge, house.servers)


@pytest.fixture(scope="module")
def operations(judge: Judge) -> list[Operation]:
    return [operation for api in judge.apis.values() for operation in api.operations]
