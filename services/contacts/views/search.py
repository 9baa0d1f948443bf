"""Search in the directory: candidates from the dictionary of words, rows from the inverted index, best match first.

A word that one row in five bears makes a trigram index over whole names slow: each of its trigrams stands in 200,000 rows of a million.
So a misspelt word is first looked for among the distinct words, which are few; what it may mean is then looked up exactly.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import gateways
from services.contacts.domain import search
from shared.errors import Invalid
from shared.web import Page, cursor_of

COUNTED = 1000
"""So many matches are looked at and counted; behind them nobody looks."""
RELAXED = 200
"""So many rows are looked at for each word that may be left out."""
ENOUGH = 5
SURE = 850
"""With fewer matches, of which the best scores less (in thousandths), a word may be left out, and a known one be another one misspelt."""
MEANT = 12
"""So many words may be meant by one that is misspelt."""
ALIKE = 0.2
"""Trigrams that a word must have in common with the one asked for (Jaccard): a short word with two letters wrong keeps one in five."""
LABEL_ALIKE = 0.45

UUID_SPELLED = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Kind = Literal["authority", "contact_point", "network", "structure"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Found(BaseModel):
    """Something that matches. A contact point is called by its authority: persons' names are sealed, and no search looks into them."""

    id: UUID
    kind: Kind
    reference: str | None
    name: dict[str, str]
    country: str | None
    office: str | None
    """Code of its kind: `institution_kind`, `network_kind` or `structure_kind`; a contact point has its authority's."""
    state: str
    crime_types: list[str]
    score: float
    """1 and above: every word is there as it was asked, or the whole name is."""


class FoundPage(Page[Found]):
    """Matches, best first; `more`: there are more than the `total` that were counted."""

    more: bool
    instead: str | None
    """The question with its misspelt words as they are known here; None where every word is known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its words, what each may mean (word -> weight), and under which codes a match must stand."""

    name: str
    words: Sequence[str]
    meanings: Sequence[Mapping[str, float]]
    marks: Sequence[str]


# `%` takes its threshold from the setting of the transaction.
_MEANINGS = text("""SELECT q.place, k.word, max(k.weight) AS weight
FROM unnest(CAST(:words AS text[]), CAST(:latin AS text[]), CAST(:bones AS text[]), CAST(:known AS boolean[])) WITH ORDINALITY
    AS q(word, latin, bones, known, place)
CROSS JOIN LATERAL (
    (SELECT word, 1.0 AS weight FROM search_words WHERE word = q.word COLLATE "C" LIMIT 1)
    UNION ALL (SELECT word, 0.7 + 0.25 * char_length(q.word) / char_length(word) FROM search_words
        WHERE char_length(q.word) > 2 AND word > q.word COLLATE "C" AND word < (q.word || chr(1114111)) COLLATE "C" ORDER BY word LIMIT 10)
    UNION ALL (SELECT word, 0.6 FROM search_words WHERE char_length(q.bones) > 2 AND bones = q.bones COLLATE "C" LIMIT 10)
    UNION ALL (SELECT word, greatest(similarity(near.latin, q.latin),
            1 - levenshtein(left(near.latin, 60), left(q.latin, 60))::float / greatest(char_length(near.latin), char_length(q.latin)))
        FROM (SELECT word, s.latin FROM search_words s
            WHERE s.latin % (q.latin COLLATE "C")
                AND (:all OR NOT q.known AND NOT EXISTS (SELECT FROM search_words x WHERE x.word = q.word COLLATE "C"))
            ORDER BY similarity(s.latin, q.latin) DESC LIMIT 60) near)
) k
GROUP BY q.place, k.word ORDER BY q.place, weight DESC, k.word""")
_THRESHOLD = text("SELECT set_config('pg_trgm.similarity_threshold', :alike, true)")

