"""Enquiries: who asked whom, whose clock runs, and until when."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("""
CREATE TABLE enquiries (
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    country TEXT,
    state TEXT NOT NULL,
    searchable TEXT NOT NULL,
    whole JSONB NOT NULL,
    beside JSONB NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    to_country TEXT NOT NULL,
    addressee UUID,
    opened TIMESTAMP WITH TIME ZONE NOT NULL,
    acknowledge_by TIMESTAMP WITH TIME ZONE,
    proposed_at TIMESTAMP WITH TIME ZONE,
    answered_in INTEGER,
    CONSTRAINT pk_enquiries PRIMARY KEY (id),
    CONSTRAINT uq_enquiries_reference UNIQUE (reference)
)
""")
    op.execute("CREATE INDEX ix_enquiries_country ON enquiries (country)")
    op.execute("CREATE INDEX ix_enquiries_to_country ON enquiries (to_country)")
    op.execute("CREATE INDEX ix_enquiries_addressee ON enquiries (addressee)")
    op.execute(
        "CREATE INDEX ix_enquiries_acknowledge_by ON enquiries (acknowledge_by) "
        "WHERE state IN ('routed', 'escalated') AND proposed_at IS NULL"
    )
