"""One real Kafka and one real PostgreSQL for each process of a run; topics and databases fresh for each module that asks."""

import asyncio
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey
from rich.console import Console
from xdist.scheduler import LoadScopeScheduling

from deploy.local import databases, jars, kafka
from deploy.local.child import Child
from deploy.local.kafka import Broker
from deploy.local.keys import sign_packs
from deploy.local.postgres import Postgres, as_owner
from tests.outside import Outside

ISSUER = "http://127.0.0.1/demo-issuer"
PROOF = os.environ.get("CONCORD_PROOF") == "1"
"""Full sizes (`make proof`) instead of small ones."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A whole run is divided over two processes, each with its own broker and database; a part, or a proof, runs in one and prints as it goes."""
    return 2 if config.args == ["tests"] and not PROOF else 0


APART = ("benchmarks", "contracts", "deploy", "system")
"""Folders whose files share nothing; of the others each is one unit, for the fixtures of its service."""


LONG = (
    "system/test_fuzz.py",
    "deploy/test_run.py",
    "portal/",
    "system/test_kills.py",
    "system/test_spine.py",
    "system/test_erasure.py",
    "system/test_clients.py",
    "system/",
    "deploy/test_supervision.py",
    "contacts/",
    "contracts/test_documents.py",
)
"""The longest. Begun first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return next((number for number, name in enumerate(LONG) if item.nodeid.startswith(f"tests/{name}")), len(LONG))

    items.sort(key=turn)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """What a process takes at once: a folder, or a file of those whose files share nothing."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return file if folder in APART else folder


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, below the ephemeral range; each process of a run has a range of its own."""
    found: list[int] = []
    first = 26_000 + 3000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + os.getpid() % 2000
    for port in range(first, first + 1000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free ports")


@dataclass
class Platform:
    """The broker and the database server, each a child that tests may kill and start again."""

    folder: Path
    broker: Broker
    broker_child: Child
    postgres: Postgres
    postgres_child: Child


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    folder = Path(tempfile.mkdtemp(prefix="concord-test-"))
    folder.chmod(0o755)
    kafka_port, controller, pg_port = free_ports(3)
    broker = Broker(folder / "kafka", jars.fetch(Console(stderr=True)), kafka_port, controller)
    server = Postgres(folder / "postgres", pg_port, folder / "postgres-password")
    broker.prepare()
    server.prepare()
    # Tests kill processes, not machines: what the page cache holds survives, so waiting for the disk proves nothing here.
    quick = [*server.command(), "-c", "fsync=off"]
    children = (
        Child(broker.command(), folder / "kafka.log", kafka.environment()),
        Child(quick, folder / "postgres.log", cwd="/", **as_owner()),
    )
    try:
        for child in children:
            child.start()
        server.wait()
        broker.wait()
        kafka.create_topics(broker.servers)
        yield Platform(folder, broker, children[0], server, children[1])
    finally:
        for child in children:
            child.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def kafka_servers(platform: Platform) -> str:
    return platform.broker.servers


@pytest.fixture(scope="session")
def postgres(platform: Platform) -> Postgres:
    return platform.postgres


@pytest.fixture(scope="module")
def topics(kafka_servers: str) -> list[str]:
    """All declared topics, empty."""
    return fresh_topics(kafka_servers)


def fresh_topics(servers: str) -> list[str]:
    """All declared topics, made anew. A broker lets go of a topic's name a moment after it says it is gone."""
    kafka.delete_topics(servers)
    end = time.monotonic() + 30
    while True:
        try:
            kafka.create_topics(servers)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return list(kafka.declared())


Database = Callable[[str], Awaitable[str]]


@pytest.fixture(scope="module")
async def database(postgres: Postgres) -> AsyncIterator[Database]:
    """`await database("partners")`: a fresh, migrated database of that service for this module; its SQLAlchemy URL."""
    made: dict[str, str] = {}

    async def make(service: str) -> str:
        if service not in made:
            made[service] = await fresh_database(postgres, service)
        return made[service]

    yield make
    for service in made:
        await postgres.drop_database(service)


