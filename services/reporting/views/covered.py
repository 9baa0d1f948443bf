"""Why there is no figure: outside of what somebody declared complete there is none, never a zero (design decision 7)."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Period
from services.reporting.views.question import Question

Basis = Literal["recorded", "published", "assumed"]
WEAKEST: tuple[Basis, ...] = ("assumed", "published", "recorded")
"""A figure is as good as the weakest declaration that it rests on."""

_DECLARED = """FROM coverage
WHERE (indicator = :code OR event_family = ANY(:families)) AND (country IS NULL OR country = :country)
    AND (crime_type IS NULL OR crime_type = :crime_type) AND recorded_at <= :asof"""
_SINCE = text(f"SELECT min(start) {_DECLARED} AND complete")
_COVERED = text(f"""SELECT complete, basis {_DECLARED} AND start::timestamp AT TIME ZONE 'UTC' <= :t0
    AND ("end" IS NULL OR "end"::timestamp AT TIME ZONE 'UTC' >= :t1)
ORDER BY crime_type NULLS LAST, recorded_at DESC, id DESC LIMIT 1""")
_EARLIEST = text("""SELECT min(coalesce((data->>'on')::date, (data->>'stated_as_of')::date))::timestamp AT TIME ZONE 'UTC' < :t1
FROM facts WHERE topic = 'partners.instrument.v1' AND recordedtime <= :asof AND mode <> 'exercise'""")


async def standing(tx: AsyncConnection, question: Question) -> tuple[str | None, Basis | None]:
    """Why there is no figure, None where there is one; and on what it rests."""
    basis = await basis_of(tx, question)
    if said := question.refused():
        return said, basis
    if not question.indicator.needs_coverage:
        known = (await tx.execute(_EARLIEST, {"t1": question.period.end, "asof": question.asof})).scalar_one()
        return None if known else "not known", basis
    return None if basis else "not covered", basis


async def basis_of(tx: AsyncConnection, question: Question) -> Basis | None:
    """On what the figure rests; None where a period or a crime type it needs is not covered, as it was known then."""
    if not question.indicator.needs_coverage:
        return "recorded"
    found: list[Basis] = []
    for period in question.periods:
        for crime_type in question.crime_types or (None,):
            row = (await tx.execute(_COVERED, _asked(question, period, crime_type))).first()
            if row is None or not row.complete:
                return None
            found.append(row.basis)
    return min(found, key=WEAKEST.index)


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
        "crime_type": crime_type,
        "asof": question.asof,
        "t0": start,
        "t1": period.end,
    }
