"""Where meetings keeps what it owns; every step stays."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, idempotency, outbox, steps

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)
steps.table(metadata)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, unique=True),
    Column("country", Text),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("crime_types", ARRAY(Text), nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("at", DateTime(timezone=True)),
    Column("meeting", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_meetings_at_id", "at", "id"),
)

action_items = Table(
    "action_items",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("meeting", Uuid, ForeignKey("meetings.id"), nullable=False, index=True),
    Column("decision", Uuid, nullable=False),
    Column("country", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("whole", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_action_items_due_id", "due", "id"),
)
