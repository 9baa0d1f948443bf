"""Intelligence priorities, and which of them an operation serves."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE priorities (
    id UUID NOT NULL,
    reference TEXT,
    country TEXT,
    kind TEXT,
    state TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    crime_types TEXT[] NOT NULL,
    countries TEXT[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    whole JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_priorities PRIMARY KEY (id),
    CONSTRAINT uq_priorities_reference UNIQUE (reference)
);
CREATE INDEX ix_priorities_at_id ON priorities (at, id);
ALTER TABLE operations ADD COLUMN priorities UUID[] DEFAULT '{}' NOT NULL;
CREATE INDEX ix_operations_priorities ON operations USING gin (priorities);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
