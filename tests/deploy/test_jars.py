"""Kafka's jars: nothing but what the lock names gets in, from a Maven repository served here."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local import jars

GOOD = b"PK the very jar"
COORDINATE = "org.apache.kafka:kafka-clients:4.3.1"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Maven repository with one jar; returns the jar as the repository holds it."""
    jar = tmp_path / "repository/org/apache/kafka/kafka-clients/4.3.1/kafka-clients-4.3.1.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(GOOD)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "repository"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(jars, "repositories", lambda: {"here": f"http://127.0.0.1:{server.server_port}"})
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield jar
    server.shutdown()
    server.server_close()


def lock(folder: Path, *coordinates: str) -> Path:
    file = folder / "lock.toml"
    digest = hashlib.sha256(GOOD).hexdigest()
    file.write_text("[jars]\n" + "".join(f'"{coordinate}" = "{digest}"\n' for coordinate in coordinates))
    return file


def fetch(folder: Path, file: Path) -> Path:
    return jars.fetch(Console(quiet=True), file, folder / "cache") / "org.apache.kafka.kafka-clients-4.3.1.jar"


def test_a_locked_jar_is_fetched_once_and_then_needs_no_repository(repository: Path, tmp_path: Path) -> None:
    assert fetch(tmp_path, lock(tmp_path, COORDINATE)).read_bytes() == GOOD
    repository.unlink()
    assert fetch(tmp_path, lock(tmp_path, COORDINATE)).read_bytes() == GOOD


def test_a_jar_damaged_in_the_cache_is_fetched_again(repository: Path, tmp_path: Path) -> None:
    fetch(tmp_path, lock(tmp_path, COORDINATE)).write_bytes(b"PK damaged")
    assert fetch(tmp_path, lock(tmp_path, COORDINATE)).read_bytes() == GOOD


def test_another_jar_under_the_locked_name_is_refused_by_name_and_not_kept(repository: Path, tmp_path: Path) -> None:
    repository.write_bytes(b"PK another jar")
    with pytest.raises(jars.Refused, match=COORDINATE):
        fetch(tmp_path, lock(tmp_path, COORDINATE))
    assert list((tmp_path / "cache").iterdir()) == []
    # Mended, it comes: nothing of the refused one was kept.
    repository.write_bytes(GOOD)
    assert fetch(tmp_path, lock(tmp_path, COORDINATE)).read_bytes() == GOOD


def test_a_repository_that_is_away_is_said_in_words(repository: Path, tmp_path: Path) -> None:
    repository.unlink()
    with pytest.raises(jars.Refused, match=f"{COORDINATE} cannot be fetched"):
        fetch(tmp_path, lock(tmp_path, COORDINATE))


def test_two_versions_of_kafka_never_meet(tmp_path: Path) -> None:
    with pytest.raises(jars.Refused, match=r"3\.8\.0.*4\.3\.1"):
        jars.read(lock(tmp_path, COORDINATE, "org.apache.kafka:kafka_2.13:3.8.0"))


def test_the_lock_names_one_kafka_and_a_hash_for_every_jar() -> None:
    locked = jars.read()
    assert {"org.apache.kafka:kafka_2.13", "org.apache.kafka:kafka-clients"} <= {name.rsplit(":", 1)[0] for name in locked}
    assert all(len(digest) == 64 for digest in locked.values())
