"""Lists on their way in: the file in parts, its rows, and what cannot be in them; packs that go out."""

from alembic import op

revision = "0007"
down_revision = "0006"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE imports (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    correlation UUID NOT NULL,
    covers TEXT[] NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    key BYTEA,
    rows INTEGER,
    checked INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    applied INTEGER NOT NULL,
    effects JSONB NOT NULL,
    countries TEXT[] NOT NULL,
    left_out TEXT[] NOT NULL,
    problem TEXT,
    CONSTRAINT pk_imports PRIMARY KEY (id)
);
CREATE INDEX ix_imports_begun_at_id ON imports (begun_at, id);
CREATE TABLE import_parts (
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    hidden BYTEA NOT NULL,
    CONSTRAINT pk_import_parts PRIMARY KEY (import_id, number),
    CONSTRAINT fk_import_parts_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE TABLE import_rows (
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    reference TEXT NOT NULL,
    given JSONB NOT NULL,
    person_ref UUID,
    jwe TEXT,
    key BYTEA,
    CONSTRAINT pk_import_rows PRIMARY KEY (import_id, number),
    CONSTRAINT fk_import_rows_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE TABLE import_faults (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    import_id UUID NOT NULL,
    "row" INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_import_faults PRIMARY KEY (id),
    CONSTRAINT fk_import_faults_import_id_imports FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE TABLE packs (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entries INTEGER NOT NULL,
    countries TEXT[] NOT NULL,
    persons BOOLEAN NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    signature TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    actor TEXT NOT NULL,
    content BYTEA,
    CONSTRAINT pk_packs PRIMARY KEY (id),
    CONSTRAINT uq_packs_number UNIQUE (number)
);
CREATE INDEX ix_import_faults_import_id_id ON import_faults (import_id, id);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
