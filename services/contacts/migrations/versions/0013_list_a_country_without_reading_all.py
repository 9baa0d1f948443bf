"""A country's authorities and contact points come page by page from an index in the order of the list, and are counted from one."""

from alembic import op

revision = "0013"
down_revision = "0012"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = (
    "CREATE INDEX ix_authorities_country_reference ON authorities (country, reference)",
    "DROP INDEX ix_authorities_country",
    """CREATE INDEX ix_contact_points_sorted_id ON contact_points (coalesce(country COLLATE "C", '~'), id)""",
    "CREATE INDEX ix_contact_points_country_state ON contact_points (country, state)",
    "DROP INDEX ix_contact_points_country",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
