"""A figure, and the rows it counts."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Indicator, Part, flags_of, value_of, years_before
from services.reporting.views import indicators
from services.reporting.views.covered import Basis, since, standing
from services.reporting.views.question import Question
from shared.errors import NotFound
from shared.web import Page, cursor_of, texts_of


class Definition(BaseModel):
    """What an indicator counts, and how."""

    code: str
    title: dict[str, str]
    unit: str
    formula: str
    formula_version: int
    covered: bool
    parts: list[Part]
    by_pair: bool
    """Is there a figure of each country towards each other?"""
    filters: list[str]
    """By what it can be narrowed, beside the period and what was known when."""


class Counted(BaseModel):
    """What came of counting; null is never zero."""

    value: str | None
    reason: str | None
    numerator: str | None
    denominator: str | None
    basis: Basis | None
    flags: list[str]
    """What is said in words beside the number: `more than doubled`, `more than half`, `record since 2019`."""


class Answer(BaseModel):
    """For when, as known when, and how complete: what is needed to judge a value."""

    code: str
    unit: str
    period: str
    asof: datetime
    complete_until: datetime | None
    provisional: bool
    incomplete_subjects: int
    formula_version: int
    evidence: str


class Figure(Counted, Answer):
    """One value."""


class Evidence(BaseModel):
    """One event that a figure rests on; several may stand for one counted subject, then one of them contributes."""

    event_id: UUID
    type: str
    subject: UUID
    time: datetime
    amount: int | None
    """What it adds to a sum or stands for in a median; nothing where things are counted."""
    contributes: bool


def named(code: str) -> Indicator:
    """The indicator of a code; raises `NotFound`."""
    if code not in indicators.ALL:
        raise NotFound(f"No indicator {code}")
    return indicators.ALL[code]


async def run(tx: AsyncConnection, sql: str, values: dict[str, Any]) -> Any:
    """The rows of a select, which takes of the values those that it names."""
    statement = text(sql)
    return await tx.execute(statement, {name: value for name, value in values.items() if name in statement._bindparams})


async def count(tx: AsyncConnection, question: Question, part: Part) -> int:
    """Distinct counted subjects of a part."""
    sql = f"SELECT count(DISTINCT counted) FROM ({question.select(part)}) AS rows"  # noqa: S608 - words of ours
    return int((await run(tx, sql, question.values(part))).scalar_one())


async def grouped(tx: AsyncConnection, question: Question, select: str) -> dict[str, int]:
    """Distinct counted subjects in each group of a select that names `grouped`."""
    sql = f"SELECT grouped, count(DISTINCT counted) AS counted FROM ({select}) AS rows GROUP BY grouped"  # noqa: S608 - words of ours
    return {row.grouped: row.counted for row in await run(tx, sql, question.values("numerator"))}


REDUCED = {
    "count": "count(DISTINCT counted)",
    "sum": "coalesce(sum(amount), 0)",
    "median": "percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)",
    "p90": "percentile_cont(0.9) WITHIN GROUP (ORDER BY amount)",
}


async def _reduced(tx: AsyncConnection, question: Question, part: Part) -> Decimal | None:
    """What is made of the rows of a part; nothing where there is no median."""
    sql = f"SELECT {REDUCED[question.indicator.reduced_by]} FROM ({question.select(part)}) AS rows"  # noqa: S608 - words of ours
    value = (await run(tx, sql, question.values(part))).scalar_one()
    return None if value is None else Decimal(str(value))


async def evidence(tx: AsyncConnection, question: Question, part: Part, limit: int, after: tuple[Any, ...] | None) -> Page[Evidence]:
    """The rows behind a part: the very select that is counted."""
    selected = question.select(part)
    reason, _ = await standing(tx, question)
    if reason is not None:
        return Page(items=[], next=None, total=0)
    total = await count(tx, question, part)
    amount = "" if question.indicator.reduced_by != "count" else ", CAST(NULL AS bigint) AS amount"
    sql = f"""SELECT * FROM (SELECT *{amount}, row_number() OVER (PARTITION BY counted ORDER BY time, event_id) = 1 AS contributes
        FROM ({selected}) AS rows) AS ranked
        WHERE CAST(:after AS text) IS NULL OR (CAST(event_id AS text), counted) > (:after, :counted)
        ORDER BY CAST(event_id AS text), counted LIMIT :limit"""  # noqa: S608 - words of ours
    place = dict(zip(("after", "counted"), texts_of(after, 2), strict=True)) | {"limit": limit + 1}
    rows = (await run(tx, sql, question.values(part) | place)).mappings().all()
    items = [Evidence(**{name: row[name] for name in Evidence.model_fields}) for row in rows[:limit]]
    more = cursor_of(rows[limit - 1]["event_id"], rows[limit - 1]["counted"]) if len(rows) > limit else None
    return Page(items=items, next=more, total=total)


_GAPS = text("SELECT count(*) FROM (SELECT DISTINCT source, subject FROM gaps WHERE topic = ANY(:topics)) AS incomplete")


async def answer(tx: AsyncConnection, question: Question, complete_until: datetime | None, provisional: bool, link: str) -> Answer:
    """The frame of an answer."""
    indicator = question.indicator
    gaps = (await tx.execute(_GAPS, {"topics": list(indicator.topics)})).scalar_one()
    return Answer(
        code=indicator.code,
        unit=indicator.unit,
        period=question.period.text,
        asof=question.asof,
        complete_until=complete_until,
        provisional=provisional,
        incomplete_subjects=gaps,
        formula_version=indicator.version,
        evidence=link,
    )


async def figure(tx: AsyncConnection, question: Question, frame: Answer) -> Figure:
    """One value, with a reason where there is none."""
    said = await counted(tx, question)
    if "record" in question.indicator.says and said.numerator is not None:
        said.flags.extend(await _record(tx, question, int(said.numerator)))
    return Figure(**frame.model_dump(), **said.model_dump())


async def _record(tx: AsyncConnection, question: Question, reached: int) -> list[str]:
    """`record since <year>`, where every year before is covered since the first that is, and none had as many (EJ-13)."""
    first = await since(tx, question)
    before = years_before(question.period, first) if first else []
    for period in before:
        year = replace(question, period=period)
        if (await standing(tx, year))[0] is not None or await count(tx, year, "numerator") >= reached:
            return []
    return [f"record since {before[0].text}"] if before else []


async def counted(tx: AsyncConnection, question: Question) -> Counted:
    """What comes of counting, or why nothing does."""
    reason, basis = await standing(tx, question)
    if reason is not None:
        return nothing(reason, basis)
    part = compared_with(question.indicator)
    numerator = await _reduced(tx, question, "numerator")
    return compared(question.indicator, numerator, await _reduced(tx, question, part) if part else None, basis)


def nothing(reason: str, basis: Basis | None) -> Counted:
    """No value, and why."""
    return Counted(value=None, reason=reason, numerator=None, denominator=None, basis=basis, flags=[])


def compared_with(indicator: Indicator) -> Part | None:
    """The part that the numerator is held against; None where that is a number of its own, or nothing."""
    parts: tuple[Part, ...] = ("base", "denominator")
    return next((part for part in parts if part in indicator.parts), None)


def compared(indicator: Indicator, numerator: Decimal | None, other: Decimal | None, basis: Basis | None) -> Counted:
    """The value that two parts come to; without a numerator there is none."""
    denominator = Decimal(indicator.denominator) if indicator.denominator is not None else other
    if numerator is None:
        return nothing("nothing to compare with", basis)
    value = value_of(numerator, denominator, indicator.unit)
    return Counted(
        value=value,
        reason="nothing to compare with" if value is None else None,
        numerator=value_of(numerator, None, "count"),
        denominator=None if denominator is None else value_of(denominator, None, "count"),
        basis=basis,
        flags=flags_of(numerator, denominator, indicator.says),
    )
