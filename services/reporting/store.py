"""Rows that reporting owns."""

from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.tables import coverage


async def add_coverage(tx: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a declaration."""
    await tx.execute(insert(coverage).values(row))


async def version_of(tx: AsyncConnection, topic: str, subject: Any) -> int | None:
    """The newest version of a declaration."""
    row = (await tx.execute(text("SELECT version FROM coverage WHERE id = :id"), {"id": subject})).first()
    return row.version if row else None