_RANKED = """WITH found AS ({found}),
weights AS (SELECT * FROM unnest(CAST(:places AS int[]), CAST(:means AS text[]), CAST(:weights AS float[])) AS w(place, word, weight)),
matched AS (
    SELECT id, sum(best) / :asked AS score FROM (
        SELECT f.id, w.place, max(w.weight) AS best
        FROM found f CROSS JOIN LATERAL unnest(f.words) AS u(word) JOIN weights w ON w.word = u.word GROUP BY f.id, w.place) b
    GROUP BY id),
scored AS (
    SELECT f.id, f.kind, round(1000 * (m.score
        + CASE WHEN strpos(f.norm || E'\\n', E'\\n' || :name || E'\\n') > 0 THEN 0.5
               WHEN strpos(f.norm, E'\\n' || :name) > 0 THEN 0.25 ELSE 0 END
        - least(char_length(f.norm), 400) / 4000.0 - CASE f.kind WHEN 'authority' THEN 0 WHEN 'contact_point' THEN 0.01 ELSE 0.005 END
        - CASE WHEN f.gone THEN 0.3 ELSE 0 END))::int AS score
    FROM found f JOIN matched m ON m.id = f.id)
SELECT id, kind, score, (SELECT count(*) FROM scored) AS total FROM scored
WHERE CAST(:at AS int) IS NULL OR (-score, id) > (-CAST(:at AS int), CAST(:after AS uuid)) ORDER BY score DESC, id LIMIT :limit"""
_SHOWN = text("""SELECT e.id, e.kind, coalesce(a.reference, c.reference, n.reference, s.reference) AS reference,
    coalesce(a.name, o.name, n.whole->'name', s.whole->'name', '{}') AS name,
    coalesce(a.country, c.country, n.country, s.country) AS country,
    coalesce(a.kind, o.kind, n.whole->>'kind', s.whole->>'kind') AS office, coalesce(c.state, n.state, s.state, 'registered') AS state,
    ARRAY(SELECT substr(word, 12) FROM unnest(e.words) AS word WHERE word LIKE 'crime\\_type=%') AS crime_types
FROM search_entries e LEFT JOIN authorities a ON a.id = e.id LEFT JOIN contact_points c ON c.id = e.id
LEFT JOIN authorities o ON o.id = c.authority LEFT JOIN networks n ON n.id = e.id LEFT JOIN structures s ON s.id = e.id
WHERE e.id = ANY(:ids)""")


async def found(
    tx: AsyncConnection, q: str, *, kinds: Collection[str], limit: int, after: tuple[Any, ...] | None, **codes: str | None
) -> FoundPage:
    """What matches the words of `q` in names, references and labels of codes (en, fr, ar), whatever the script and the spelling.

    Names of persons are never looked through: they are sealed under each person's key, and kept nowhere in clear.
    """
    words = search.words_of(q, search.ASKED)
    if not words:
        return FoundPage(items=[], next=None, total=0, more=False, instead=None)
    marks = [search.marked(*each) for each in codes.items() if each[1]]
    await tx.execute(_THRESHOLD, {"alike": str(ALIKE)})
    loosely, place = after is not None and len(after) == 3, after[:2] if after else None
    asked = Asked(search.norm(q), words, await _meanings(tx, words, every=loosely), marks)
    rows = await _ranked(tx, asked, (_relaxed if loosely else _strict)(asked, kinds), kinds, limit, place)
    if after is None and (not rows or (rows[0].total < ENOUGH and rows[0].score < SURE)):
        loosely, asked = True, Asked(asked.name, words, await _meanings(tx, words, every=True), marks)
        rows = await _ranked(tx, asked, _relaxed(asked, kinds), kinds, limit, None)
    items = await _shown(tx, rows[:limit])
    total = rows[0].total if rows else 0
    mode = ("loosely",) if loosely else ()
    following = cursor_of(rows[limit - 1].score, str(rows[limit - 1].id), *mode) if len(rows) > limit else None
    return FoundPage(items=items, next=following, total=total, more=total >= COUNTED, instead=_instead(asked))


async def _meanings(tx: AsyncConnection, words: Sequence[str], *, every: bool) -> list[dict[str, float]]:
    """For each word what may be meant by it; `every`: known words, too, may be misspelt other ones."""
    labelled = [_labels(word) for word in words]
    bound = {"latin": [search.latin(word) for word in words], "bones": [search.bones(word) for word in words], "all": every}
    bound |= {"words": list(words), "known": [max(found.values(), default=0) >= 1 for found in labelled]}
    meant: list[dict[str, float]] = [{} for _ in words]
    for row in await tx.execute(_MEANINGS, bound):
        mine = meant[row.place - 1]
        if row.word in mine or len(mine) < MEANT:
            mine[row.word] = max(float(row.weight), mine.get(row.word, 0))
    return [mine | labels for mine, labels in zip(meant, labelled, strict=True)]


