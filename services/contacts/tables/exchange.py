"""What comes from others and what goes out as a whole: facts of partners, lists, packs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.contacts.tables.metadata import metadata

partner_facts = Table(
    "partner_facts",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("country", Text, index=True),
    Column("corrects", Uuid, index=True),
    Column("data", JSONB, nullable=False),
)
"""What partners said of themselves, of instruments and of legal bases, each fact as it was said."""


imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("correlation", Uuid, nullable=False),
    Column("covers", ARRAY(Text), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("key", LargeBinary),
    Column("rows", Integer),
    Column("checked", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("applied", Integer, nullable=False),
    Column("effects", JSONB, nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("left_out", ARRAY(Text), nullable=False),
    Column("problem", Text),
    Index("ix_imports_begun_at_id", "begun_at", "id"),
)
"""Lists on their way in; `key` opens the file's parts, and both are gone once its rows are looked through."""

packs = Table(
    "packs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("correlation", Uuid, nullable=False),
    Column("mode", Text, nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("days", Integer, nullable=False),
    Column("persons", Boolean, nullable=False),
    Column("entries", Integer),
    Column("done", Integer, nullable=False),
    Column("problem", Text),
    Column("made_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("bytes", BigInteger),
    Column("sha256", Text),
    Column("signature", Text),
    Column("fingerprint", Text),
    Column("content", LargeBinary),
)
"""Packs: building, ready or failed; one with persons' details has no `content` here."""

pack_deltas = Table(
    "pack_deltas",
    metadata,
    Column("earlier", Uuid, ForeignKey("packs.id"), primary_key=True),
    Column("later", Uuid, ForeignKey("packs.id"), nullable=False),
    Column("content", LargeBinary),
    Column("problem", Text),
)
"""What turns a pack into the newest of the same countries, or why nothing does."""

import_parts = Table(
    "import_parts",
    metadata,
    Column("import_id", Uuid, ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("hidden", LargeBinary, nullable=False),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Uuid, ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("given", JSONB, nullable=False),
    Column("person_ref", Uuid),
    Column("jwe", Text),
    Column("key", LargeBinary),
)
"""Rows that can be taken in, until they are; a person's details stand in `jwe` alone, which `key` opens.

Both are destroyed when that person is erased; `person_ref` stays, and tells that there was something.
"""

import_faults = Table(
    "import_faults",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("import_id", Uuid, ForeignKey("imports.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_import_faults_import_id_id", "import_id", "id"),
)
