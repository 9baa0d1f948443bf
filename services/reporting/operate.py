"""What operators do by hand: rebuild the facts, deal with dead letters."""

import asyncio
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from services.reporting import projections
from services.reporting.settings import SEARCH_PATH, Settings
from shared import db, dead_letters
from shared.errors import Problem
from shared.web import letters as web_letters

cli = typer.Typer(help="Operate reporting.", no_args_is_help=True)
letters = typer.Typer(help="Records nothing could be made of.", no_args_is_help=True)
cli.add_typer(letters, name="dead-letters")
BY = "service:reporting"
# Piped, each letter stays on its own line, whatever its reason.
console = Console(soft_wrap=True)


def _engine() -> AsyncEngine:
    return db.connect(Settings().database_url.get_secret_value(), SEARCH_PATH)


@cli.command()
def rebuild(check: Annotated[bool, typer.Option("--check", help="Only compare.")] = False) -> None:
    """Read every topic again into a fresh schema, compare, and let it take the old one's place."""
    from services.reporting.projections.rebuild import rebuild as run

    settings = Settings()
    differing = asyncio.run(run(_engine(), settings.kafka_servers, console, swap=not check))
    console.print("equal" if not differing else f"differing: {', '.join(differing)}")
    raise typer.Exit(1 if differing and check else 0)


@letters.command("list")
def list_letters(limit: int = 50) -> None:
    """The newest that are open."""

    async def show() -> None:
        engine = _engine()
        async with engine.connect() as tx:
            for letter in (await web_letters.listed(tx, "open", limit, None)).items:
                console.print(f"{letter.id}  {letter.topic}/{letter.partition}/{letter.offset}  {letter.reason}", markup=False)
        await engine.dispose()

    asyncio.run(show())


@letters.command()
def retry(id: UUID) -> None:
    """Fold it once more."""
    asyncio.run(_decide(id, None))


@letters.command()
def skip(id: UUID, reason: str) -> None:
    """Leave it aside for good."""
    asyncio.run(_decide(id, reason))


async def _decide(id_: UUID, reason: str | None) -> None:
    engine = _engine()
    try:
        async with engine.begin() as tx:
            await (projections.retry(tx, id_, BY) if reason is None else dead_letters.skip(tx, id_, BY, reason))
        async with engine.connect() as tx:
            letter = await web_letters.letter(tx, id_)
        console.print(f"{letter.state}: {letter.reason}", markup=False)
    except Problem as problem:
        console.print(problem.detail, markup=False)
        raise typer.Exit(1) from problem
    finally:
        await engine.dispose()
