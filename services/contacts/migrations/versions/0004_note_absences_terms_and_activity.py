"""Contact points that are away, dormant, or at the end of their term; when something was last heard of each."""

from alembic import op

revision = "0004"
down_revision = "0003"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
ALTER TABLE contact_points
    ADD COLUMN term_to DATE,
    ADD COLUMN successor_asked DATE,
    ADD COLUMN absent_from DATE,
    ADD COLUMN absent_to DATE,
    ADD COLUMN absence_deputy UUID CONSTRAINT fk_contact_points_absence_deputy_contact_points REFERENCES contact_points (id),
    ADD COLUMN dormant_since DATE,
    ADD COLUMN active_at TIMESTAMP WITH TIME ZONE;
UPDATE contact_points c SET active_at = (SELECT max(least(s.time, s.recorded_at)) FROM contact_point_steps s
    WHERE s.contact_point_id = c.id AND s.retracted_at IS NULL AND s.type IN ('contacts.contact_point.nominated.v1',
        'contacts.contact_point.designated.v1', 'contacts.contact_point.updated.v1', 'contacts.contact_point.verified.v1'));
CREATE INDEX ix_contact_points_active_at ON contact_points (active_at) WHERE dormant_since IS NULL;
CREATE INDEX ix_contact_points_term_to ON contact_points (term_to) WHERE term_to IS NOT NULL
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
