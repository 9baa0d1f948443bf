"""What a publication says beside a figure in words is kept with the coverage it declares."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE reports.coverage ADD COLUMN statement TEXT")
