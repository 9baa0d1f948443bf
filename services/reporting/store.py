"""Rows that reporting owns."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.tables import coverage
from shared.events.reporting import COVERAGE

VERSIONS = {COVERAGE: coverage.c.version}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""


async def add_coverage(tx: AsyncConnection, row: dict[str, Any]) -> None:
    """Keep a declaration."""
    await tx.execute(insert(coverage).values(row))
