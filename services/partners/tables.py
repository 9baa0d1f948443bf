"""Where partners keeps what it owns. Every step of an instrument or basis stays: valid time and knowledge time (X2)."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, idempotency, outbox

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)

partners = Table(
    "partners",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("name", JSONB, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text),
    Column("abbreviation", Text),
    Column("region", Text),
    Column("notes", Text),
    Column("source", JSONB),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

instruments = Table(
    "instruments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", Uuid, ForeignKey("partners.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False, unique=True),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("source", JSONB),
    Column("state", Text, nullable=False),
    Column("on", Date),
    Column("stated_as_of", Date, nullable=False),
    Column("valid_to", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

instrument_steps = Table(
    "instrument_steps",
    metadata,
    Column("instrument_id", Uuid, ForeignKey("instruments.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("state", Text),
    Column("on", Date),
    Column("stated_as_of", Date),
    Column("valid_to", Date),
    Column("effective", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("retracted_at", DateTime(timezone=True)),
    Column("corrects", Uuid),
    Column("reason", Text),
)

legal_bases = Table(
    "legal_bases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", Uuid, ForeignKey("partners.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("purposes", ARRAY(Text), nullable=False),
    Column("data_categories", ARRAY(Text), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("instrument_id", Uuid, ForeignKey("instruments.id"), index=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_legal_bases_partner_id", "partner_id"),
)

legal_basis_steps = Table(
    "legal_basis_steps",
    metadata,
    Column("legal_basis_id", Uuid, ForeignKey("legal_bases.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("valid_to", Date),
    Column("effective", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
