"""Kafka's jars: exact coordinates and SHA-256 in `kafka.lock.toml`, fetched once from Maven's repositories, verified, cached."""

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jgo
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext
from rich.console import Console
from rich.progress import track

LOCK = Path(__file__).parent / "kafka.lock.toml"
WANTED = ("org.apache.kafka:kafka_2.13", "org.apache.kafka:kafka-clients", "org.apache.kafka:kafka-tools")
"""`kafka-clients` is named too: left to itself the resolver takes an older one, and the broker does not start."""


TRIES = 3


class Refused(RuntimeError):
    """A jar is not what the lock says, or the lock contradicts itself."""


def cache() -> Path:
    """Where verified jars stay for all checkouts of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "concord" / "kafka"


def read(lock: Path = LOCK) -> Mapping[str, str]:
    """Coordinate (`group:artifact:version`) -> SHA-256; raises `Refused` where two versions of Kafka meet."""
    jars: dict[str, str] = tomllib.loads(lock.read_text(encoding="utf-8"))["jars"]
    versions = {coordinate.rsplit(":", 1)[1] for coordinate in jars if coordinate.startswith("org.apache.kafka:")}
    if len(versions) != 1:
        msg = f"the lock mixes versions of Kafka: {sorted(versions)}"
        raise Refused(msg)
    return jars


def fetch(console: Console, lock: Path = LOCK, folder: Path | None = None) -> Path:
    """The folder with exactly the locked jars; what is missing or damaged is fetched (again), a wrong one refused by name."""
    jars, folder = read(lock), folder or cache()
    folder.mkdir(parents=True, exist_ok=True)
    missing = {c: sha for c, sha in jars.items() if not _sound(folder / _file(c), sha)}
    if missing:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as downloads, ThreadPoolExecutor(8) as pool:
            maven = MavenContext(repo_cache=Path(downloads), remote_repos=repositories(), timeout=30)
            work = pool.map(lambda item: _get(maven, folder, *item), missing.items())
            for _ in track(work, f"fetching Kafka ({len(missing)} jars)", len(missing), console=console, disable=not console.is_terminal):
                pass
        console.print(f"Kafka: {len(missing)} jars fetched and verified")
    return folder


def classpath(folder: Path, lock: Path = LOCK) -> str:
    """The locked jars and no others, whatever else lies in the folder."""
    return os.pathsep.join(str(folder / _file(coordinate)) for coordinate in read(lock))


def repositories() -> dict[str, str]:
    """Maven Central, and what jgo's own settings on this machine add (a mirror, say)."""
    return {"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}


def _file(coordinate: str) -> str:
    group, artifact, version = coordinate.split(":")
    return f"{group}.{artifact}-{version}.jar"


def _sound(jar: Path, sha256: str) -> bool:
    return jar.exists() and hashlib.sha256(jar.read_bytes()).hexdigest() == sha256


def _get(maven: MavenContext, folder: Path, coordinate: str, sha256: str) -> None:
    group, artifact, version = coordinate.split(":")
    wanted = maven.project(group, artifact).at_version(version).artifact()
    for again in range(TRIES):
        try:
            found = wanted.resolve()
        except Exception as error:
            if again + 1 == TRIES:
                msg = f"{coordinate} cannot be fetched ({type(error).__name__}: {error}); is the network there?"
                raise Refused(msg) from error
            continue
        if _sound(found, sha256):
            break
        # Damaged on its way? Another try gets it whole; a jar that is another one does not become right.
        found.unlink()
    else:
        msg = f"{coordinate}: its SHA-256 is not the locked one; it was not installed"
        raise Refused(msg)
    partial = folder / f".{_file(coordinate)}.{os.getpid()}"
    shutil.copyfile(found, partial)
    partial.rename(folder / _file(coordinate))


def relock(kafka: str, log4j: str, lock: Path = LOCK) -> int:
    """Resolve anew for given versions and write the lock; returns how many jars it names."""
    wanted = [*(f"{name}:{kafka}" for name in WANTED), f"org.apache.logging.log4j:log4j-slf4j-impl:{log4j}"]
    lines = []
    for artifact in jgo.resolve("+".join(wanted)):
        digest = hashlib.sha256(artifact.resolve().read_bytes()).hexdigest()
        lines.append(f'"{artifact.groupId}:{artifact.artifactId}:{artifact.version}" = "{digest}"')
    text = "\n".join(["# Kafka's jars; written by: python -m deploy.local lock-jars", "[jars]", *sorted(set(lines)), ""])
    lock.write_text(text, encoding="utf-8")
    return len(read(lock))
