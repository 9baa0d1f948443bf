"""Searching: what is asked, with and without mistakes, how long it takes, and whether what is meant is found.

A question is two or three words of a name; in a third of them one word has one or two letters wrong. It counts as answered when the
entry, or one of exactly the same name, is among the first five.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.atlas.names import COMMON, misspelt
from benchmarks.atlas.times import spread
from services.contacts import views


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, the name that is meant, and whether a letter is wrong."""

    text: str
    meant: str
    misspelt: bool


Answer = tuple[Question, float, list[str]]
"""What was asked, how many ms it took, and the names of the first five."""


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


async def answer(tx: AsyncConnection, question: Question) -> list[str]:
    """The names of the first five that are found."""
    found = await views.search.found(tx, question.text, kinds=views.search.KINDS, limit=50, after=None)
    return [next(iter(item.name.values())) for item in found.items[:5]]


def told(answers: Sequence[Answer]) -> dict[str, float]:
    """p50, p95 and p99 in ms, and which share of the questions found what was meant among the first five."""
    hit = [(question.misspelt, question.meant in found) for question, _, found in answers]
    wrong = [found for misspelt, found in hit if misspelt]
    return {
        **spread([took for _, took, _ in answers]),
        "recall@5 %": 100 * sum(found for _, found in hit) / len(hit),
        "recall@5 % of misspelt": 100 * sum(wrong) / len(wrong),
    }
