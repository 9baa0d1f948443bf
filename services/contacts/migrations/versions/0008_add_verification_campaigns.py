"""Verification campaigns, whom each asked, and the links by which one answers without a password."""

from alembic import op

revision = "0008"
down_revision = "0007"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE campaigns (
    id UUID NOT NULL,
    country TEXT,
    method TEXT NOT NULL,
    due DATE NOT NULL,
    unverified_days INTEGER,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_campaigns PRIMARY KEY (id)
);
CREATE TABLE campaign_members (
    campaign_id UUID NOT NULL,
    contact_point_id UUID NOT NULL,
    event_id UUID NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_campaign_members PRIMARY KEY (campaign_id, contact_point_id),
    CONSTRAINT fk_campaign_members_campaign_id_campaigns FOREIGN KEY (campaign_id) REFERENCES campaigns (id),
    CONSTRAINT fk_campaign_members_contact_point_id_contact_points FOREIGN KEY (contact_point_id) REFERENCES contact_points (id)
);
CREATE TABLE verification_links (
    token_hash BYTEA NOT NULL,
    contact_point_id UUID NOT NULL,
    request_version INTEGER NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT,
    changed_fields TEXT[],
    answered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_verification_links PRIMARY KEY (token_hash),
    CONSTRAINT fk_verification_links_contact_point_id_contact_points FOREIGN KEY (contact_point_id) REFERENCES contact_points (id)
);
CREATE INDEX ix_verification_links_contact_point_id ON verification_links (contact_point_id)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
