"""Where capacity keeps what it owns; every step stays."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, idempotency, outbox

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)

tools = Table(
    "tools",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("measures", ARRAY(Text), nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("tool", JSONB, nullable=False),
    Column("beside", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
"""`countries` use it; `beside` goes on no topic."""

tool_steps = Table(
    "tool_steps",
    metadata,
    Column("tool_id", Uuid, ForeignKey("tools.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("country", Text),
    Column("corrects", Uuid),
    Column("reason", Text),
    Column("retracted_at", DateTime(timezone=True)),
)