@cache
def _label_words() -> Sequence[tuple[str, frozenset[str], Sequence[str]]]:
    """Each word of a label, taken apart, with the codes that are called so."""
    found: dict[str, list[str]] = {}
    for (what, code), names in gateways.labels().items():
        for word in {word for name in names for word in search.words_of(name)}:
            found.setdefault(word, []).append(search.marked(what, code))
    return [(word, search.trigrams(word), marks) for word, marks in found.items()]


def _labels(asked: str) -> dict[str, float]:
    """Codes one of whose labels has this word, or one much like it."""
    apart = search.trigrams(asked)
    alike = ((1.0 if word == asked else search.likeness(apart, taken), marks) for word, taken, marks in _label_words())
    near = sorted((pair for pair in alike if pair[0] >= LABEL_ALIKE), key=lambda pair: -pair[0])[:6]
    return {mark: 0.95 * weight if weight < 1 else 1.0 for weight, marks in reversed(near) for mark in marks}


def _conditions(asked: Asked, places: Iterable[int], kinds: Collection[str]) -> str:
    """Rows with one meaning of each of these words, under every code asked for."""
    said = [f"words && CAST(:m{place} AS text[])" for place in places]
    said += ["words @> CAST(:marks AS text[])"] if asked.marks else []
    return " AND ".join([*said, "kind = ANY(:kinds)"])


def _strict(asked: Asked, kinds: Collection[str]) -> str:
    """Rows that match every word; the whole name first of all, for it may be one of very many."""
    every = _conditions(asked, range(len(asked.words)), kinds)
    whole = _conditions(asked, (), kinds)
    return f"""(SELECT id, kind, norm, words, gone FROM search_entries WHERE words @> ARRAY[:whole] AND {whole} LIMIT {RELAXED})
UNION (SELECT id, kind, norm, words, gone FROM search_entries WHERE {every} LIMIT {COUNTED})"""  # noqa: S608 - words of ours


def _relaxed(asked: Asked, kinds: Collection[str]) -> str:
    """Rows that match every word but one."""
    places = range(len(asked.words))
    parts = [[place for place in places if place != left_out] for left_out in places] if len(places) > 1 else []
    each = [_conditions(asked, part, kinds) for part in [list(places), *parts]]
    return " UNION ".join(f"(SELECT id, kind, norm, words, gone FROM search_entries WHERE {said} LIMIT {RELAXED})" for said in each)  # noqa: S608


async def _ranked(
    tx: AsyncConnection, asked: Asked, rows: str, kinds: Collection[str], limit: int, after: tuple[Any, ...] | None
) -> list[Any]:
    at, id_ = _place(after)
    weighed = [(place, word, weight) for place, meant in enumerate(asked.meanings) for word, weight in meant.items()]
    if not weighed or not kinds:
        return []
    places, means, weights = zip(*weighed, strict=True)
    bound: dict[str, Any] = {f"m{place}": list(meant) for place, meant in enumerate(asked.meanings)}
    bound |= {"places": list(places), "means": list(means), "weights": list(weights), "asked": len(asked.words), "name": asked.name}
    bound |= {"marks": list(asked.marks), "whole": search.marked("name", asked.name), "kinds": sorted(kinds)}
    bound |= {"at": at, "after": id_, "limit": limit + 1}
    said = text(_RANKED.format(found=rows))
    return list(await tx.execute(said, {name: value for name, value in bound.items() if name in said._bindparams}))


def _place(after: tuple[Any, ...] | None) -> tuple[int | None, UUID | None]:
    if after is None:
        return None, None
    at, id_ = (*after, None)[:2]
    if type(at) is int and abs(at) <= 10_000 and isinstance(id_, str) and UUID_SPELLED.fullmatch(id_):
        return at, UUID(id_)
    raise Invalid("after", "not a cursor of this list")


async def _shown(tx: AsyncConnection, rows: Sequence[Any]) -> list[Found]:
    known = {row.id: row for row in await tx.execute(_SHOWN, {"ids": [row.id for row in rows]})}
    return [Found.model_validate({**known[row.id]._mapping, "score": row.score / 1000}) for row in rows]


def _instead(asked: Asked) -> str | None:
    """The question with the best meaning of each word that nobody here bears; None where there is no such word, or no better one."""
    best = [
        word if max(mine.values(), default=0) >= 1 else _best(word, mine) for word, mine in zip(asked.words, asked.meanings, strict=True)
    ]
    return None if best == list(asked.words) else " ".join(best)


def _best(word: str, meant: Mapping[str, float]) -> str:
    return max((each for each in meant if "=" not in each), key=lambda each: meant[each], default=word)
