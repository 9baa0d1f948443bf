"""Why there is no figure: outside of what somebody declared complete there is none, never a zero (design decision 7)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Period
from services.reporting.views.question import Question

Basis = Literal["recorded", "published", "assumed"]
Standing = tuple[str | None, Basis | None]
C = TypeVar("C", bound=str | None)
WEAKEST: tuple[Basis, ...] = ("assumed", "published", "recorded")
"""A figure is as good as the weakest declaration that it rests on."""

# Whoever records everything knows of each country and of each crime type; another source tells of what it names, and of nothing within it.
_TOLD = """({asked} = {name} OR {name} IS NULL AND ({asked} IS NULL OR basis = 'recorded' OR NOT complete))"""
_DECLARED = f"""FROM coverage
WHERE (indicator = :code OR event_family = ANY(:families)) AND recorded_at <= :asof
    AND {_TOLD.format(name="country", asked="coalesce({country}, CAST(:participant AS text))")}
    AND {_TOLD.format(name="crime_type", asked="CAST(:crime_type AS text)")}"""
_SINCE = text(f"SELECT min(start) {_DECLARED.format(country='CAST(:country AS text)')} AND complete")
_COVERED = text(f"""SELECT asked.country, declared.* FROM unnest(CAST(:countries AS text[])) AS asked(country) CROSS JOIN LATERAL (
SELECT complete, basis, start::timestamp AT TIME ZONE 'UTC' = :t0 AND "end"::timestamp AT TIME ZONE 'UTC' = :t1 AS whole
    {_DECLARED.format(country="asked.country")} AND start::timestamp AT TIME ZONE 'UTC' <= :t0
    AND ("end" IS NULL OR "end"::timestamp AT TIME ZONE 'UTC' >= :t1)
ORDER BY crime_type NULLS LAST, recorded_at DESC, id DESC LIMIT 1) AS declared""")  # noqa: S608 - words of ours
_STATED = text("""SELECT min(coalesce((data->>'on')::date, (data->>'stated_as_of')::date))::timestamp AT TIME ZONE 'UTC' < :t1 AS known,
    CAST(:participant AS text) IS NULL OR EXISTS (SELECT FROM facts WHERE topic = 'partners.partner.v1' AND recordedtime <= :asof
        AND mode <> 'exercise' AND data->>'country' = :participant) AS met
FROM facts WHERE topic = 'partners.instrument.v1' AND recordedtime <= :asof AND mode <> 'exercise'""")


async def standing(tx: AsyncConnection, question: Question) -> Standing:
    """Why there is no figure, None where there is one; and on what it rests."""
    return (await standings(tx, question, [question.country]))[question.country]


async def standings(tx: AsyncConnection, question: Question, countries: Collection[C]) -> dict[C, Standing]:
    """The same of each of these countries, in place of the one that the question names; asked for all at once."""
    found: dict[C, Standing]
    if question.indicator.needs_coverage:
        found = {country: (None if basis else "not covered", basis) for country, basis in (await _bases(tx, question, countries)).items()}
    else:
        found = dict.fromkeys(countries, await _stated(tx, question))
    return {country: (replace(question, country=country).refused() or reason, basis) for country, (reason, basis) in found.items()}


async def _stated(tx: AsyncConnection, question: Question) -> Standing:
    """Of what is told without a declaration: known from the first day of which anything is told, of a country that is a partner."""
    asked = {"t1": question.period.end, "asof": question.asof, "participant": question.participant}
    told = (await tx.execute(_STATED, asked)).one()
    if not told.known:
        return "not known", None
    return (None, "recorded") if told.met else ("not covered", None)


async def _bases(tx: AsyncConnection, question: Question, countries: Collection[C]) -> dict[C, Basis | None]:
    """On what each one's figure rests; None where a period or a crime type it needs is not covered, as it was known then."""
    needed: list[dict[C, Basis]] = []
    for period in question.periods:
        for crime_type in question.crime_types or (None,):
            rows = await tx.execute(_COVERED, _asked(question, period, crime_type) | {"countries": list(countries)})
            needed.append({row.country: _as_asked(question, row.basis, row.whole) for row in rows if row.complete})
    return {country: _weakest([each.get(country) for each in needed]) for country in countries}


def _as_asked(question: Question, declared: Basis, whole: bool | None) -> Basis:
    """What was published is so as a whole: how it is made up within is known of nobody, only of how it was reconstructed."""
    within = question.narrowed or (question.indicator.over == "period" and not whole)
    return "assumed" if declared == "published" and within else declared


def _weakest(bases: Sequence[Basis | None]) -> Basis | None:
    known = [basis for basis in bases if basis is not None]
    return min(known, key=WEAKEST.index) if len(known) == len(bases) else None


async def since(tx: AsyncConnection, question: Question) -> date | None:
    """The first day that was declared complete."""
    crime_type = question.crime_types[0] if question.crime_types else None
    day: date | None = (await tx.execute(_SINCE, _asked(question, question.period, crime_type))).scalar_one()
    return day


def _asked(question: Question, period: Period, crime_type: str | None) -> dict[str, object]:
    indicator = question.indicator
    # A state is what holds at the period's end: that is the moment that must be covered.
    start: datetime = period.start if period.start and indicator.over == "period" else period.end
    return {
        "code": indicator.by_crime_type if crime_type and indicator.by_crime_type else indicator.code,
        "families": [topic.rsplit(".", 1)[0] for topic in indicator.topics],
        "country": question.country,
        "participant": question.participant,
        "crime_type": crime_type,
        "asof": question.asof,
        "t0": start,
        "t1": period.end,
    }
