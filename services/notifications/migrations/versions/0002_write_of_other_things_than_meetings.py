"""Mails about a contact point's own entry: they have a notice instead of a meeting."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries ALTER COLUMN meeting_id DROP NOT NULL, ALTER COLUMN meeting DROP NOT NULL, ADD COLUMN notice JSONB")
