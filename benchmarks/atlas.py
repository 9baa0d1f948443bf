"""The Atlas at size: synthetic authorities and contact points, questions with and without mistakes, how long they take and what they find.

Names are drawn from as many distinct words as asked for, in Latin, Cyrillic and Arabic script; one word stands in every fifth name. A
question is two or three words of a name, in a third of them one word has one or two letters wrong. It counts as answered when the entry,
or one of exactly the same name, is among the first five.
"""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.ground import PASSWORD, free_ports
from benchmarks.rounds import Result
from deploy.local import databases
from deploy.local.child import Child
from deploy.local.postgres import Postgres, as_owner
from services.contacts import store, views
from services.contacts.domain import search
from shared import db

ALPHABETS = {
    "latin": ("aeiou", "bcdfghjklmnprstvz"),
    "cyrillic": ("аеиоу", "бвгдзклмнпрстфхш"),
    "arabic": ("اوي", "بتجحدرزسشصطعفقكلمنه"),
}
SHARES = {"latin": 0.6, "cyrillic": 0.2, "arabic": 0.2}
COMMON = {"latin": "ministry", "cyrillic": "министарство", "arabic": "وزاره"}
"""One of them stands in every fifth name, whatever its script: the Latin one."""
COUNTRIES = ("AL", "BA", "DZ", "EG", "GE", "IL", "JO", "LB", "MA", "MD", "ME", "MK", "PS", "RS", "TN", "TR", "UA", "XK")
CRIMES = ("cybercrime", "terrorism", "money-laundering", "drug-trafficking", "organised-crime")
KINDS = ("prosecution", "court", "police", "customs", "ministry_justice")
DUMP = 20_000
_TABLES = {
    "authorities": ("id", "reference", "name", "kind", "country", "zone", "languages", "searchable", "version", "recorded_at"),
    "persons": ("ref", "country", "version", "sealed_version", "recorded_at"),
    "contact_points": (
        *("id", "reference", "person_ref", "country", "appointing_kind", "specialisations", "languages", "state"),
        *("version", "recorded_at", "authority", "duty", "valid_from"),
    ),
    "search_entries": ("id", "kind", "norm", "words", "gone", "rules"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the name that is meant, and whether a letter is wrong."""

    text: str
    meant: str
    misspelt: bool


Answer = tuple[Question, float, list[str]]
"""What was asked, how many ms it took, and the names of the first five."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    entries: int
    words: int
    questions: int
    seed: int = 5


def words(number: int, draw: random.Random) -> dict[str, list[str]]:
    """So many distinct words of three scripts, as syllables make them."""
    found: dict[str, list[str]] = {}
    for script, (vowels, consonants) in ALPHABETS.items():
        made: set[str] = set()
        while len(made) < number * SHARES[script]:
            made.add(
                "".join(draw.choice(consonants) + draw.choice(vowels) for _ in range(draw.choice((2, 3, 3, 4)))) + draw.choice(consonants)
            )
        found[script] = sorted(made)
        draw.shuffle(found[script])
    return found


def name(known: dict[str, list[str]], draw: random.Random) -> str:
    """Two to four words of one script, some of them much likelier than others, every fifth time with the common one before."""
    script = draw.choices(list(SHARES), weights=list(SHARES.values()))[0]
    many = known[script]
    # A third of the words come from the first hundred: offices are called alike.
    drawn = [many[draw.randrange(100)] if draw.random() < 1 / 3 else draw.choice(many) for _ in range(draw.choice((2, 2, 3, 4)))]
    return " ".join(([COMMON["latin"]] if draw.random() < 0.2 else []) + drawn)


def misspelt(word: str, draw: random.Random) -> str:
    """One or two letters left out, doubled, swapped or another's."""
    for _ in range(draw.choice((1, 2))):
        at = draw.randrange(len(word))
        match draw.choice(("out", "in", "other", "swap")):
            case "out" if len(word) > 3:
                word = word[:at] + word[at + 1 :]
            case "in":
                word = word[:at] + draw.choice(word) + word[at:]
            case "swap" if at + 1 < len(word):
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case _:
                word = word[:at] + draw.choice(word) + word[at + 1 :]
    return word


def questions(names: Sequence[str], number: int, draw: random.Random) -> list[Question]:
    """So many, a third of them misspelt: the first word of a name that is not the common one, and one or two more of it."""
    asked = []
    for place in range(number):
        meant = draw.choice(names)
        drawn = [word for word in meant.split() if word != COMMON["latin"]][:3]
        wrong = place % 3 == 0
        if wrong:
            at = draw.randrange(len(drawn))
            drawn[at] = misspelt(drawn[at], draw)
        asked.append(Question(" ".join(drawn), meant, wrong))
    return asked


async def load(url: str, entries: int, distinct: int, draw: random.Random) -> list[str]:
    """Half authorities, half contact points, by COPY: what is measured is the search, not the commands. Returns some of the names."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes.decode, format="binary")
        known, now = words(distinct, draw), await connection.fetchval("SELECT now()")
        # Built once when all is there, as one does with so many rows.
        index = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_entries_words'")
        await connection.execute("DROP INDEX ix_search_entries_words")
        called = [name(known, draw) for _ in range(entries // 2)]
        for begin in range(0, len(called), DUMP):
            rows = [_rows(each, now, draw) for each in called[begin : begin + DUMP]]
            for table, columns in _TABLES.items():
                copied = [row for each in rows for row in each[table]]
                await connection.copy_records_to_table(table, records=copied, columns=columns)
        learned = store.search.spelled(word for each in called for word in search.words_of(each))
        spelled = list(zip(learned["words"], learned["latin"], learned["bones"], strict=True))
        await connection.copy_records_to_table("search_words", records=spelled, columns=("word", "latin", "bones"))
        await connection.execute(index)
        await connection.execute("VACUUM ANALYZE")
        return draw.sample(called, min(len(called), 20_000))
    finally:
        await connection.close()


def _jsonb(written: str) -> bytes:
    return b"\x01" + written.encode()


def _rows(called: str, now: Any, draw: random.Random) -> dict[str, list[Any]]:
    country, kind, crime = draw.choice(COUNTRIES), draw.choice(KINDS), draw.choice(CRIMES)
    at, point, person = uuid4(), uuid4(), uuid4()
    entries = (
        search.Entry(at, "authority", (called,), (f"a-{at}",), country, kind, (), gone=False),
        search.Entry(point, "contact_point", (called,), (), country, kind, (crime,), gone=False),
    )
    said, norm = f'{{"en": "{called}"}}', search.norm(called)
    return {
        "authorities": [(at, f"a-{at}", said, kind, country, "Europe/Tirane", [], norm, 1, now)],
        "persons": [(person, country, 1, 0, now)],
        "contact_points": [(point, None, person, country, "country", [crime], "[]", "verified", 2, now, at, "office_hours", now.date())],
        "search_entries": [
            (each.id, each.kind, each.norm, [*search.words_of(called), *each.marks], False, search.VERSION) for each in entries
        ],
    }


async def ask(engine: AsyncEngine, asked: Sequence[Question], *, fresh: bool) -> list[Answer]:
    """Each question in a transaction of its own, as a request has it; `fresh`: over a new connection, whose making is not counted."""
    answers = []
    for question in asked:
        if fresh:
            await engine.dispose()
        async with engine.connect() as tx:
            begun = time.perf_counter()
            found = await views.search.found(tx, question.text, kinds=views.search.KINDS, limit=50, after=None)
            await tx.rollback()
            took = 1000 * (time.perf_counter() - begun)
        answers.append((question, took, [next(iter(item.name.values())) for item in found.items[:5]]))
    return answers


def told(answers: Sequence[Answer]) -> dict[str, float]:
    """p50, p95 and p99 in ms, and which share of the questions found what was meant among the first five."""
    took = [each[1] for each in answers]
    cut = quantiles(took, n=100)
    hit = [(question.misspelt, question.meant in found) for question, _, found in answers]
    wrong = [found for misspelt, found in hit if misspelt]
    return {
        "p50 ms": median(took),
        "p95 ms": cut[94],
        "p99 ms": cut[98],
        "recall@5 %": 100 * sum(found for _, found in hit) / len(hit),
        "recall@5 % of misspelt": 100 * sum(wrong) / len(wrong),
    }


@contextmanager
def server() -> Iterator[tuple[Postgres, Child]]:
    """PostgreSQL alone, with the settings of `make run`, gone with all its data afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="concord-bench-"))
    # PostgreSQL runs as another user where the caller is root.
    folder.chmod(0o755)
    postgres = Postgres(folder / "postgres", free_ports(1)[0], folder / "password")
    postgres.prepare()
    child = Child(postgres.command(), folder / "postgres.log", cwd="/", **as_owner())
    try:
        child.start()
        postgres.wait()
        yield postgres, child
    finally:
        child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def contenders(postgres: Postgres, child: Child, size: Size) -> Mapping[str, Callable[[], Result]]:
    """The same questions to a server that was just started, each over a connection of its own, and again to one that knows them."""
    draw = random.Random(size.seed)
    url = asyncio.run(postgres.create_database("contacts", PASSWORD))
    databases.migrate("contacts", url)
    asked = questions(asyncio.run(load(url, size.entries, size.words, draw)), size.questions, draw)

    def cold() -> Result:
        child.stop()
        child.start()
        postgres.wait()
        return Result(told(asyncio.run(_all(url, asked, fresh=True))))

    return {"cold": cold, "warm": lambda: Result(told(asyncio.run(_all(url, asked, fresh=False))))}


async def _all(url: str, asked: Sequence[Question], *, fresh: bool) -> list[Answer]:
    engine = db.connect(url)
    try:
        if not fresh:
            await ask(engine, asked, fresh=False)
        return await ask(engine, asked, fresh=fresh)
    finally:
        await engine.dispose()
