"""Partners, instruments, legal bases with every step; outbox and idempotency keys."""

from alembic import op

from services.partners.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
