"""By which words authorities, contact points, networks and structures are found; entered in the transaction that changes them.

No person's name is among them: names are kept sealed, and this service has no word of them in clear.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import search

_SOURCES = {
    "authority": """SELECT a.id, a.name, ARRAY[a.reference] AS others, a.country, a.kind AS office, false AS gone, false AS never,
    ARRAY(SELECT DISTINCT unnest(c.crime_types) FROM competences c WHERE c.authority = a.id AND c.state = 'declared' ORDER BY 1)
        AS crime_types
FROM authorities a""",
    "contact_point": """SELECT c.id, coalesce(a.name, '{}') AS name, ARRAY[c.reference] AS others, c.country, a.kind AS office,
    c.state = 'ended' AS gone, c.state = 'retracted' AS never, c.specialisations AS crime_types
FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority""",
    "network": """SELECT id, whole->'name' AS name, ARRAY[reference, beside->>'abbreviation'] AS others, country, whole->>'kind' AS office,
    state = 'dissolved' AS gone, state = 'retracted' AS never, ARRAY(SELECT jsonb_array_elements_text(whole->'domain')) AS crime_types
FROM networks""",
    "structure": """SELECT id, whole->'name' AS name, ARRAY[reference, beside->>'abbreviation'] AS others, country,
    whole->>'kind' AS office, false AS gone, state = 'retracted' AS never, ARRAY[]::text[] AS crime_types
FROM structures""",
}
KINDS = tuple(_SOURCES)
_KEEP = text("""INSERT INTO search_entries (id, kind, norm, words, gone, rules) VALUES (:id, :kind, :norm, :words, :gone, :rules)
ON CONFLICT (id) DO UPDATE SET norm = excluded.norm, words = excluded.words, gone = excluded.gone, rules = excluded.rules""")
# Not unique, so that nobody waits for another's transaction; two of a word do no harm.
_LEARN = text("""INSERT INTO search_words (word, latin, bones)
SELECT * FROM unnest(CAST(:words AS text[]), CAST(:latin AS text[]), CAST(:bones AS text[])) AS new(word, latin, bones)
WHERE NOT EXISTS (SELECT FROM search_words known WHERE known.word = new.word)""")
# Shared, so that an authority's new name and its contact point's new post cannot pass each other by.
_HOLD = text("SELECT FROM authorities WHERE id IN (SELECT authority FROM contact_points WHERE id = ANY(:ids)) ORDER BY id FOR SHARE")
_SERVING = text("SELECT id FROM contact_points WHERE authority = ANY(:ids) ORDER BY id")


_ANY = text("SELECT word FROM search_words LIMIT 1")


async def any_word(tx: AsyncConnection) -> str:
    """One of the words that something is found by; made up where there is none yet."""
    return str((await tx.execute(_ANY)).scalar() or "word")


async def enter(tx: AsyncConnection, kind: str, ids: Sequence[UUID]) -> None:
    """Make these found by what they are called now; what was taken back is found no longer."""
    if kind == "contact_point":
        await tx.execute(_HOLD, {"ids": list(ids)})
    rows = await tx.execute(text(f"SELECT * FROM ({_SOURCES[kind]}) s WHERE id = ANY(:ids) ORDER BY id"), {"ids": list(ids)})  # noqa: S608 - words of ours
    entries = [(_entry(kind, row), row.never) for row in rows]
    if entries:
        await tx.execute(_KEEP, [_kept(entry, never) for entry, never in entries])
        await tx.execute(_LEARN, spelled(word for entry, never in entries if not never for word in entry.words))


async def enter_authorities(tx: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Authorities, and the contact points that are found by their names."""
    await enter(tx, "authority", ids)
    serving = [row.id for row in await tx.execute(_SERVING, {"ids": list(ids)})]
    if serving:
        await enter(tx, "contact_point", serving)


async def enter_missing(tx: AsyncConnection, kind: str, limit: int) -> int:
    """Those of a kind that no entry or an entry by older rules stands for; returns how many were entered, at most `limit`."""
    missing = f"""SELECT s.id FROM ({_SOURCES[kind]}) s LEFT JOIN search_entries e ON e.id = s.id AND e.rules = :rules
WHERE e.id IS NULL LIMIT :limit"""  # noqa: S608 - words of ours
    ids = [row.id for row in await tx.execute(text(missing), {"rules": search.VERSION, "limit": limit})]
    if ids:
        await enter(tx, kind, ids)
    return len(ids)


def _entry(kind: str, row: Any) -> search.Entry:
    others = tuple(word for word in row.others if word)
    return search.Entry(row.id, kind, tuple(row.name.values()), others, row.country, row.office, tuple(row.crime_types), row.gone)


def _kept(entry: search.Entry, never: bool) -> dict[str, Any]:
    found = {"norm": "", "words": []} if never else {"norm": entry.norm, "words": entry.words + entry.marks}
    return {"id": entry.id, "kind": entry.kind, "gone": entry.gone, "rules": search.VERSION, **found}


def spelled(words: Iterable[str]) -> dict[str, list[Any]]:
    """Words as they are learned: each with its Latin letters, and its consonants where its script writes no vowels."""
    known = sorted(set(words))
    bones = [search.bones(word) if search.vowelless(word) else None for word in known]
    return {"words": known, "latin": [search.latin(word) for word in known], "bones": bones}
