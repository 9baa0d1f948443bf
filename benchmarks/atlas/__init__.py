"""The Atlas at size: how long a search and a question whom to ask take among many made-up entries, and what they find.

Each is put to a database that was just started, over connections as the service has them when it was, and again to one that knows it.
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.atlas import directory, search, times, whom
from benchmarks.ground import PASSWORD, free_ports
from benchmarks.rounds import Result
from deploy.local import databases
from deploy.local.child import Child
from deploy.local.postgres import Postgres, as_owner
from services.contacts import due
from shared import db

Contenders = Mapping[str, Callable[[], Result]]
Asked = Callable[[AsyncEngine], Awaitable[dict[str, float]]]
"""Puts its questions and tells what came of them."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    entries: int
    words: int
    questions: int
    seed: int = 5


@contextmanager
def server() -> Iterator[tuple[Postgres, Child]]:
    """PostgreSQL alone, with the settings of `make run`, gone with all its data afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="concord-bench-"))
    # PostgreSQL runs as another user where the caller is root.
    folder.chmod(0o755)
    postgres = Postgres(folder / "postgres", free_ports(1)[0], folder / "password")
    postgres.prepare()
    child = Child(postgres.command(), folder / "postgres.log", cwd="/", **as_owner())
    try:
        child.start()
        postgres.wait()
        yield postgres, child
    finally:
        child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def contenders(postgres: Postgres, child: Child, size: Size) -> Mapping[str, Contenders]:
    """What is asked -> the same questions cold and warm."""
    draw = random.Random(size.seed)
    url = asyncio.run(postgres.create_database("contacts", PASSWORD))
    databases.migrate("contacts", url)
    sought = search.questions(asyncio.run(directory.load(url, size.entries, size.words, draw)), size.questions, draw)
    today, then = whom.questions(size.questions, draw), whom.questions(size.questions, draw, days_ago=whom.DAYS_AGO)

    async def searching(engine: AsyncEngine) -> dict[str, float]:
        return search.told(await times.ask(engine, sought, search.answer))

    async def asking(engine: AsyncEngine) -> dict[str, float]:
        return whom.told(await times.ask(engine, today, whom.answer))

    async def asking_of_then(engine: AsyncEngine) -> dict[str, float]:
        return whom.told(await times.ask(engine, then, whom.answer))

    def both(asked: Asked) -> Contenders:
        return {"cold": lambda: _cold(postgres, child, url, asked), "warm": lambda: _warm(url, asked)}

    return {"Search": both(searching), "Whom to ask": both(asking), f"Whom to ask, {whom.DAYS_AGO} days ago": both(asking_of_then)}


def _cold(postgres: Postgres, child: Child, url: str, asked: Asked) -> Result:
    child.stop()
    child.start()
    postgres.wait()
    return Result(asyncio.run(_put(url, asked, 1)))


def _warm(url: str, asked: Asked) -> Result:
    return Result(asyncio.run(_put(url, asked, 2)))


async def _put(url: str, asked: Asked, often: int) -> dict[str, float]:
    """What came of the last time; before it a warm server has been asked the same. The connections are as the service has them."""
    engine = db.connect(url)
    try:
        await due.rehearse(engine, whom.RULES)
        found: dict[str, float] = {}
        for _ in range(often):
            found = await asked(engine)
        return found
    finally:
        await engine.dispose()
