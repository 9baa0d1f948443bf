"""Authorities, contact points with every step, persons and their keys, the access log; outbox and idempotency keys."""

from alembic import op

from services.contacts.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
