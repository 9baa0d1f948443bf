"""Where notifications keeps what facts said and what became of each mail. No column holds an address: a person's details lie sealed."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Integer, Table, Text, UniqueConstraint, Uuid, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, dead_letters, idempotency, inbox, offsets

metadata = db.metadata()
idempotency.table(metadata)
dead_letters.table(metadata)
offsets.table(metadata)
inbox.table(metadata)

began = Table("began", metadata, Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()))
"""One row: since when anybody is told of anything."""

authorities = Table(
    "authorities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("ref", Uuid, primary_key=True),
    Column("jwe", Text),
    Column("sealed_version", Integer, nullable=False),
    Column("erased", Boolean, nullable=False),
)

contact_point_facts = Table(
    "contact_point_facts",
    metadata,
    Column("contact_point_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("country", Text),
    Column("data", JSONB, nullable=False),
)
"""Every fact, for a state that can be told anew when an older one comes late or is taken back."""

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("country", Text, index=True),
    Column("authority", Uuid, index=True),
    Column("network", Uuid, index=True),
    Column("contact_point", JSONB, nullable=False),
)

reach_facts = Table(
    "reach_facts",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
)
"""What networks and liaison postings say of those through whom they are reached, for the same reason."""

meetings = Table("meetings", metadata, Column("id", Uuid, primary_key=True), Column("meeting", JSONB, nullable=False))

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), unique=True, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("contact_point_id", Uuid),
    Column("person_ref", Uuid),
    Column("country", Text),
    Column("kind", Text, nullable=False),
    Column("about", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("queued_at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("claimed_until", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("event_id", "contact_point_id", "kind"),
    Index("ix_deliveries_subject_id_contact_point_id_number", "subject_id", "contact_point_id", "number"),
)
"""The queue and the log of mails in one: `about` is what the mail says of its subject, as it was when the fact was taken in."""
Index("ix_deliveries_next_at", deliveries.c.next_at, postgresql_where=deliveries.c.state == "queued")
