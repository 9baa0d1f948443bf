"""Gaps in histories are kept as they are met, so that nobody has to count all facts to see them."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE facts.gaps (
    source TEXT NOT NULL,
    subject UUID NOT NULL,
    aggversion INTEGER NOT NULL,
    topic TEXT NOT NULL,
    CONSTRAINT pk_gaps PRIMARY KEY (source, subject, aggversion)
);
INSERT INTO facts.gaps SELECT source, subject, aggversion, topic FROM facts.facts AS fact
WHERE aggversion > 1 AND NOT EXISTS (
    SELECT FROM facts.facts AS before
    WHERE before.source = fact.source AND before.subject = fact.subject AND before.aggversion = fact.aggversion - 1
);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
