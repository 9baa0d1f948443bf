"""Rows on their way into PostgreSQL: a column at a time, so that a batch of any size is one statement with few parameters."""

from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def arrays(rows: Sequence[Row], names: Iterable[str]) -> dict[str, list[str | None]]:
    """Each named column as an array of texts, which the statement casts to what they are."""
    return {name: [None if row[name] is None else str(row[name]) for row in rows] for name in names}
