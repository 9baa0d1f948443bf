"""Mails about enquiries: what any mail is about is one thing of a type, and what it says of that."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries RENAME COLUMN meeting_id TO subject_id")
    op.execute("ALTER TABLE deliveries RENAME COLUMN meeting TO about")
    op.execute("ALTER TABLE deliveries ADD COLUMN subject_type TEXT")
    op.execute("""UPDATE deliveries SET subject_type = CASE WHEN subject_id IS NULL THEN 'contact_point' ELSE 'meeting' END,
        about = coalesce(about, notice), subject_id = coalesce(subject_id, CAST(notice->>'contact_point' AS uuid))""")
    op.execute("""ALTER TABLE deliveries DROP COLUMN notice, ALTER COLUMN subject_type SET NOT NULL,
        ALTER COLUMN subject_id SET NOT NULL, ALTER COLUMN about SET NOT NULL""")
    op.execute("""ALTER INDEX ix_deliveries_meeting_id_contact_point_id_number
        RENAME TO ix_deliveries_subject_id_contact_point_id_number""")
