"""By which words everything is found. What is there already is entered by the service when it starts."""

from alembic import op

revision = "0011"
down_revision = "0010"

# Frozen as it was: tables.py moves on, this does not. Both extensions are trusted ones: the owner of a database may add them.
STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS fuzzystrmatch",
    """
CREATE TABLE search_entries (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    norm TEXT NOT NULL,
    words TEXT[] COLLATE "C" NOT NULL,
    gone BOOLEAN NOT NULL,
    rules INTEGER NOT NULL,
    CONSTRAINT pk_search_entries PRIMARY KEY (id)
)
""",
    """
CREATE TABLE search_words (
    word TEXT COLLATE "C" NOT NULL,
    latin TEXT COLLATE "C" NOT NULL,
    bones TEXT COLLATE "C"
)
""",
    "CREATE INDEX ix_search_entries_words ON search_entries USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX ix_search_words_word ON search_words (word)",
    "CREATE INDEX ix_search_words_bones ON search_words (bones) WHERE bones IS NOT NULL",
    "CREATE INDEX ix_search_words_latin ON search_words USING gin (latin gin_trgm_ops)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
