"""By which words everything is found."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.contacts.tables.metadata import metadata

search_entries = Table(
    "search_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("norm", Text, nullable=False),
    Column("words", ARRAY(Text(collation="C")), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("rules", Integer, nullable=False),
)
"""What can be found and by which words; `rules` is the version of the rules that made them."""
Index("ix_search_entries_words", search_entries.c.words, postgresql_using="gin", postgresql_with={"fastupdate": "off"})

search_words = Table(
    "search_words",
    metadata,
    Column("word", Text(collation="C"), nullable=False),
    Column("latin", Text(collation="C"), nullable=False),
    Column("bones", Text(collation="C")),
)
"""Every word of every entry, as good as once: two transactions may both add a new one rather than wait for each other."""
Index("ix_search_words_word", search_words.c.word)
Index("ix_search_words_bones", search_words.c.bones, postgresql_where=search_words.c.bones.is_not(None))
Index("ix_search_words_latin", search_words.c.latin, postgresql_using="gin", postgresql_ops={"latin": "gin_trgm_ops"})
