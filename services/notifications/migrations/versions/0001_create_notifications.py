"""What facts said, the queue and log of mails, since when anybody is told; inbox, positions, dead letters, idempotency keys."""

from alembic import op

revision = "0001"
down_revision = None

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE authorities (
    id UUID NOT NULL,
    version INTEGER NOT NULL,
    zone TEXT NOT NULL,
    languages TEXT[] NOT NULL,
    CONSTRAINT pk_authorities PRIMARY KEY (id)
);
CREATE TABLE began (
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL
);
CREATE TABLE contact_point_facts (
    contact_point_id UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    country TEXT,
    data JSONB NOT NULL,
    CONSTRAINT pk_contact_point_facts PRIMARY KEY (contact_point_id, version)
);
CREATE TABLE contact_points (
    id UUID NOT NULL,
    country TEXT,
    contact_point JSONB NOT NULL,
    CONSTRAINT pk_contact_points PRIMARY KEY (id)
);
CREATE INDEX ix_contact_points_country ON contact_points (country);
CREATE TABLE dead_letters (
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    key BYTEA,
    headers JSONB NOT NULL,
    value BYTEA,
    event_type TEXT,
    reason TEXT NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    note TEXT,
    resolved_by TEXT,
    parked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dead_letters PRIMARY KEY (id),
    CONSTRAINT uq_dead_letters_topic_partition_offset UNIQUE (topic, partition, "offset")
);
CREATE TABLE deliveries (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    contact_point_id UUID,
    person_ref UUID,
    country TEXT,
    kind TEXT NOT NULL,
    meeting JSONB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER DEFAULT '0' NOT NULL,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_until TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT uq_deliveries_event_id_contact_point_id_kind UNIQUE (event_id, contact_point_id, kind),
    CONSTRAINT uq_deliveries_number UNIQUE (number)
);
CREATE INDEX ix_deliveries_meeting_id_contact_point_id_number ON deliveries (meeting_id, contact_point_id, number);
CREATE INDEX ix_deliveries_next_at ON deliveries (next_at) WHERE state = 'queued';
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
CREATE TABLE inbox (
    event_id UUID NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (event_id)
);
CREATE TABLE meetings (
    id UUID NOT NULL,
    meeting JSONB NOT NULL,
    CONSTRAINT pk_meetings PRIMARY KEY (id)
);
CREATE TABLE offsets (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    next_offset BIGINT NOT NULL,
    folded BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    parked BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    recordedtime TIMESTAMP WITH TIME ZONE,
    advanced_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_offsets PRIMARY KEY (topic, partition)
);
CREATE TABLE persons (
    ref UUID NOT NULL,
    jwe TEXT,
    sealed_version INTEGER NOT NULL,
    erased BOOLEAN NOT NULL,
    CONSTRAINT pk_persons PRIMARY KEY (ref)
);
INSERT INTO began DEFAULT VALUES;
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
