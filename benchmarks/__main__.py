"""`python -m benchmarks relay|projection|path|atlas`: a race, its tables on standard output and at the end of a file.

`make bench` runs all.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import atlas as directory
from benchmarks import path as way
from benchmarks import projection as projections
from benchmarks import relay as relays
from benchmarks import rounds, tables
from benchmarks.ground import Ground, prepared
from benchmarks.rounds import Result, run

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
Rounds = Annotated[int, typer.Option(help="How often each contender runs.", min=1)]
Out = Annotated[Path | None, typer.Option(help="File that the tables are appended to.")]
Contenders = dict[str, Callable[[], Result]]


@app.command()
def relay(rows: int = 50_000, slow_rows: int = 3_000, rounds: Rounds = 3, out: Out = None) -> None:
    """Outbox → Kafka: ours, faststream-outbox, and the producer alone."""
    asked = [("ours", "faststream-outbox", "rows/s", "≥20"), ("ours", "bare send", "rows/s", "≥0.6")]
    size = f"{rows:,} rows, the peer {slow_rows:,}"
    _race("Relay", size, lambda ground: relays.contenders(ground, rows, slow_rows), rounds, asked, out)


@app.command()
def projection(records: int = 500_000, rounds: Rounds = 3, out: Out = None) -> None:
    """Kafka → facts and figures: reporting with one and two processes, and Kafka Streams."""
    java = shutil.which("java") if shutil.which("mvn") else None
    if java:
        projections.build()
    streams = "Kafka Streams exactly_once_v2"
    asked = [
        (f"reporting, {processes}", f"{streams}, {kept}", measure, target)
        for processes, target in (("1 process", "≥2"), ("2 processes", "≥3.5"))
        for kept in ("facts and counters", "facts only")
        for measure in ("facts/s", "facts/s of the second half")
    ]
    _race("Projection", f"{records:,} facts", lambda ground: projections.contenders(ground, records, java), rounds, asked, out)


@app.command()
def path(rate: int = 200, seconds: float = 15, rounds: Rounds = 3, out: Out = None) -> None:
    """POST → figure, and the floor under it."""
    asked = [("ours", "floor", f"figure p{n} ms", "≤3") for n in (50, 95, 99)]
    _race(
        "POST → figure", f"{rate} commands/s for {seconds:.0f} s", lambda ground: way.contenders(ground, rate, seconds), rounds, asked, out
    )


@app.command()
def atlas(entries: int = 1_000_000, words: int = 60_000, questions: int = 200, rounds: Rounds = 1, out: Out = None) -> None:
    """The directory: how long a search and a question whom to ask take, and whether what is meant is found."""
    size, console = directory.Size(entries, words, questions), Console(stderr=True)
    about = f"{entries:,} entries, {words:,} distinct words, {questions} questions"
    with directory.server() as (postgres, child):
        for title, contenders in directory.contenders(postgres, child, size).items():
            console.print(title)
            done = run(contenders, rounds, console)
            _tell(f"## Atlas: {title}\n\n{about}. {tables.conditions(done)}\n{tables.measured(done)}", out)


def _race(
    title: str,
    size: str,
    contenders: Callable[[Ground], Contenders],
    number: int,
    asked: Iterable[tuple[str, str, str, str]],
    out: Path | None,
) -> None:
    console = Console(stderr=True)
    with prepared(console) as ground:
        done = rounds.run(contenders(ground), number, console)
    said = f"## {title}\n\n{size}. {tables.conditions(done)}\n{tables.measured(done)}\n{tables.compared(done, asked)}"
    _tell(said, out)


def _tell(said: str, out: Path | None) -> None:
    print(said)
    if out:
        with out.open("a", encoding="utf-8") as file:
            file.write(said + "\n")


if __name__ == "__main__":
    app()
