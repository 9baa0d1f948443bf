"""Networks, structures and the domains that have priority, with every step."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Frozen as it was: tables.py moves on, this does not.
REGISTER = """
CREATE TABLE {name} (
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    country TEXT,
    state TEXT NOT NULL,
    searchable TEXT NOT NULL,
    whole JSONB NOT NULL,
    beside JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_{name} PRIMARY KEY (id),
    CONSTRAINT uq_{name}_reference UNIQUE (reference)
)
"""
STEPS = """
CREATE TABLE steps (
    subject UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    after JSONB,
    corrects UUID,
    reason TEXT,
    retracted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_steps PRIMARY KEY (subject, version),
    CONSTRAINT uq_steps_event_id UNIQUE (event_id)
)
"""


def upgrade() -> None:
    for name in ("networks", "structures", "domains"):
        op.execute(REGISTER.format(name=name))
    op.execute(STEPS)
