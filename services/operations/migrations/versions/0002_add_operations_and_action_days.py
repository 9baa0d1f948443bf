"""Operations with their results, and action days; what has no kind has none."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
ALTER TABLE centres ALTER COLUMN kind DROP NOT NULL;
CREATE TABLE operations (
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
    CONSTRAINT pk_operations PRIMARY KEY (id),
    CONSTRAINT uq_operations_reference UNIQUE (reference)
);
CREATE INDEX ix_operations_at_id ON operations (at, id);
CREATE TABLE action_days (
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
    operation UUID NOT NULL,
    CONSTRAINT fk_action_days_operation_operations FOREIGN KEY(operation) REFERENCES operations (id),
    CONSTRAINT pk_action_days PRIMARY KEY (id),
    CONSTRAINT uq_action_days_reference UNIQUE (reference)
);
CREATE INDEX ix_action_days_at_id ON action_days (at, id);
CREATE INDEX ix_action_days_operation ON action_days (operation);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
