"""What supervision promises, on small processes: kept alive, said so, ended in order, never left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import supervision
from deploy.local.home import Home
from deploy.local.supervision import ROOT, Failed, News, Program, Supervisor

CHILD = """
import pathlib, signal, sys, time
name, log, stubborn = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3] == "stubborn"
def end(*_):
    with log.open("a") as out: print(name, file=out)
    if not stubborn: sys.exit(0)
signal.signal(signal.SIGTERM, end)
log.with_name(name + ".up").touch()
while True: time.sleep(0.2)
"""


@pytest.fixture
def home() -> Iterator[Home]:
    # A UNIX socket's path must be short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="concord-") as folder:
        home = Home(Path(folder) / "home")
        home.create()
        yield home


def program(home: Home, name: str, order: int = 30, group: str | None = "services", how: str = "willing", stop_s: int = 5) -> Program:
    script = home.path / "child.py"
    script.write_text(CHILD)
    return Program(name, [sys.executable, str(script), name, str(home.path / "ended"), how], order, group=group, stop_s=stop_s)


def family(home: Home) -> list[Program]:
    return [program(home, "database", 10, None), program(home, "broker", 20, None), program(home, "one"), program(home, "two")]


def started(home: Home, programs: list[Program]) -> Supervisor:
    supervisor = Supervisor(home, programs, dict(os.environ))
    supervisor.start()
    for each in programs:
        supervisor.launch(each)
    up = [home.path / f"{each.name}.up" for each in programs if str(home.path / "child.py") in each.command]
    until(lambda: (list(supervisor.news()), len(supervisor.pids) == len(programs) and all(file.exists() for file in up))[1], "all started")
    return supervisor


def until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


def heard(supervisor: Supervisor, name: str, seconds: float = 20) -> News:
    found: list[News] = []
    until(lambda: found.extend(news for news in supervisor.news() if news.name == name) or found, f"news of {name}", seconds)
    return found[0]


def test_a_killed_service_is_started_again_and_said_so(home: Home) -> None:
    supervisor = started(home, family(home))
    try:
        killed = supervisor.pids["one"]
        time.sleep(supervision.STARTED_S + 0.5)
        os.kill(killed, signal.SIGKILL)
        assert heard(supervisor, "one").text.startswith("one died (SIGKILL), restarted after ")
        assert supervisor.pids["one"] != killed
        assert alive(supervisor.pids["one"])
    finally:
        supervisor.stop()


def test_one_that_keeps_dying_is_tried_ever_later_then_given_a_pause_and_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "RETRIES", 2)
    monkeypatch.setattr(supervision, "AGAIN_S", 1)
    bad = Program("bad", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = Supervisor(home, [bad], dict(os.environ))
    supervisor.start()
    try:
        supervisor.launch(bad)
        said: list[str] = []
        until(
            lambda: said.extend(news.text for news in supervisor.news()) or sum("keeps dying" in text for text in said) == 2,
            "two rounds",
            40,
        )
        assert said[0].startswith("bad died (exit status 3")
        waits = [int(text.split("restarted after ")[1].split(" ")[0]) for text in said[:2]]
        assert waits[1] > waits[0] >= 1
    finally:
        supervisor.stop()


def test_services_end_first_then_broker_then_database(home: Home) -> None:
    supervisor = started(home, family(home))
    pids = list(supervisor.pids.values())
    supervisor.stop()
    ended = (home.path / "ended").read_text().split()
    assert sorted(ended[:2]) == ["one", "two"]
    assert ended[2:] == ["broker", "database"]
    assert not any(map(alive, pids))


def test_one_that_will_not_end_is_killed_in_time(home: Home) -> None:
    supervisor = started(home, [program(home, "stubborn", how="stubborn", stop_s=1), program(home, "database", 10, None)])
    pids, began = list(supervisor.pids.values()), time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 8
    assert (home.path / "ended").read_text().split() == ["stubborn", "database"]
    assert not any(map(alive, pids))


def test_a_killed_supervisord_leaves_nothing(home: Home) -> None:
    supervisor = started(home, family(home))
    pids = list(supervisor.pids.values())
    assert supervisor.process is not None
    supervisor.process.kill()
    supervisor.process.wait()
    with pytest.raises(Failed):
        list(supervisor.news())
    supervisor.stop()
    assert not any(map(alive, pids))


STARTER = """
import os, sys, time
from pathlib import Path
from deploy.local.home import Home
from deploy.local.supervision import Program, Supervisor
home = Home(Path(sys.argv[1]))
one = Program("one", [sys.executable, "-c", "import time; time.sleep(600)"])
supervisor = Supervisor(home, [one], dict(os.environ))
supervisor.start()
supervisor.launch(one)
while not supervisor.pids: list(supervisor.news())
print(supervisor.process.pid, supervisor.pids["one"], flush=True)
time.sleep(600)
"""


def test_everything_ends_when_whoever_started_it_is_killed(home: Home) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(home.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with starter:
        assert starter.stdout is not None
        pids = [int(word) for word in starter.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(alive, pids))
        starter.kill()
        starter.wait()
    until(lambda: not any(map(alive, pids)), "supervisord and its child end with their starter", 15)


@pytest.mark.parametrize("word", ['a"b', "a\\b", "a\nb", "a ;b", "a #b"])
def test_what_supervisord_could_misread_is_refused(home: Home, word: str) -> None:
    with pytest.raises(Failed, match="cannot be given"):
        supervision.configuration(home, [Program("one", ["/bin/echo", word])])


def test_environment_arrives_unchanged(home: Home) -> None:
    secret = "p%w %(here)s,x=y;z#1"
    out = home.path / "out"
    teller = Program(
        "one",
        [sys.executable, "-c", f"import os,time; open('{out}','w').write(os.environ['SECRET']); time.sleep(60)"],
        env={"SECRET": secret},
    )
    supervisor = started(home, [teller])
    try:
        until(lambda: out.exists() and out.read_text(), "the child told its secret")
        assert out.read_text() == secret
    finally:
        supervisor.stop()
