"""Where operations keeps what it owns; every step stays."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, idempotency, outbox, steps

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)
steps.table(metadata)


def _living(name: str, *more: Column[Any] | Index) -> Table:
    """Things of one kind: the whole of each, and what lists look for."""
    return Table(
        name,
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("reference", Text, unique=True),
        Column("country", Text),
        Column("kind", Text),
        Column("state", Text, nullable=False),
        Column("exercise", Boolean, nullable=False),
        Column("crime_types", ARRAY(Text), nullable=False),
        Column("countries", ARRAY(Text), nullable=False),
        Column("at", DateTime(timezone=True)),
        Column("whole", JSONB, nullable=False),
        Column("version", Integer, nullable=False),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        *more,
        Index(f"ix_{name}_at_id", "at", "id"),
    )


operations = _living(
    "operations",
    Column("priorities", ARRAY(Uuid), nullable=False, server_default="{}"),
    Index("ix_operations_priorities", "priorities", postgresql_using="gin"),
)
action_days = _living("action_days", Column("operation", Uuid, ForeignKey("operations.id"), nullable=False, index=True))
centres = _living("centres")
priorities = _living("priorities")


def word(table: Table) -> str:
    """What a row of it is called."""
    return "priority" if table is priorities else table.name.removesuffix("s").replace("_", " ")
