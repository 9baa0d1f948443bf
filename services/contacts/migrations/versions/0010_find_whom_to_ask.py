"""Members of networks by their country, and indexes by which the likeliest to ask are found in a country of many."""

from alembic import op

revision = "0010"
down_revision = "0009"

# Frozen as it was: tables.py moves on, this does not.
STATEMENTS = """
CREATE TABLE memberships (
    network UUID NOT NULL,
    member UUID NOT NULL,
    country TEXT,
    role TEXT NOT NULL,
    valid_from DATE NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (network, member),
    CONSTRAINT fk_memberships_network_networks FOREIGN KEY (network) REFERENCES networks (id)
);
CREATE INDEX ix_memberships_country ON memberships (country);
INSERT INTO memberships (network, member, country, role, valid_from)
    SELECT n.id, m.member, coalesce(a.country, c.country), m.role, m.valid_from
    FROM networks n, jsonb_to_recordset(n.whole->'members') AS m(member uuid, role text, valid_from date)
    LEFT JOIN authorities a ON a.id = m.member LEFT JOIN contact_points c ON c.id = m.member;
CREATE INDEX ix_authorities_country_kind_reference ON authorities (country, kind, reference);
CREATE INDEX ix_authorities_country_24x7 ON authorities (country, reference) WHERE phone_24x7 IS NOT NULL;
CREATE INDEX ix_contact_points_specialisations ON contact_points USING gin (specialisations);
CREATE INDEX ix_contact_points_country_valid_from ON contact_points (country, valid_from);
CREATE INDEX ix_contact_points_country_verified_at ON contact_points (country, verified_at DESC NULLS LAST);
CREATE INDEX ix_contact_points_country_24x7 ON contact_points (country, verified_at DESC NULLS LAST) WHERE duty = '24x7';
CREATE INDEX ix_contact_points_country_out ON contact_points (country, verified_at DESC NULLS LAST)
    WHERE state IN ('suspended', 'lapsed', 'ended');
CREATE INDEX ix_competences_crime_types ON competences USING gin (crime_types);
CREATE INDEX ix_competences_country_open ON competences (country) WHERE crime_types = '{}' OR measures = '{}'
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
