"""What is kept whole: networks, structures, domains, liaison postings, enquiries; and each of their facts."""

from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.contacts.tables.metadata import metadata


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
