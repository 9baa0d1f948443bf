"""Partners, instruments and legal bases with every step; outbox and idempotency keys."""

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
CREATE TABLE partners (
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    name JSONB NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    abbreviation TEXT,
    region TEXT,
    notes TEXT,
    source JSONB,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_partners PRIMARY KEY (id),
    CONSTRAINT uq_partners_reference UNIQUE (reference)
);
CREATE TABLE instruments (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    subjects TEXT[] NOT NULL,
    source JSONB,
    state TEXT NOT NULL,
    "on" DATE,
    stated_as_of DATE NOT NULL,
    valid_to DATE,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_instruments PRIMARY KEY (id),
    CONSTRAINT fk_instruments_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id),
    CONSTRAINT uq_instruments_reference UNIQUE (reference)
);
CREATE INDEX ix_instruments_partner_id ON instruments (partner_id);
CREATE TABLE instrument_steps (
    instrument_id UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    state TEXT,
    "on" DATE,
    stated_as_of DATE,
    valid_to DATE,
    effective DATE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retracted_at TIMESTAMP WITH TIME ZONE,
    corrects UUID,
    reason TEXT,
    CONSTRAINT pk_instrument_steps PRIMARY KEY (instrument_id, version),
    CONSTRAINT fk_instrument_steps_instrument_id_instruments FOREIGN KEY(instrument_id) REFERENCES instruments (id),
    CONSTRAINT uq_instrument_steps_event_id UNIQUE (event_id)
);
CREATE TABLE legal_bases (
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    kind TEXT NOT NULL,
    purposes TEXT[] NOT NULL,
    data_categories TEXT[] NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    instrument_id UUID,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_legal_bases PRIMARY KEY (id),
    CONSTRAINT fk_legal_bases_partner_id_partners FOREIGN KEY(partner_id) REFERENCES partners (id),
    CONSTRAINT fk_legal_bases_instrument_id_instruments FOREIGN KEY(instrument_id) REFERENCES instruments (id)
);
CREATE INDEX ix_legal_bases_instrument_id ON legal_bases (instrument_id);
CREATE INDEX ix_legal_bases_partner_id ON legal_bases (partner_id);
CREATE TABLE legal_basis_steps (
    legal_basis_id UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    state TEXT NOT NULL,
    valid_to DATE,
    effective DATE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_legal_basis_steps PRIMARY KEY (legal_basis_id, version),
    CONSTRAINT fk_legal_basis_steps_legal_basis_id_legal_bases FOREIGN KEY(legal_basis_id) REFERENCES legal_bases (id),
    CONSTRAINT uq_legal_basis_steps_event_id UNIQUE (event_id)
);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
