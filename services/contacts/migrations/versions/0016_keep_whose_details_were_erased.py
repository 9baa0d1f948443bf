"""A contact point knows that its person's details were erased; who still serves is suspended by `due`, with a fact."""

from alembic import op

revision = "0016"
down_revision = "0015"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = (
    "ALTER TABLE contact_points ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE",
    """
UPDATE contact_points SET erased_at = p.erased_at FROM persons p
WHERE p.ref = contact_points.person_ref AND p.erased_at IS NOT NULL
""",
    "CREATE INDEX ix_contact_points_erased_at ON contact_points (erased_at) WHERE erased_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
