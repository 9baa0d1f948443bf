"""Where reporting keeps things: `facts` can be made again from the topics at any time, `reports` is owned and backed up."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared import db, dead_letters, idempotency, offsets, outbox

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)
dead_letters.table(metadata)
offsets.table(metadata)

facts = Table(
    "facts",
    metadata,
    Column("source", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("aggversion", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("recordedtime", DateTime(timezone=True), nullable=False),
    Column("country", Text),
    Column("instance", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("classification", Text, nullable=False),
    Column("actor", Text),
    Column("correlationid", Uuid),
    Column("causationid", Uuid),
    Column("corrects", Uuid),
    Column("data", JSONB, nullable=False),
    # The subject leads: histories are looked up by it, and what is met together lies together.
    PrimaryKeyConstraint("subject", "aggversion", "source"),
    UniqueConstraint("id", "source"),
    Index("ix_facts_topic", "topic"),
    Index("ix_facts_corrects", "corrects"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("source", Text, primary_key=True),
    Column("subject", Uuid, primary_key=True),
    Column("aggversion", Integer, primary_key=True),
    Column("topic", Text, nullable=False),
)
"""A fact whose predecessor is missing."""

coverage = Table(
    "coverage",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance", Text, nullable=False),
    Column("indicator", Text),
    Column("event_family", Text),
    Column("country", Text),
    Column("crime_type", Text),
    Column("start", Date, nullable=False),
    Column("end", Date),
    Column("complete", Boolean, nullable=False),
    Column("basis", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("statement", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
