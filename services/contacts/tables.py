"""Where contacts keeps what it owns. No column holds a person's details in clear: `persons.jwe` opens with the key in `person_keys`."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    or_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import db, dead_letters, idempotency, offsets, outbox

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)
dead_letters.table(metadata)
offsets.table(metadata)

authorities = Table(
    "authorities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("name", JSONB, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text, index=True),
    Column("subdivision", Text),
    Column("zone", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("role_mailbox", Text),
    Column("phone_24x7", Text),
    Column("searchable", Text, nullable=False),
    Column("source", JSONB(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_authorities_country_kind_reference", "country", "kind", "reference"),
)
Index("ix_authorities_country_24x7", authorities.c.country, authorities.c.reference, postgresql_where=authorities.c.phone_24x7.is_not(None))

competences = Table(
    "competences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("authority", Uuid, ForeignKey("authorities.id"), nullable=False, index=True),
    Column("country", Text, index=True),
    Column("crime_types", ARRAY(Text), nullable=False),
    Column("measures", ARRAY(Text), nullable=False),
    Column("instruments", ARRAY(Text), nullable=False),
    Column("territory", ARRAY(Text), nullable=False),
    Column("stage", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
_OPEN = or_(competences.c.crime_types == literal_column("'{}'::text[]"), competences.c.measures == literal_column("'{}'::text[]"))
Index("ix_competences_crime_types", competences.c.crime_types, postgresql_using="gin")
Index("ix_competences_country_open", competences.c.country, postgresql_where=_OPEN)

persons = Table(
    "persons",
    metadata,
    Column("ref", Uuid, primary_key=True),
    Column("country", Text),
    Column("jwe", Text),
    Column("version", Integer, nullable=False),
    Column("sealed_version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True)),
)

person_keys = Table(
    "person_keys",
    metadata,
    Column("person_ref", Uuid, ForeignKey("persons.ref"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, unique=True),
    Column("person_ref", Uuid, ForeignKey("persons.ref"), nullable=False, unique=True),
    Column("country", Text, index=True),
    Column("appointing_kind", Text, nullable=False),
    Column("appointing_body", Uuid),
    Column("specialisations", ARRAY(Text), nullable=False),
    Column("languages", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("authority", Uuid, ForeignKey("authorities.id"), index=True),
    Column("duty", Text),
    Column("deputy", Uuid, ForeignKey("contact_points.id")),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("end_reason", Text),
    Column("successor", Uuid, ForeignKey("contact_points.id")),
    Column("verified_at", DateTime(timezone=True)),
    Column("due", Date),
    Column("term_to", Date),
    Column("successor_asked", Date),
    Column("absent_from", Date),
    Column("absent_to", Date),
    Column("absence_deputy", Uuid, ForeignKey("contact_points.id")),
    Column("dormant_since", Date),
    Column("active_at", DateTime(timezone=True)),
    Column("source", JSONB(none_as_null=True)),
)
_LATEST = contact_points.c.verified_at.desc().nulls_last()
Index("ix_contact_points_specialisations", contact_points.c.specialisations, postgresql_using="gin")
Index("ix_contact_points_country_valid_from", contact_points.c.country, contact_points.c.valid_from)
Index("ix_contact_points_country_verified_at", contact_points.c.country, _LATEST)
Index("ix_contact_points_country_24x7", contact_points.c.country, _LATEST, postgresql_where=contact_points.c.duty == "24x7")
Index(
    "ix_contact_points_country_out",
    contact_points.c.country,
    _LATEST,
    postgresql_where=contact_points.c.state.in_(("suspended", "lapsed", "ended")),
)
Index("ix_contact_points_active_at", contact_points.c.active_at, postgresql_where=contact_points.c.dormant_since.is_(None))
Index("ix_contact_points_term_to", contact_points.c.term_to, postgresql_where=contact_points.c.term_to.is_not(None))
Index("ix_contact_points_due", contact_points.c.due, postgresql_where=contact_points.c.state == "verification_due")

contact_point_steps = Table(
    "contact_point_steps",
    metadata,
    Column("contact_point_id", Uuid, ForeignKey("contact_points.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("after", JSONB(none_as_null=True)),
    Column("due", Date),
    Column("corrects", Uuid),
    Column("reason", Text),
    Column("retracted_at", DateTime(timezone=True)),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("country", Text),
    Column("method", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("unverified_days", Integer),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)

campaign_members = Table(
    "campaign_members",
    metadata,
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), primary_key=True),
    Column("contact_point_id", Uuid, ForeignKey("contact_points.id"), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
)

verification_links = Table(
    "verification_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("contact_point_id", Uuid, ForeignKey("contact_points.id"), nullable=False, index=True),
    Column("request_version", Integer, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("answer", Text),
    Column("changed_fields", ARRAY(Text)),
    Column("answered_at", DateTime(timezone=True)),
)
"""Links by which one answers without a password; the token itself is kept nowhere, only its digest."""

access_log = Table(
    "access_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("reader", Text, nullable=False),
    Column("person_ref", Uuid, ForeignKey("persons.ref"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Index("ix_access_log_person_ref_id", "person_ref", "id"),
    Index("ix_access_log_reader_id", "reader", "id"),
)


def _register(name: str, *more: Column[Any]) -> Table:
    """Things kept whole: what they are found by stands in columns, `beside` what goes on no topic."""
    return Table(
        name,
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("reference", Text, nullable=False, unique=True),
        Column("country", Text),
        Column("state", Text, nullable=False),
        Column("searchable", Text, nullable=False),
        Column("whole", JSONB, nullable=False),
        Column("beside", JSONB, nullable=False),
        Column("version", Integer, nullable=False),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        *more,
    )


networks, structures, domains = _register("networks"), _register("structures"), _register("domains")
liaisons = _register("liaisons")
enquiries = _register(
    "enquiries",
    Column("to_country", Text, nullable=False, index=True),
    Column("addressee", Uuid, index=True),
    Column("opened", DateTime(timezone=True), nullable=False),
    Column("acknowledge_by", DateTime(timezone=True)),
    Column("proposed_at", DateTime(timezone=True)),
    Column("answered_in", Integer),
)
Index("ix_enquiries_country", enquiries.c.country)
Index(
    "ix_enquiries_acknowledge_by",
    enquiries.c.acknowledge_by,
    postgresql_where=enquiries.c.state.in_(("routed", "escalated")) & enquiries.c.proposed_at.is_(None),
)

steps = Table(
    "steps",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("after", JSONB(none_as_null=True)),
    Column("corrects", Uuid),
    Column("reason", Text),
    Column("retracted_at", DateTime(timezone=True)),
)
"""Every fact of what is kept whole."""

memberships = Table(
    "memberships",
    metadata,
    Column("network", Uuid, ForeignKey("networks.id"), primary_key=True),
    Column("member", Uuid, primary_key=True),
    Column("country", Text, index=True),
    Column("role", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
)
"""The members of `networks`, to be found by their country."""

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
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("persons", Boolean, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("content", LargeBinary),
)
"""Packs that were built; one with persons' details has no `content` here."""

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
"""Rows that can be taken in, until they are; a person's details stand in `jwe` alone, which `key` opens."""

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
search_entries = Table(
    "search_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("norm", Text, nullable=False),
    Column("words", ARRAY(Text(collation="C")), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("rules", Integer, nullable=False),
)
"""What can be found and by which words; `rules` is the version of the rules that made them."""
Index("ix_search_entries_words", search_entries.c.words, postgresql_using="gin", postgresql_with={"fastupdate": "off"})

search_words = Table(
    "search_words",
    metadata,
    Column("word", Text(collation="C"), nullable=False),
    Column("latin", Text(collation="C"), nullable=False),
    Column("bones", Text(collation="C")),
)
"""Every word of every entry, as good as once: two transactions may both add a new one rather than wait for each other."""
Index("ix_search_words_word", search_words.c.word)
Index("ix_search_words_bones", search_words.c.bones, postgresql_where=search_words.c.bones.is_not(None))
Index("ix_search_words_latin", search_words.c.latin, postgresql_using="gin", postgresql_ops={"latin": "gin_trgm_ops"})
