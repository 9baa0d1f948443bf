"""`make run`, as a user meets it: two instances side by side, a death, an end, a second start, and what is refused."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from deploy.local import keys, postgres, supervision
from deploy.local.home import Home
from deploy.local.instance import importer
from deploy.local.ports import Ports
from deploy.local.supervision import ROOT

READY_S = 400
pytestmark = pytest.mark.timeout(900)
OFFSETS = (*range(10), 1025, 1092, 1093, 1432)


def free_base(above: int) -> int:
    def free(port: int) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
            return True

    return next(base for base in range(above, above + 2000, 10) if all(free(base + offset) for offset in OFFSETS))


@dataclass
class Running:
    """One `python -m deploy.local run`."""

    home: Home
    ports: Ports
    began: float = field(default_factory=time.monotonic)
    process: subprocess.Popen[bytes] | None = None

    @property
    def out(self) -> Path:
        return self.home.path.parent / f"{self.home.path.name}.out"

    @property
    def said(self) -> str:
        return self.out.read_text(errors="replace")

    def start(self, *more: str) -> "Running":
        self.began = time.monotonic()
        with self.out.open("wb") as out:
            told = [*command(self.home, self.ports.base), *more]
            self.process = subprocess.Popen(told, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        return self

    def ready(self) -> float:
        assert self.process is not None
        while "Ready after" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() - self.began < READY_S, self.said
            time.sleep(0.1)
        return time.monotonic() - self.began

    def pids(self) -> dict[str, int]:
        return {info["name"]: info["pid"] for info in supervision.api(self.home).getAllProcessInfo()}

    def partners(self) -> int:
        bearer = {"Authorization": f"Bearer {importer(self.home, self.ports)}"}
        answer = httpx.get(f"{self.ports.url('partners')}/partners", params={"limit": 1}, headers=bearer, trust_env=False, timeout=10)
        return int(answer.raise_for_status().json()["total"])

    def end(self, by: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(by)
        return self.process.wait(60)


def command(home: Home, base: int) -> list[str]:
    return [sys.executable, "-m", "deploy.local", "run", "--home", str(home.path), "--port-base", str(base)]


def left_of(home: Home) -> list[str]:
    """Processes that know this folder, by their command line or their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if int(process.name) != os.getpid() and os.fsencode(home.path) in told:
            found.append(told[:200].decode(errors="replace"))
    return found


@pytest.fixture(scope="module")
def instances() -> Iterator[tuple[Running, Running]]:
    """Two at once, from nothing: one with the starting data, one without."""
    with tempfile.TemporaryDirectory(prefix="concord-", ignore_cleanup_errors=True) as name:
        # PostgreSQL's user, where tests run as root, has to get through.
        Path(name).chmod(0o755)
        first, second = free_base(15000), free_base(18000)
        both = (Running(Home(Path(name) / "first"), Ports(first)), Running(Home(Path(name) / "second"), Ports(second)))
        try:
            # One after the other: two that start at once on two cores show how long that takes, and nothing else.
            for each, more in zip(both, ((), ("--empty",)), strict=True):
                each.start(*more).ready()
            yield both
        finally:
            for each in both:
                if each.process is not None and each.process.poll() is None:
                    each.process.terminate()
                    each.process.wait(60)


def test_two_instances_live_side_by_side_each_with_its_own_data(instances: tuple[Running, Running]) -> None:
    for each in instances:
        each.ready()
        for service in each.pids().keys() - {"kafka", "postgres", "issuer", "mails"}:
            assert httpx.get(f"{each.ports.url(service)}/health/ready", trust_env=False, timeout=10).status_code == 200
    first, second = instances
    assert first.partners() > 0
    assert second.partners() == 0
    assert keys.token(first.home.keys, "x", ["auditor"], ["*"]) != keys.token(second.home.keys, "x", ["auditor"], ["*"])


def test_the_table_says_what_runs_where_and_how_to_sign_in(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()
    for word in (
        "portal",
        first.ports.url("portal"),
        first.ports.issuer_url,
        first.ports.mail_url,
        "make token",
        str(first.home.data),
        str(first.home.logs),
    ):
        assert word in first.said


def test_a_second_run_in_the_same_folder_or_on_the_same_ports_is_refused_in_one_sentence(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()
    again = subprocess.run(command(first.home, free_base(21000)), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (again.returncode, "runs in" in again.stdout, again.stdout.count("\n")) == (2, True, 1)
    beside = Home(first.home.path.with_name("third"))
    taken = subprocess.run(command(beside, first.ports.base), cwd=ROOT, capture_output=True, text=True, check=False)
    assert taken.returncode == 2
    assert taken.stdout == f"Port {first.ports.base} (portal) is not free: choose others with PORT_BASE=...\n"


def test_a_killed_service_comes_back_and_is_spoken_of(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()
    os.kill(first.pids()["partners"], signal.SIGKILL)
    end = time.monotonic() + 60
    while "partners died (SIGKILL), restarted after" not in first.said:
        assert time.monotonic() < end, first.said
        time.sleep(0.1)
    while True:
        try:
            assert first.partners() > 0
            break
        except httpx.HTTPError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_a_service_s_own_command_runs_on_the_instance(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()

    def operate(*told: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.local", "operate", "--home", str(first.home.path), *told]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    compared = operate("reporting", "rebuild", "--check")
    assert (compared.returncode, "equal" in compared.stdout) == (0, True), compared.stdout + compared.stderr
    unknown = operate("nothing", "rebuild")
    assert (unknown.returncode, "There is no service nothing" in unknown.stdout) == (2, True)


def test_sigterm_ends_all_and_a_second_start_has_all_data(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()
    before = first.partners()
    assert first.end(signal.SIGTERM) == 0
    assert left_of(first.home) == []
    first.start().ready()
    assert first.partners() == before
    assert "starting data" not in first.said


def test_a_killed_cli_leaves_no_process(instances: tuple[Running, Running]) -> None:
    second = instances[1]
    second.ready()
    assert len(left_of(second.home)) > 3
    second.end(signal.SIGKILL)
    end = time.monotonic() + 60
    while left_of(second.home):
        assert time.monotonic() < end, left_of(second.home)
        time.sleep(0.2)


def test_ctrl_c_ends_all_and_reset_wipes(instances: tuple[Running, Running]) -> None:
    first = instances[0]
    first.ready()
    reset = [sys.executable, "-m", "deploy.local", "reset", "--home", str(first.home.path)]
    refused = subprocess.run([*reset, "--yes"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (refused.returncode, first.home.data.exists()) == (2, True)
    assert first.end(signal.SIGINT) == 0
    assert left_of(first.home) == []
    asked = subprocess.run(reset, cwd=ROOT, input="n\n", capture_output=True, text=True, check=False)
    assert (asked.returncode, first.home.data.exists()) == (1, True)
    subprocess.run([*reset, "--yes"], cwd=ROOT, capture_output=True, check=True)
    assert not first.home.path.exists()


def test_a_folder_postgresql_cannot_reach_is_refused_with_what_to_do() -> None:
    if postgres.owner() is None:
        # Only root has this trouble; anyone else's server runs as themselves.
        assert postgres.as_owner() == {}
        return
    with tempfile.TemporaryDirectory(prefix="concord-") as closed:
        Path(closed).chmod(0o700)
        done = subprocess.run(command(Home(Path(closed) / "home"), free_base(24000)), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot reach" in done.stdout
    assert "HOME_DIR=" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
