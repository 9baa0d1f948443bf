"""Whom to ask, in a country of many: how long the answer card takes, and how often it names a first choice."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.atlas.directory import COUNTRIES, CRIMES, MEASURES
from benchmarks.atlas.times import spread
from services.contacts import gateways, views
from services.contacts.domain import Calendars, Freshness, Question
from services.contacts.settings import CALENDARS
from shared.codes import LISTS

RULES = views.whom.Rules(Calendars(gateways.read_rules(CALENDARS)), Freshness(timedelta(days=180), timedelta(days=365)))
DAYS_AGO = 30
Answer = tuple[Question, float, bool]
"""What was asked, how many ms it took, and whether somebody can be asked first."""


def questions(number: int, draw: random.Random, *, days_ago: int = 0) -> list[Question]:
    """So many, a quarter of them without a measure and a quarter without a crime type; of today, or as it was some days ago."""
    now = datetime.now(UTC)
    return [
        Question(
            country=draw.choice(COUNTRIES),
            measure=draw.choice(MEASURES) if draw.random() < 0.75 else None,
            crime_type=draw.choice(CRIMES) if draw.random() < 0.75 else None,
            urgency=draw.choice(tuple(LISTS["urgency"].codes)),
            language=draw.choice(("en", "fr", "ar")),
            on=(now - timedelta(days=days_ago)).date(),
            now=None if days_ago else now,
        )
        for _ in range(number)
    ]


async def answer(tx: AsyncConnection, question: Question) -> bool:
    """Can somebody be asked first?"""
    return (await views.whom.whom_to_ask(tx, question, RULES)).first is not None


def told(answers: Sequence[Answer]) -> dict[str, float]:
    """p50, p95 and p99 in ms, and which share of the questions has a first choice."""
    return {**spread([took for _, took, _ in answers]), "with a first choice %": 100 * sum(found for _, _, found in answers) / len(answers)}
