"""A nomination that was taken back appoints nobody: version 0004 took the newest by a network, standing or not."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
UPDATE contact_points c SET network = n.network, contact_point = c.contact_point || jsonb_build_object('network', n.network)
FROM (SELECT DISTINCT ON (p.id) p.id,
        CASE WHEN f.data->>'appointing_kind' = 'network' THEN CAST(f.data->>'appointing_body_ref' AS uuid) END AS network
    FROM contact_points p LEFT JOIN contact_point_facts f
        ON f.contact_point_id = p.id AND f.type = 'contacts.contact_point.nominated.v1' AND NOT EXISTS (
            SELECT FROM contact_point_facts r WHERE r.contact_point_id = p.id AND r.type = 'contacts.contact_point.retracted.v1'
                AND CAST(r.data->>'corrects' AS uuid) = f.event_id)
    ORDER BY p.id, f.version DESC) n
WHERE n.id = c.id AND n.network IS DISTINCT FROM c.network
""")
