"""Lists that were looked through and not taken in held details of persons who were erased meanwhile."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("""
UPDATE import_rows SET jwe = NULL, key = NULL
FROM imports i, contact_points c JOIN persons p ON p.ref = c.person_ref AND p.erased_at IS NOT NULL
WHERE import_rows.reference = c.reference AND i.id = import_rows.import_id AND i.kind = 'contact_points'
""")