async def fresh_database(postgres: Postgres, service: str) -> str:
    """A service's database as migrated: migrated once in a run, then copied."""
    kept = f"{service} as migrated"
    await postgres.drop_database(service)
    if await run_sql(postgres, f"SELECT FROM pg_database WHERE datname = '{kept}'"):
        await run_sql(postgres, f'CREATE DATABASE "{service}" OWNER "{service}" TEMPLATE "{kept}"')
        return await postgres.create_database(service, "test")
    url = await postgres.create_database(service, "test")
    await asyncio.to_thread(databases.migrate, service, url)
    await run_sql(postgres, f'CREATE DATABASE "{kept}" TEMPLATE "{service}"')
    return url


async def run_sql(postgres: Postgres, statement: str) -> list[Any]:
    """A statement as the server's owner, past every service."""
    connection = await asyncpg.connect(postgres.admin_url())
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


@dataclass
class Keys:
    """A signing key, and the file that tells its public half."""

    private: ECKey
    jwks: Path

    @property
    def url(self) -> str:
        return f"file://{self.jwks}"


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    private = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})
    file = tmp_path_factory.mktemp("keys") / "jwks.json"
    (file.parent / "private.jwk.json").write_text(json.dumps(private.as_dict(private=True)))
    file.write_text(json.dumps({"keys": [private.as_dict(private=False)]}))
    return Keys(private, file)


BROWSERS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there: a shell without windows shows pages like the rest, for a third of the processor time."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of the pages' tests; without one they fail and say how to get it, rather than be skipped."""
    named = os.environ.get("CONCORD_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail(f"no browser for the pages' tests: install one (apt-get install {BROWSERS[0]}) or name one with CONCORD_CHROMIUM=...")
    return found


Token = Callable[..., str]


@pytest.fixture(scope="session")
def token(keys: Keys) -> Token:
    """`token("coordinator", "auditor", countries=["NL"], sub="x")`: a bearer token; any claim can be given or, as None, left out."""

    def sign(*roles: str, countries: list[str] | None = None, **claims: Any) -> str:
        given = {"iss": ISSUER, "sub": "tester", "aud": "concord", "exp": int(time.time()) + 3600}
        given |= {"roles": list(roles), "countries": ["*"] if countries is None else countries, **claims}
        return jwt.encode(
            {"alg": "ES256", "kid": "test"}, {name: value for name, value in given.items() if value is not None}, keys.private
        )

    return sign


@pytest.fixture(scope="session")
def outside(keys: Keys) -> Iterator[Outside]:
    """What lies beyond the services: a mail server whose mails tests read, and an issuer that services sign in at."""
    world = Outside(keys.jwks.parent)
    yield world
    world.stop()


@pytest.fixture(scope="session")
def environment(kafka_servers: str, keys: Keys, outside: Outside) -> Callable[..., dict[str, str]]:
    """`environment("partners", url, PORT="9")`: what a service is told, as environment variables."""

    def tell(service: str, database_url: str, **more: str) -> dict[str, str]:
        told = {"INSTANCE": "test", "DATABASE_URL": database_url, "KAFKA_SERVERS": kafka_servers, "ISSUER": ISSUER, "JWKS_URL": keys.url}
        if service == "contacts":
            told["PACK_KEY"] = str(sign_packs(keys.jwks.parent))
        if service == "notifications":
            told |= outside.told(more.get("ISSUER", ISSUER))
        return {f"{service.upper()}_{name}": value for name, value in {**told, "LOG_LEVEL": "WARNING", **more}.items()}

    return tell


@pytest.fixture(scope="module")
async def app(request: pytest.FixtureRequest, database: Database, environment: Callable[..., dict[str, str]]) -> AsyncIterator[FastAPI]:
    """The service that the test's folder is named after, on a database of its own."""
    service = request.path.parent.name
    told = environment(service, await database(service))
    settings = import_module(f"services.{service}.settings").Settings
    given = settings(**{name.removeprefix(f"{service.upper()}_").lower(): value for name, value in told.items()})
    built = cast(FastAPI, import_module(f"services.{service}.app").build(given))
    yield built
    await built.state.engine.dispose()


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Straight into the app: its relay does not run, so the outbox shows what was said."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://service") as http:
        yield http
