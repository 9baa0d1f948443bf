"""Authorities, contact points with every step, persons and their keys, the access log; outbox and idempotency keys."""

from alembic import op

revision = "0001"
down_revision = None

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE authorities (
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    name JSONB NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    subdivision TEXT,
    zone TEXT NOT NULL,
    languages TEXT[] NOT NULL,
    role_mailbox TEXT,
    phone_24x7 TEXT,
    searchable TEXT NOT NULL,
    source JSONB,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_authorities PRIMARY KEY (id),
    CONSTRAINT uq_authorities_reference UNIQUE (reference)
);
CREATE INDEX ix_authorities_country ON authorities (country);
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
CREATE TABLE persons (
    ref UUID NOT NULL,
    country TEXT,
    jwe TEXT,
    version INTEGER NOT NULL,
    sealed_version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_persons PRIMARY KEY (ref)
);
CREATE TABLE access_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    reader TEXT NOT NULL,
    person_ref UUID NOT NULL,
    purpose TEXT NOT NULL,
    surface TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_access_log PRIMARY KEY (id),
    CONSTRAINT fk_access_log_person_ref_persons FOREIGN KEY(person_ref) REFERENCES persons (ref)
);
CREATE INDEX ix_access_log_person_ref_id ON access_log (person_ref, id);
CREATE INDEX ix_access_log_reader_id ON access_log (reader, id);
CREATE TABLE contact_points (
    id UUID NOT NULL,
    reference TEXT,
    person_ref UUID NOT NULL,
    country TEXT,
    appointing_kind TEXT NOT NULL,
    appointing_body UUID,
    specialisations TEXT[] NOT NULL,
    languages JSONB NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    authority UUID,
    duty TEXT,
    deputy UUID,
    valid_from DATE,
    valid_to DATE,
    end_reason TEXT,
    successor UUID,
    verified_at TIMESTAMP WITH TIME ZONE,
    due DATE,
    source JSONB,
    CONSTRAINT pk_contact_points PRIMARY KEY (id),
    CONSTRAINT uq_contact_points_reference UNIQUE (reference),
    CONSTRAINT uq_contact_points_person_ref UNIQUE (person_ref),
    CONSTRAINT fk_contact_points_person_ref_persons FOREIGN KEY(person_ref) REFERENCES persons (ref),
    CONSTRAINT fk_contact_points_authority_authorities FOREIGN KEY(authority) REFERENCES authorities (id),
    CONSTRAINT fk_contact_points_deputy_contact_points FOREIGN KEY(deputy) REFERENCES contact_points (id),
    CONSTRAINT fk_contact_points_successor_contact_points FOREIGN KEY(successor) REFERENCES contact_points (id)
);
CREATE INDEX ix_contact_points_authority ON contact_points (authority);
CREATE INDEX ix_contact_points_country ON contact_points (country);
CREATE INDEX ix_contact_points_due ON contact_points (due) WHERE state = 'verification_due';
CREATE TABLE person_keys (
    person_ref UUID NOT NULL,
    key BYTEA NOT NULL,
    CONSTRAINT pk_person_keys PRIMARY KEY (person_ref),
    CONSTRAINT fk_person_keys_person_ref_persons FOREIGN KEY(person_ref) REFERENCES persons (ref)
);
CREATE TABLE contact_point_steps (
    contact_point_id UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    after JSONB,
    due DATE,
    corrects UUID,
    reason TEXT,
    retracted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_contact_point_steps PRIMARY KEY (contact_point_id, version),
    CONSTRAINT fk_contact_point_steps_contact_point_id_contact_points FOREIGN KEY(contact_point_id) REFERENCES contact_points (id),
    CONSTRAINT uq_contact_point_steps_event_id UNIQUE (event_id)
);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
