"""Who works: of several processes one at a time does what waits in a table, and another goes on where it dies."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import bell

IMPORTS, PACKS = 7303, 7304
"""Advisory locks, one for each kind of work."""


async def ask(tx: AsyncConnection, work: int) -> None:
    """There is something to do, once this transaction commits."""
    await bell.ring(tx, bell_of(work))


def bell_of(work: int) -> str:
    """By which those who do this work are woken."""
    return f"work {work}"


async def lead(connection: AsyncConnection, work: int) -> bool:
    """May this process do this work, for as long as this connection lives or until `leave`? One at a time may."""
    return bool(await connection.scalar(select(func.pg_try_advisory_lock(work))))


async def leave(connection: AsyncConnection, work: int) -> None:
    """Let another one."""
    await connection.execute(select(func.pg_advisory_unlock(work)))
