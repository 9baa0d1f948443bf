"""What partners say, how far their topics are read, and what could not be."""

from alembic import op

revision = "0006"
down_revision = "0005"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE partner_facts (
    subject UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    topic TEXT NOT NULL,
    type TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    country TEXT,
    corrects UUID,
    data JSONB NOT NULL,
    CONSTRAINT pk_partner_facts PRIMARY KEY (subject, version)
);
CREATE INDEX ix_partner_facts_country ON partner_facts (country);
CREATE INDEX ix_partner_facts_corrects ON partner_facts (corrects);
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
)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
