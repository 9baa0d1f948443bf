"""A figure for each pair of countries: whose it is, and towards whom (M4, PA-29)."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Part
from services.reporting.views import figures
from services.reporting.views.covered import standing
from services.reporting.views.figures import Answer, Counted
from services.reporting.views.question import Question
from shared.errors import Conflict

Pair = tuple[str, str]


class PairRow(Counted):
    """The figure of one country towards one other."""

    country: str
    participant: str


class Pairs(Answer):
    """A row for each pair of which there is anything to tell, in the order of their codes."""

    rows: list[PairRow]


async def by_pair(tx: AsyncConnection, question: Question, frame: Answer) -> Pairs:
    """Raises `Conflict` where the indicator does not tell countries apart so."""
    indicator = question.indicator
    if not indicator.by_pair:
        raise Conflict(f"{indicator.code} is not counted by pair")
    part = figures.compared_with(indicator)
    of = await _reduced(tx, question, "numerator")
    to = await _reduced(tx, question, part) if part else {}
    # Where things are counted, none is zero; where there is no amount, there is no median.
    none = Decimal(0) if indicator.reduced_by == "count" else None
    rows = [
        await _row(tx, question, pair, of.get(pair, none), to.get(pair, Decimal(0)) if part else None)
        for pair in sorted(of.keys() | to.keys())
    ]
    return Pairs(**frame.model_dump(), rows=rows)


async def _reduced(tx: AsyncConnection, question: Question, part: Part) -> dict[Pair, Decimal]:
    """Pair -> what is made of its rows of a part."""
    sql = f"""SELECT country, participant, {figures.REDUCED[question.indicator.reduced_by]} AS reduced
        FROM ({question.select(part)}) AS rows GROUP BY country, participant"""  # noqa: S608 - words of ours
    return {(row.country, row.participant): Decimal(str(row.reduced)) for row in await figures.run(tx, sql, question.values(part))}


async def _row(tx: AsyncConnection, question: Question, pair: Pair, of: Decimal | None, to: Decimal | None) -> PairRow:
    country, participant = pair
    reason, basis = await standing(tx, replace(question, country=country, participant=participant))
    found = figures.nothing(reason, basis) if reason is not None else figures.compared(question.indicator, of, to, basis)
    return PairRow(country=country, participant=participant, **found.model_dump())
