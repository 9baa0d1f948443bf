"""What every race runs on: one real Kafka and one real PostgreSQL with the settings of `make run`, fresh, on loopback."""

import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from rich.console import Console

from deploy.local import databases, jars, kafka
from deploy.local.child import Child
from deploy.local.kafka import Broker
from deploy.local.postgres import Postgres, as_owner

PARTITIONS = 6
PASSWORD = "bench"
ISSUER = "http://127.0.0.1/bench"


@dataclass(frozen=True, slots=True)
class Ground:
    """A broker, a database server, and a folder for logs and stores."""

    folder: Path
    broker: Broker
    postgres: Postgres

    @property
    def servers(self) -> str:
        """Kafka's bootstrap address."""
        return self.broker.servers

    def database(self, service: str) -> str:
        """A fresh, migrated database of a service; its SQLAlchemy URL."""
        asyncio.run(self.postgres.drop_database(service))
        url = asyncio.run(self.postgres.create_database(service, PASSWORD))
        databases.migrate(service, url)
        return url

    def service(self, name: str, url: str, port: int, jwks: str = "file:///dev/null") -> Child:
        """A service as it is, on a database and a port, its log in the folder; without `jwks` nobody can sign in. Not started yet."""
        told = {"INSTANCE": "bench", "DATABASE_URL": url, "KAFKA_SERVERS": self.servers, "ISSUER": ISSUER, "PORT": str(port)}
        told |= {"JWKS_URL": jwks, "LOG_LEVEL": "WARNING"}
        env = {**environ, **{f"{name.upper()}_{key}": value for key, value in told.items()}}
        return Child([sys.executable, "-m", f"services.{name}"], self.folder / f"{name}-{port}.log", env)

    def topic(self, name: str, partitions: int = PARTITIONS) -> None:
        """A new topic."""
        client = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})
        client.create_topics([NewTopic(name, partitions, 1)])[name].result(30)
        kafka._wait_until_seen(client, {name})

    def records(self, topic: str) -> Iterator[tuple[int | None, bytes | None, bytes | None]]:
        """Partition, key and value of every record there is, in order of each partition."""
        reader = Consumer({"bootstrap.servers": self.servers, "group.id": "check", "enable.auto.commit": False})
        places = [TopicPartition(topic, number, 0) for number in range(PARTITIONS)]
        left = sum(reader.get_watermark_offsets(place)[1] for place in places)
        reader.assign(places)
        while left:
            for record in reader.consume(10_000, 1.0):
                left -= 1
                yield record.partition(), record.key(), record.value()
        reader.close()


@contextmanager
def prepared(console: Console) -> Iterator[Ground]:
    """Started, and gone with all its data afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="concord-bench-"))
    # PostgreSQL runs as another user where the caller is root.
    folder.chmod(0o755)
    client, controller, server = free_ports(3)
    broker = Broker(folder / "kafka", jars.fetch(console), client, controller, heap="1g", quick=False)
    postgres = Postgres(folder / "postgres", server, folder / "password")
    broker.prepare()
    postgres.prepare()
    children = (
        Child(broker.command(), folder / "kafka.log", kafka.environment()),
        Child(postgres.command(), folder / "postgres.log", cwd="/", **as_owner()),
    )
    try:
        for child in children:
            child.start()
        postgres.wait()
        broker.wait()
        kafka.create_topics(broker.servers)
        yield Ground(folder, broker, postgres)
    finally:
        for child in children:
            child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
