"""A figure for each pair of countries: whose it is, and towards whom (M4, PA-29)."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Indicator, Part
from services.reporting.views import figures
from services.reporting.views.covered import Standing, standings
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
    pairs = sorted(of.keys() | to.keys())
    # A figure is covered, or not, for the country whose it is.
    told = await standings(tx, question, {country for country, _ in pairs})
    rows = [_row(indicator, pair, told[pair[0]], of.get(pair, none), to.get(pair, Decimal(0)) if part else None) for pair in pairs]
    return Pairs(**frame.model_dump(), rows=rows)


async def _reduced(tx: AsyncConnection, question: Question, part: Part) -> dict[Pair, Decimal]:
    """Pair -> what is made of its rows of a part."""
    sql = f"""SELECT country, participant, {figures.REDUCED[question.indicator.reduced_by]} AS reduced
        FROM ({question.select(part)}) AS rows GROUP BY country, participant"""  # noqa: S608 - words of ours
    return {(row.country, row.participant): Decimal(str(row.reduced)) for row in await figures.run(tx, sql, question.values(part))}


def _row(indicator: Indicator, pair: Pair, told: Standing, of: Decimal | None, to: Decimal | None) -> PairRow:
    reason, basis = told
    found = figures.nothing(reason, basis) if reason is not None else figures.compared(indicator, of, to, basis)
    return PairRow(country=pair[0], participant=pair[1], **found.model_dump())
