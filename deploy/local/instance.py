"""A whole local instance: which processes, what each is told, in which order they start."""

import asyncio
import importlib.util
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from deploy.local import databases, jars, kafka, keys, postgres
from deploy.local.home import Home, Unusable
from deploy.local.kafka import Broker
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.supervision import Failed, Program, Supervisor

INSTANCE = "demo"
ISSUER = "deploy.local.issuer"
CATCHER = "deploy.local.catcher"
LOADER = "deploy.local.load"
READY_S = 90


class Instance:
    """Put together from a folder and a port base; `start` does it, `stop` undoes it."""

    def __init__(self, home: Home, ports: Ports, console: Console) -> None:
        self.home, self.ports, self.console = home, ports, console
        self.services = databases.services()
        self.broker: Broker | None = None
        self.postgres = Postgres(home.data / "postgres", ports.postgres, home.path / "secrets" / "postgres")
        self.supervisor: Supervisor | None = None

    def start(self, *, filled: bool = True) -> None:
        """From nothing, or from what the folder holds, to every service ready and, where it shall be `filled`, the starting data loaded."""
        self.home.create()
        self._require_free_ports()
        keys.prepare(self.home.keys)
        self.broker = Broker(self.home.data / "kafka", jars.fetch(self.console), self.ports.kafka, self.ports.controller)
        with self._step("preparing broker and database"):
            self.postgres.prepare()
            self.broker.prepare()
        self.home.remember(self.ports.base)
        programs = self.programs()
        self.supervisor = Supervisor(self.home, programs, environment())
        self.supervisor.start()
        for program in programs:
            if program.group is None:
                self.supervisor.launch(program)
        self._prepare_platform()
        with self._step(f"starting {', '.join(self.services)}"):
            for program in programs:
                if program.group is not None:
                    self.supervisor.launch(program)
            self._wait_for_services()
        if filled:
            self._load()

    def _prepare_platform(self) -> None:
        broker = self._broker()
        with self._step("PostgreSQL: own database for each service, newest tables"):
            self.postgres.wait()
            for service in databases.with_database():
                url = asyncio.run(self.postgres.create_database(service, self.home.secret(service)))
                databases.migrate(service, url)
        with self._step("Kafka: topics as declared"):
            broker.wait()
            kafka.create_topics(broker.servers)

    def stop(self) -> None:
        """Services, then broker, then database."""
        if self.supervisor is not None:
            self.supervisor.stop()

    def _running(self) -> Supervisor:
        if self.supervisor is None:
            raise Failed("not started")
        return self.supervisor

    def _broker(self) -> Broker:
        if self.broker is None:
            raise Failed("not started")
        return self.broker

    def _require_free_ports(self) -> None:
        ports = self.ports
        others = {"issuer": ports.issuer, "kafka": ports.kafka, "controller": ports.controller, "postgres": ports.postgres}
        others |= {"mails": ports.mail_page, "smtp": ports.smtp}
        for name, port in sorted({**{s: ports.service(s) for s in self.services}, **others}.items(), key=lambda item: item[1]):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise Unusable(f"Port {port} ({name}) is not free: choose others with PORT_BASE=...") from error

    def programs(self) -> list[Program]:
        """Every process: database and broker first, then the services side by side."""
        broker, python = self._broker(), sys.executable
        # SIGINT is PostgreSQL's "fast" end: it does not wait for clients to leave.
        fast = signal.SIGINT
        server = self.postgres.command()
        database = Program("postgres", server, 10, user=postgres.owner(), directory=Path("/"), stop=fast, stop_s=20, group=None)
        programs = [database, Program("kafka", broker.command(), 20, stop_s=30, group=None)]
        if present(ISSUER):
            programs.append(Program("issuer", [python, "-m", ISSUER], env=self._told_issuer()))
        programs.append(Program("mails", [python, "-m", CATCHER], env=self._told_catcher()))
        programs += [Program(name, [python, "-m", f"services.{name}"], env=self.told(name)) for name in self.services]
        return programs

    def told(self, service: str) -> dict[str, str]:
        """What a service is told, as it runs here or for a command of its own."""
        told = {
            "INSTANCE": INSTANCE,
            "HOST": "127.0.0.1",
            "PORT": str(self.ports.service(service)),
            "ISSUER": self.ports.issuer_url,
            "LOG_FORMAT": "json",
            "DATABASE_URL": self._database_url(service),
            **(self._told_portal() if service == "portal" else self._told_kernel()),
            **(self._told_notifications() if service == "notifications" else {}),
            **({"PACK_KEY": str((self.home.keys / "packs.private.jwk.json").absolute())} if service == "contacts" else {}),
        }
        return {f"{service.upper()}_{name}": value for name, value in told.items()}

    def _database_url(self, service: str) -> str:
        return f"postgresql+asyncpg://{service}:{self.home.secret(service)}@127.0.0.1:{self.ports.postgres}/{service}"

    def _told_kernel(self) -> dict[str, str]:
        # Keys by file: a service can check tokens before the issuer runs.
        return {"KAFKA_SERVERS": self.ports.servers, "JWKS_URL": (self.home.keys / "jwks.json").absolute().as_uri()}

    def _told_portal(self) -> dict[str, str]:
        urls = {
            f"{name.upper()}_URL": self.ports.url(name)
            for name in ("contacts", "meetings", "operations", "partners", "capacity", "reporting")
        }
        return {
            **urls,
            "PUBLIC_URL": self.ports.url("portal"),
            "CLIENT_ID": "portal",
            "CLIENT_SECRET": self.home.secret("client"),
            "SESSION_SECRET": self.home.secret("sessions"),
        }

    def _told_notifications(self) -> dict[str, str]:
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.ports.smtp),
            "SMTP_TLS": "none",
            "SENDER": f"concord@{INSTANCE}.example",
            "CONTACTS_URL": self.ports.url("contacts"),
            "TOKEN_URL": f"{self.ports.issuer_url}/token",
            "PORTAL_URL": self.ports.url("portal"),
            "CLIENT_SECRET": self.home.secret("service_client"),
        }

    def _told_catcher(self) -> dict[str, str]:
        told = {"HOST": "127.0.0.1", "PORT": str(self.ports.mail_page), "SMTP_PORT": str(self.ports.smtp), "FOLDER": str(self.home.mails)}
        return {f"CATCHER_{name}": value for name, value in told.items()}

    def _told_issuer(self) -> dict[str, str]:
        return {
            "ISSUER_DEMO": "1",
            "ISSUER_HOST": "127.0.0.1",
            "ISSUER_PORT": str(self.ports.issuer),
            "ISSUER_URL": self.ports.issuer_url,
            "ISSUER_KEYS": str(self.home.keys),
            "ISSUER_CLIENT_SECRET": self.home.secret("client"),
            "ISSUER_SERVICE_SECRET": self.home.secret("service_client"),
            "ISSUER_REDIRECT": self.ports.url("portal"),
        }

    def probes(self) -> dict[str, str]:
        """Service -> the address that answers 2xx when it is ready."""
        ready = {name: f"{self.ports.url(name)}/health/ready" for name in self.services}
        ready["mails"] = f"{self.ports.mail_url}/health/live"
        return {**ready, "issuer": f"{self.ports.issuer_url}/health/live"} if present(ISSUER) else ready

    def _wait_for_services(self) -> None:
        waiting, end = self.probes(), time.monotonic() + READY_S
        with client() as http:
            while waiting and time.monotonic() < end:
                for news in self._running().news():
                    self.console.print(news.text)
                waiting = {name: url for name, url in waiting.items() if not answers(http, url)}
                time.sleep(0.1)
        if waiting:
            raise Failed(f"{', '.join(waiting)} not ready within {READY_S} s; see {self.home.logs}")

    def _load(self) -> None:
        if not present(LOADER) or "partners" not in self.services or not self._wants_data():
            return
        self.home.loading.touch()
        load(self.home, self.ports, self.console)
        self.home.loading.unlink()

    def _wants_data(self) -> bool:
        if self.home.loading.exists():
            return True
        bearer = importer(self.home, self.ports)
        with client() as http:
            answer = http.get(f"{self.ports.url('partners')}/partners", params={"limit": 1}, headers={"Authorization": f"Bearer {bearer}"})
        return int(answer.raise_for_status().json()["total"]) == 0

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        with self.console.status(what):
            yield
        self.console.print(f"[green]✓[/] {what} ({time.monotonic() - began:.1f} s)", highlight=False)


def load(home: Home, ports: Ports, console: Console) -> int:
    """Load the starting data into a running instance; returns how many commands were answered."""
    from deploy.local.load import load as through

    urls = {name: ports.url(name) for name in databases.services()}
    return asyncio.run(through(urls, lambda: importer(home, ports), console))


def importer(home: Home, ports: Ports) -> str:
    """A token that may load data."""
    return keys.token(home.keys, ports.issuer_url, ["importer"], ["*"])


def present(module: str) -> bool:
    """Is there such a module?"""
    return importlib.util.find_spec(module) is not None


def client() -> httpx.Client:
    """For loopback: no proxy of the environment has a say."""
    return httpx.Client(timeout=5, trust_env=False)


def answers(http: httpx.Client, url: str) -> bool:
    """Does it answer, and with a 2xx?"""
    try:
        return http.get(url).is_success
    except httpx.TransportError:
        return False


def environment() -> Mapping[str, str]:
    """What all processes are told: the caller's environment, less Java's settings, and no proxy for loopback."""
    return {**kafka.environment(), "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}
