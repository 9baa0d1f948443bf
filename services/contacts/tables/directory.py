"""Authorities, persons, contact points, and whoever is asked whether they are right."""

from sqlalchemy import (
    BigInteger,
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
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.contacts.tables.metadata import metadata

authorities = Table(
    "authorities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("name", JSONB, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text),
    Column("subdivision", Text),
    Column("zone", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("role_mailbox", Text),
    Column("phone_24x7", Text),
    Column("searchable", Text, nullable=False),
    Column("source", JSONB(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("ix_authorities_country_reference", "country", "reference"),
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
    Column("country", Text),
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
    Column("erased_at", DateTime(timezone=True)),
    Column("source", JSONB(none_as_null=True)),
)
Index("ix_contact_points_erased_at", contact_points.c.erased_at, postgresql_where=contact_points.c.erased_at.is_not(None))
Index("ix_contact_points_sorted_id", func.coalesce(contact_points.c.country.collate("C"), text("'~'")), contact_points.c.id)
Index("ix_contact_points_country_state", contact_points.c.country, contact_points.c.state)
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
