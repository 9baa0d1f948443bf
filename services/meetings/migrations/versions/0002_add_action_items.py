"""Action items after decisions; a step is one of a meeting or of an action item."""

from alembic import op

revision = "0002"
down_revision = "0001"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE action_items (
    id UUID NOT NULL,
    meeting UUID NOT NULL,
    decision UUID NOT NULL,
    country TEXT NOT NULL,
    state TEXT NOT NULL,
    due DATE NOT NULL,
    whole JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_action_items PRIMARY KEY (id),
    CONSTRAINT fk_action_items_meeting_meetings FOREIGN KEY(meeting) REFERENCES meetings (id)
);
CREATE INDEX ix_action_items_meeting ON action_items (meeting);
CREATE INDEX ix_action_items_due_id ON action_items (due, id);
ALTER TABLE meeting_steps DROP CONSTRAINT fk_meeting_steps_meeting_id_meetings;
ALTER TABLE meeting_steps RENAME TO steps;
ALTER TABLE steps RENAME COLUMN meeting_id TO subject;
ALTER TABLE steps RENAME CONSTRAINT pk_meeting_steps TO pk_steps;
ALTER TABLE steps RENAME CONSTRAINT uq_meeting_steps_event_id TO uq_steps_event_id;
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
