"""Packs are asked for, built beside the requests, and ready or failed; what leads from one to a later one is kept."""

from alembic import op

revision = "0012"
down_revision = "0011"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = (
    """
ALTER TABLE packs
    ADD COLUMN state TEXT,
    ADD COLUMN begun_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN correlation UUID,
    ADD COLUMN mode TEXT,
    ADD COLUMN days INTEGER,
    ADD COLUMN done INTEGER,
    ADD COLUMN problem TEXT
""",
    """
UPDATE packs SET state = 'ready', begun_at = made_at, correlation = id, mode = 'live', done = entries,
    days = extract(day FROM expires_at - made_at)
""",
    """
ALTER TABLE packs
    ALTER COLUMN state SET NOT NULL,
    ALTER COLUMN begun_at SET NOT NULL,
    ALTER COLUMN correlation SET NOT NULL,
    ALTER COLUMN mode SET NOT NULL,
    ALTER COLUMN days SET NOT NULL,
    ALTER COLUMN done SET NOT NULL,
    ALTER COLUMN made_at DROP NOT NULL,
    ALTER COLUMN expires_at DROP NOT NULL,
    ALTER COLUMN entries DROP NOT NULL,
    ALTER COLUMN bytes DROP NOT NULL,
    ALTER COLUMN sha256 DROP NOT NULL,
    ALTER COLUMN signature DROP NOT NULL,
    ALTER COLUMN fingerprint DROP NOT NULL
""",
    """
CREATE TABLE pack_deltas (
    earlier UUID NOT NULL,
    later UUID NOT NULL,
    content BYTEA,
    problem TEXT,
    CONSTRAINT pk_pack_deltas PRIMARY KEY (earlier),
    CONSTRAINT fk_pack_deltas_earlier_packs FOREIGN KEY(earlier) REFERENCES packs (id),
    CONSTRAINT fk_pack_deltas_later_packs FOREIGN KEY(later) REFERENCES packs (id)
)
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
