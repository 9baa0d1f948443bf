"""A bell in the database: whoever asks for work rings it in the transaction that asks, and every process that waits hears it then."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def ring(tx: AsyncConnection, bell: str) -> None:
    """It is heard when the transaction commits, and not where it does not."""
    await tx.execute(select(func.pg_notify(bell, "")))


async def rung(url: str, bell: str, every_s: float) -> AsyncGenerator[None, None]:
    """Once to begin with, then as soon as it was rung, and every so many seconds: what was rung while nobody listened is found by looking.

    `url` is that of `db.direct_url`. Raises what asyncpg does where the database is away.
    """
    heard = asyncio.Event()
    while True:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            connection.add_termination_listener(lambda _: heard.set())
            await connection.add_listener(bell, lambda *_: heard.set())
            while not connection.is_closed():
                # Before the look, so that what is rung during it leads to another one.
                heard.clear()
                yield
                with suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), every_s)
        finally:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=2)
