"""The processes of an instance under supervisord: one configuration, one socket, an orderly end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xmlrpc.client import Error, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.home import Home

ROOT = Path(__file__).parent.parent.parent
STARTED_S = 3
"""Seconds a process must live to count as started; dying sooner, it is tried again 1, 2, 3, ... seconds later."""
RETRIES = 8
AGAIN_S = 30
"""After so many tries in a row, so long a pause."""
SLACK_S = 10
UNSPEAKABLE = ('"', "\\", "\n", " ;", " #")
"""Its configuration has no way to say these."""


class Failed(RuntimeError):
    """supervisord did not start, or is gone."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep alive. `services` end first and together, the others one by one from the highest `order` down."""

    name: str
    command: Sequence[str]
    order: int = 30
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    directory: Path = ROOT
    stop: signal.Signals = signal.SIGTERM
    stop_s: int = 25
    group: str | None = "services"

    @property
    def full_name(self) -> str:
        """As supervisord knows it."""
        return f"{self.group}:{self.name}" if self.group else self.name


def configuration(home: Home, programs: Sequence[Program]) -> str:
    """Write down what is to run, in supervisord's words; holds passwords."""
    own = {
        "logfile": home.logs / "supervisord.log",
        "logfile_maxbytes": "10MB",
        "logfile_backups": 1,
        "pidfile": home.path / "supervisord.pid",
        "silent": "true",
        **({"user": "root"} if os.geteuid() == 0 else {}),
    }
    sections = [
        _section("unix_http_server", {"file": home.socket, "chmod": "0600"}),
        _section("supervisord", own),
        _section("rpcinterface:supervisor", {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"}),
        *(_section(f"program:{program.name}", _settings(home, program)) for program in programs),
    ]
    for group in sorted({program.group for program in programs if program.group}):
        members = [program for program in programs if program.group == group]
        sections.append(_section(f"group:{group}", {"programs": ",".join(p.name for p in members), "priority": members[0].order}))
    return "\n".join(sections)


def _settings(home: Home, program: Program) -> dict[str, object]:
    environment = ",".join(f"{name}={_quoted(value)}" for name, value in program.env.items())
    return {
        "command": " ".join(map(_quoted, program.command)),
        "directory": program.directory,
        "priority": program.order,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": STARTED_S,
        "startretries": RETRIES,
        "stopsignal": program.stop.name.removeprefix("SIG"),
        "stopwaitsecs": program.stop_s,
        # PostgreSQL's own children are not signalled: it sees to them.
        "stopasgroup": str(program.stop is signal.SIGTERM).lower(),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": home.logs / f"{program.name}.log",
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 2,
        **({"environment": environment} if environment else {}),
        **({"user": program.user} if program.user else {}),
    }


def _section(name: str, settings: Mapping[str, object]) -> str:
    return f"[{name}]\n" + "".join(f"{key}={str(value).replace('%', '%%')}\n" for key, value in settings.items())


def _quoted(word: str) -> str:
    if any(sign in word for sign in UNSPEAKABLE):
        raise Failed(f"supervisord cannot be given {word!r}: a quotation mark, a backslash, a line break or what begins a comment is in it")
    return f'"{word}"'


def api(home: Home) -> Any:
    """The interface of supervisord, over its UNIX socket (http://supervisord.org/api.html)."""
    return ServerProxy("http://127.0.0.1", transport=SupervisorTransport(None, None, f"unix://{home.socket}")).supervisor


@dataclass(frozen=True, slots=True)
class News:
    """Something happened to a process, in words."""

    name: str
    text: str


class Supervisor:
    """supervisord, running for as long as this object's process lives."""

    def __init__(self, home: Home, programs: Sequence[Program], env: Mapping[str, str]) -> None:
        self.home, self.programs, self.env = home, list(programs), dict(env)
        self.process: subprocess.Popen[bytes] | None = None
        self.pids: dict[str, int] = {}
        self._log = home.logs / "supervisord.log"
        self._read = 0
        self._ends: dict[str, tuple[datetime, str]] = {}
        self._again: dict[str, float] = {}

    def start(self) -> None:
        """Start supervisord, and nothing under it yet; raises `Failed`."""
        file = self.home.path / "supervisord.conf"
        file.unlink(missing_ok=True)
        file.touch(0o600)
        file.write_text(configuration(self.home, self.programs), encoding="utf-8")
        # A killed instance leaves its socket behind.
        self.home.socket.unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)
        command = [sys.executable, "-W", "ignore", "-m", "deploy.local.supervisord", str(file)]
        with (self.home.logs / "supervisord.out").open("wb") as out:
            self.process = subprocess.Popen(  # noqa: S603 - ourselves
                command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT, env=self.env, start_new_session=True
            )
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError, Error):
                api(self.home).getState()
                return
            time.sleep(0.05)
        raise Failed(f"supervisord did not start:\n{(self.home.logs / 'supervisord.out').read_text(encoding='utf-8')[-2000:]}")

    def launch(self, program: Program) -> None:
        """Start one process; it is kept alive from now on."""
        api(self.home).startProcess(program.full_name, False)

    @property
    def alive(self) -> bool:
        """Is supervisord there?"""
        return self.process is not None and self.process.poll() is None

    def news(self) -> Iterator[News]:
        """What happened since the last call; what was given up is tried again after a pause. Raises `Failed` when supervisord is gone."""
        if not self.alive:
            raise Failed("supervisord is gone")
        for line in self._new_lines():
            yield from self._told(line)
        for name, when in list(self._again.items()):
            if time.monotonic() >= when:
                del self._again[name]
                with suppress(OSError, Error):
                    api(self.home).startProcess(name, False)

    def _new_lines(self) -> list[str]:
        if not self._log.exists():
            return []
        if self._log.stat().st_size < self._read:
            self._read = 0
        with self._log.open("rb") as log:
            log.seek(self._read)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode(errors="replace").splitlines()

    def _told(self, line: str) -> Iterator[News]:
        told = _LINE.match(line)
        if told is None:
            return
        at, name = datetime.strptime(told["at"], "%Y-%m-%d %H:%M:%S,%f"), told["name"]  # noqa: DTZ007 - only compared with its like
        if told["what"] == "spawned":
            self.pids[name] = int(told["pid"])
            if name in self._ends:
                died, how = self._ends.pop(name)
                yield News(name, f"{name} died ({how}), restarted after {max((at - died).total_seconds(), 0):.0f} s")
        elif told["what"] == "exited":
            self.pids.pop(name, None)
            self._ends[name] = at, told["how"].removeprefix("terminated by ")
        elif told["what"] == "stopped":
            self.pids.pop(name, None)
        elif told["what"] == "gave up":
            self._again[next((p.full_name for p in self.programs if p.name == name), name)] = time.monotonic() + AGAIN_S
            yield News(name, f"{name} keeps dying; see {self.home.logs / name}.log; next try in {AGAIN_S} s")

    def stop(self) -> None:
        """Services, then broker, then database; whatever has not ended by its time is killed. Leaves no process."""
        with suppress(Failed):
            list(self.news())
        if self.process is not None and self.alive:
            self.process.terminate()
            groups = {program.group or program.name: program.stop_s for program in self.programs}
            try:
                self.process.wait(sum(groups.values()) + SLACK_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for line in self._new_lines():
            list(self._told(line))
        for pid in self.pids.values():
            self._end(pid)
        self.home.socket.unlink(missing_ok=True)

    @staticmethod
    def _end(group: int) -> None:
        """What supervisord left because it was itself killed; each of its children leads a process group."""
        for number, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
            try:
                os.killpg(group, number)
            except (ProcessLookupError, PermissionError):
                return
            end = time.monotonic() + seconds
            while time.monotonic() < end and _exists(group):
                time.sleep(0.1)


_LINE = re.compile(
    r"(?P<at>[\d-]+ [\d:,]+) \w+ "
    r"(?P<what>exited|stopped|spawned|gave up): '?(?P<name>[\w-]+)'?"
    r"(?: with pid (?P<pid>\d+)| \((?P<how>[^;)]+).*| .*)?$"
)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
