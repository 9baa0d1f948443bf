"""One child process of ours: started in its own group, stopped or killed for certain."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


class Child:
    """A command that can be started again and again; its output is appended to `log`."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, **how: Any) -> None:
        self.command, self.log, self.env, self.how = list(command), log, dict(env or os.environ), how
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it in a process group of its own."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command, stdout=out, stderr=subprocess.STDOUT, env=self.env, start_new_session=True, **self.how
            )

    @property
    def alive(self) -> bool:
        """Is it running?"""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut does: SIGKILL to all of it, at once."""
        self._signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)

    def stop(self, seconds: float = 20, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask, wait, then kill."""
        if self.process is None or not self.alive:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(by)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
