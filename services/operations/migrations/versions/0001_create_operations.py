"""Coordination centres with every step; outbox and idempotency keys."""

from alembic import op

revision = "0001"
down_revision = None

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status INTEGER,
    headers JSONB,
    body BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (actor, key)
);
CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    headers JSONB NOT NULL,
    value BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    set_aside TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_created_at ON outbox (created_at);
CREATE TABLE centres (
    id UUID NOT NULL,
    reference TEXT,
    country TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    crime_types TEXT[] NOT NULL,
    countries TEXT[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    whole JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_centres PRIMARY KEY (id),
    CONSTRAINT uq_centres_reference UNIQUE (reference)
);
CREATE INDEX ix_centres_at_id ON centres (at, id);
CREATE TABLE steps (
    subject UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    corrects UUID,
    reason TEXT,
    CONSTRAINT pk_steps PRIMARY KEY (subject, version),
    CONSTRAINT uq_steps_event_id UNIQUE (event_id)
);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
