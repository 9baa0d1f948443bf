"""`python -m deploy.local`: one instance on this machine. `make run`, `make reset` and `make token` call it."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn
from xmlrpc.client import Error

import typer
from rich.console import Console

from deploy.local import databases, instance, jars, keys, overview, postgres, supervision
from deploy.local import kafka as broker
from deploy.local.home import DEFAULT, Home, Unusable
from deploy.local.instance import Instance
from deploy.local.ports import Ports

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
HomeOption = Annotated[Path, typer.Option("--home", envvar="HOME_DIR", help="Folder of the instance: data, keys, logs.")]
BaseOption = Annotated[int, typer.Option("--port-base", envvar="PORT_BASE", help="The portal's port.", min=1024, max=58000)]
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REFUSALS = (Unusable, postgres.Unreachable, jars.Refused, broker.Refused)
BREAKDOWNS = (supervision.Failed, TimeoutError)


class Ended(BaseException):
    """Asked to end: Ctrl-C, SIGTERM, or the terminal was closed."""


@app.command()
def run(
    home: HomeOption = DEFAULT,
    port_base: BaseOption = 8000,
    empty: Annotated[bool, typer.Option("--empty", help="Load no starting data: begin with your own.")] = False,
) -> None:
    """Start everything, load the starting data if the instance is empty, and keep it running until Ctrl-C."""
    began, folder, ports, console = time.monotonic(), Home(home.absolute()), Ports(port_base), _console()
    for number in ENDS:
        signal.signal(number, _end)
    with _explained(console):
        folder.create()
        with folder.taken():
            _run(Instance(folder, ports, console), began, filled=not empty)


def _run(running: Instance, began: float, *, filled: bool) -> None:
    console = running.console
    try:
        running.start(filled=filled)
        console.print(overview.table(running), f"Ready after {time.monotonic() - began:.0f} s. Ctrl-C stops it; the data stay.")
        _watch(running)
    except Ended:
        console.print("Stopping: services, then broker, then database")
    finally:
        # Asked once is enough: the end is bounded, and must not be interrupted half-way.
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        began = time.monotonic()
        if running.supervisor is not None:
            running.stop()
            console.print(f"Stopped after {time.monotonic() - began:.1f} s")


def _watch(running: Instance) -> None:
    while running.supervisor is not None:
        for news in running.supervisor.news():
            running.console.print(f"[yellow]{time.strftime('%H:%M:%S')}[/] {news.text}", highlight=False)
        time.sleep(0.3)


@app.command()
def load(home: HomeOption = DEFAULT, port_base: BaseOption = 8000) -> None:
    """Load the starting data into the running instance; what is there already is not doubled."""
    folder, console = Home(home.absolute()), _console()
    with _explained(console):
        _require_instance(folder)
        instance.load(folder, Ports(folder.port_base(port_base)), console)


@app.command()
def reset(home: HomeOption = DEFAULT, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Wipe the instance: all its data, keys and logs."""
    folder, console = Home(home.absolute()), _console()
    with _explained(console):
        if not folder.path.exists():
            console.print(f"Nothing to wipe: there is no {folder.path}")
            return
        with folder.taken():
            size = sum(file.stat().st_size for file in folder.path.rglob("*") if file.is_file() and not file.is_symlink())
            if not yes and not typer.confirm(f"Wipe {folder.path} ({size / 1e6:.0f} MB), everything recorded in it included?"):
                raise typer.Exit(1)
            folder.wipe()
        console.print(f"Wiped {folder.path}")


@app.command()
def token(
    role: str,
    country: Annotated[str, typer.Argument(help="ISO 3166-1 code, or * for all.")] = "*",
    home: HomeOption = DEFAULT,
    port_base: BaseOption = 8000,
) -> None:
    """Print a bearer token of this instance, valid for twelve hours; several roles or countries by commas."""
    folder = Home(home.absolute())
    with _explained(Console(stderr=True)):
        _require_instance(folder)
        print(keys.token(folder.keys, Ports(folder.port_base(port_base)).issuer_url, role.split(","), country.split(",")))


@app.command()
def status(home: HomeOption = DEFAULT) -> None:
    """Print how each process of the running instance is."""
    folder, console = Home(home.absolute()), _console()
    try:
        console.print(overview.processes(supervision.api(folder).getAllProcessInfo()))
    except (OSError, Error):
        console.print(f"No instance runs in {folder.path}")
        raise typer.Exit(1) from None


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def operate(context: typer.Context, service: str, home: HomeOption = DEFAULT) -> None:
    """Run a service's own command on the instance: `operate reporting rebuild --check`, `operate reporting dead-letters list`."""
    folder, console = Home(home.absolute()), _console()
    with _explained(console):
        _require_instance(folder)
        running = Instance(folder, Ports(folder.port_base(8000)), console)
        if service not in running.services:
            raise Unusable(f"There is no service {service}; there are {', '.join(running.services)}")
        command = [sys.executable, "-m", f"services.{service}", *context.args]
        sys.exit(subprocess.run(command, env={**instance.environment(), **running.told(service)}, check=False).returncode)  # noqa: S603


@app.command()
def lock_jars(kafka: str = "4.3.1", log4j: str = "2.24.3") -> None:
    """Resolve Kafka's jars anew and write `kafka.lock.toml`."""
    _console().print(f"{jars.relock(kafka, log4j)} jars locked in {jars.LOCK}")


@app.command()
def migrate(service: str, name: str) -> None:
    """Write an empty migration of a service; its file is then filled by hand."""
    _console().print(databases.new_migration(service, name))


def _require_instance(home: Home) -> None:
    if not (home.keys / "private.jwk.json").exists():
        raise Unusable(f"There is no instance in {home.path}: start one with make run")


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended


@contextmanager
def _explained(console: Console) -> Iterator[None]:
    """What the user can mend is one sentence and exit code 2; what broke down is one sentence and 1."""
    try:
        yield
    except REFUSALS as error:
        console.print(str(error), style="red", highlight=False, soft_wrap=True)
        sys.exit(2)
    except BREAKDOWNS as error:
        console.print(str(error), style="red", highlight=False, soft_wrap=True)
        sys.exit(1)


def _console() -> Console:
    # Without a terminal nobody's window limits the width.
    width = None if sys.stdout.isatty() else max(shutil.get_terminal_size().columns, 140)
    return Console(width=width)


if __name__ == "__main__":
    app()
