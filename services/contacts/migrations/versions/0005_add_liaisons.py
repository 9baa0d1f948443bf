"""Liaison postings: who was sent where, until when, paid by whom."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
CREATE TABLE liaisons (
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    country TEXT,
    state TEXT NOT NULL,
    searchable TEXT NOT NULL,
    whole JSONB NOT NULL,
    beside JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_liaisons PRIMARY KEY (id),
    CONSTRAINT uq_liaisons_reference UNIQUE (reference)
)
""")
