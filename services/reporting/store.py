"""Rows that reporting owns."""

from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.tables import coverage
from shared.offsets import Outcome


async def add_coverage(tx: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a declaration."""
    await tx.execute(insert(coverage).values(row))


async def no_longer_parked(tx: AsyncConnection, topic: str, partition: int, outcome: Outcome) -> None:
    """A retried record moves from parked to what it became, so that every record stays exactly one of four."""
    key = (topic, partition)
    moved = {"topic": topic, "partition": partition, "f": outcome.folded[key], "d": outcome.duplicates[key], "s": outcome.skipped[key]}
    await tx.execute(
        text("""UPDATE offsets SET parked = parked - 1, folded = folded + :f, duplicates = duplicates + :d, skipped = skipped + :s
            WHERE topic = :topic AND partition = :partition"""),
        moved,
    )


async def version_of(tx: AsyncConnection, topic: str, subject: Any) -> int | None:
    """The newest version of a declaration."""
    row = (await tx.execute(text("SELECT version FROM coverage WHERE id = :id"), {"id": subject})).first()
    return row.version if row else None
