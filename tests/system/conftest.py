from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.child import Child
from tests.conftest import free_ports
from tests.system.world import Load, Reading, ready, service, sql


@dataclass
class Partners:
    """The service under fault, and how to begin a second of it on the same database."""

    child: Child
    url: str
    dsn: str
    second: Callable[[], tuple[Child, str]]

    async def backlog(self) -> int:
        return int(await sql(self.dsn, "SELECT count(*) FROM outbox WHERE set_aside IS NULL"))


@pytest.fixture(scope="module")
async def partners(topics: list[str], database: Any, environment: Any, tmp_path_factory: Any) -> AsyncIterator[Partners]:
    address = await database("partners")
    folder: Path = tmp_path_factory.mktemp("partners")
    ports = free_ports(2)
    told = environment("partners", address)
    child, other = (service("partners", port, told, folder / f"{port}.log") for port in ports)
    child.start()
    try:
        await ready(f"http://127.0.0.1:{ports[0]}")
        dsn = address.replace("+asyncpg", "")
        yield Partners(child, f"http://127.0.0.1:{ports[0]}", dsn, lambda: (other, f"http://127.0.0.1:{ports[1]}"))
    finally:
        child.stop(5)
        other.stop(5)


@pytest.fixture(scope="module")
async def reporting(
    topics: list[str], database: Any, environment: Any, token: Any, kafka_servers: str, tmp_path_factory: Any
) -> AsyncIterator[Reading]:
    address = await database("reporting")
    folder: Path = tmp_path_factory.mktemp("reporting")
    # Past the one that the second of partners will take.
    port = free_ports(3)[-1]
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
def load(partners: Partners, token: Any) -> Load:
    return Load(partners.url, token("coordinator"))
