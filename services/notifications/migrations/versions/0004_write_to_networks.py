"""Mails to networks and to who is posted: through whom they are reached, and whose each contact point is, in columns of their own."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
CREATE TABLE reach_facts (
    subject UUID NOT NULL,
    version INTEGER NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    data JSONB NOT NULL,
    CONSTRAINT pk_reach_facts PRIMARY KEY (subject, version)
)
""")
    op.execute("ALTER TABLE contact_points ADD COLUMN authority UUID, ADD COLUMN network UUID")
    # Which network appointed was not kept before; the facts that say it were.
    op.execute("""
UPDATE contact_points c SET authority = CAST(c.contact_point->>'authority' AS uuid), network = n.network,
    contact_point = c.contact_point || jsonb_build_object('network', n.network)
FROM (SELECT DISTINCT ON (p.id) p.id, CAST(f.data->>'appointing_body_ref' AS uuid) AS network
    FROM contact_points p LEFT JOIN contact_point_facts f
        ON f.contact_point_id = p.id AND f.type = 'contacts.contact_point.nominated.v1' AND f.data->>'appointing_kind' = 'network'
    ORDER BY p.id, f.version DESC) n WHERE n.id = c.id
""")
    op.execute("CREATE INDEX ix_contact_points_authority ON contact_points (authority)")
    op.execute("CREATE INDEX ix_contact_points_network ON contact_points (network)")
