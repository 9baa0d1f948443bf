"""HOME_DIR: everything a local instance keeps, and who may read it."""

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 100
"""Bytes; a UNIX socket's path ends at 104 or 108, by system."""
DEFAULT = Path(".concord")
"""In the checkout it was started from."""
PRIVATE = ("keys", "logs", "mails", "secrets")


class Unusable(RuntimeError):
    """This folder cannot be an instance's home: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one instance; deleting it forgets the instance."""

    path: Path

    @property
    def data(self) -> Path:
        """Kafka's and PostgreSQL's data."""
        return self.path / "data"

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.path / "logs"

    @property
    def keys(self) -> Path:
        """What the instance's tokens are signed with (`private.jwk.json`) and verified with (`jwks.json`)."""
        return self.path / "keys"

    @property
    def mails(self) -> Path:
        """What the mail catcher caught, a file for each."""
        return self.path / "mails"

    @property
    def socket(self) -> Path:
        """Where supervisord listens."""
        return self.path / "supervisor.sock"

    @property
    def loading(self) -> Path:
        """There while the starting data are being loaded: an interrupted load is taken up again."""
        return self.path / "loading"

    @property
    def _base(self) -> Path:
        return self.path / "port_base"

    def create(self) -> None:
        """Make what is missing; raises `Unusable`."""
        if len(str(self.socket).encode()) > LONGEST_SOCKET:
            raise Unusable(f"{self.path} is too long a path for a UNIX socket: choose a shorter one with HOME_DIR=...")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # Passable for PostgreSQL's user, who owns its own folder in data/ and sees nothing else.
            for folder in (self.path, self.data):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o711)
            for name in PRIVATE:
                (self.path / name).mkdir(exist_ok=True)
                (self.path / name).chmod(0o700)
        except OSError as error:
            raise Unusable(f"{self.path} cannot be written ({error.strerror}): choose another folder with HOME_DIR=...") from error

    def secret(self, name: str) -> str:
        """A password of this instance, made up the first time it is asked for; only its owner can read the file."""
        file = self.path / "secrets" / name
        if not file.exists():
            file.touch(0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        return file.read_text(encoding="utf-8")

    def remember(self, port_base: int) -> None:
        """Note the ports, so that `token` and `status` need only the folder."""
        self._base.write_text(f"{port_base}\n", encoding="utf-8")

    def port_base(self, otherwise: int) -> int:
        """Where the instance ran last."""
        return int(self._base.read_text(encoding="utf-8")) if self._base.exists() else otherwise

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Held while an instance runs here or is wiped; raises `Unusable` where another holds it."""
        with (self.path / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Unusable(f"An instance runs in {self.path} already; a second one needs HOME_DIR=... and PORT_BASE=...") from error
            yield

    def wipe(self) -> None:
        """Remove what an instance keeps; anything else in the folder stays."""
        for name in ("data", *PRIVATE):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in ("supervisord.conf", "supervisor.sock", "supervisord.pid", "loading", "port_base", "lock"):
            (self.path / name).unlink(missing_ok=True)
        if not any(self.path.iterdir()):
            self.path.rmdir()
