"""What authorities are competent for."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Frozen as it was: tables.py moves on, this does not.
COMPETENCES = """
CREATE TABLE competences (
    id UUID NOT NULL,
    authority UUID NOT NULL,
    country TEXT,
    crime_types TEXT[] NOT NULL,
    measures TEXT[] NOT NULL,
    instruments TEXT[] NOT NULL,
    territory TEXT[] NOT NULL,
    stage TEXT,
    valid_from DATE NOT NULL,
    valid_to DATE,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_competences PRIMARY KEY (id),
    CONSTRAINT fk_competences_authority_authorities FOREIGN KEY (authority) REFERENCES authorities (id)
)
"""


def upgrade() -> None:
    op.execute(COMPETENCES)
    op.execute("CREATE INDEX ix_competences_authority ON competences (authority)")
    op.execute("CREATE INDEX ix_competences_country ON competences (country)")
