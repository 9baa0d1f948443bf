"""Facts that can be made again, and reports that cannot."""

from alembic import op

revision = "0001"
down_revision = None

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE SCHEMA facts;
CREATE SCHEMA reports;
CREATE TABLE reports.idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status INTEGER,
    headers JSONB,
    body BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (actor, key)
);
CREATE TABLE reports.outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    headers JSONB NOT NULL,
    value BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    set_aside TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_created_at ON reports.outbox (created_at);
CREATE TABLE reports.dead_letters (
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
CREATE TABLE reports.coverage (
    id UUID NOT NULL,
    instance TEXT NOT NULL,
    indicator TEXT,
    event_family TEXT,
    country TEXT,
    crime_type TEXT,
    start DATE NOT NULL,
    "end" DATE,
    complete BOOLEAN NOT NULL,
    basis TEXT NOT NULL,
    origin TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_coverage PRIMARY KEY (id)
);
CREATE TABLE facts.offsets (
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
CREATE TABLE facts.facts (
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    aggversion INTEGER NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    recordedtime TIMESTAMP WITH TIME ZONE NOT NULL,
    country TEXT,
    instance TEXT NOT NULL,
    mode TEXT NOT NULL,
    classification TEXT NOT NULL,
    actor TEXT,
    correlationid UUID,
    causationid UUID,
    corrects UUID,
    data JSONB NOT NULL,
    CONSTRAINT pk_facts PRIMARY KEY (source, subject, aggversion),
    CONSTRAINT uq_facts_source_id UNIQUE (source, id)
);
CREATE INDEX ix_facts_id ON facts.facts (id);
CREATE INDEX ix_facts_topic_subject ON facts.facts (topic, subject);
CREATE INDEX ix_facts_corrects ON facts.facts (corrects) WHERE corrects IS NOT NULL;
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
