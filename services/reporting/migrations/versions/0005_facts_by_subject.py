"""Facts found by their subject: one index less to keep with each."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS = """
ALTER TABLE facts.facts DROP CONSTRAINT pk_facts;
ALTER TABLE facts.facts ADD CONSTRAINT pk_facts PRIMARY KEY (subject, aggversion, source);
DROP INDEX facts.ix_facts_topic_subject;
CREATE INDEX ix_facts_topic ON facts.facts (topic)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
