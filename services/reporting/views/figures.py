"""A figure, and the rows it counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Indicator, Part, flags_of, months, value_of, years_before
from services.reporting.views import indicators
from services.reporting.views.covered import Basis, since, standing
from services.reporting.views.question import Question
from shared.codes import LISTS
from shared.errors import Conflict, NotFound
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


class CrimeTypeRow(Counted):
    """The figure of one crime type."""

    crime_type: str


class Breakdown(Answer):
    """By crime type: a subject stands in each of its types' rows, so that they are never summed and there is no total (X4)."""

    rows: list[CrimeTypeRow]
    distinct: str | None
    """How many subjects there are, each once; null where that is not covered."""
    overlap_ratio: str | None
    """Sum of the rows over `distinct`: in how many rows a subject stands on average."""


class MonthRow(Counted):
    """The figure of one month (UTC); of a state, as it was at the month's end."""

    month: str


class Series(Answer):
    """Month by month, in order."""

    rows: list[MonthRow]


class Evidence(BaseModel):
    """One event that a figure rests on; several may stand for one counted subject, then one of them contributes."""

    event_id: UUID
    type: str
    subject: UUID
    time: datetime
    contributes: bool


def named(code: str) -> Indicator:
    """The indicator of a code; raises `NotFound`."""
    if code not in indicators.ALL:
        raise NotFound(f"No indicator {code}")
    return indicators.ALL[code]


async def _run(tx: AsyncConnection, sql: str, values: dict[str, Any]) -> Any:
    statement = text(sql)
    return await tx.execute(statement, {name: value for name, value in values.items() if name in statement._bindparams})


async def count(tx: AsyncConnection, question: Question, part: Part) -> int:
    """Distinct counted subjects of a part."""
    sql = f"SELECT count(DISTINCT counted) FROM ({question.select(part)}) AS rows"  # noqa: S608 - words of ours
    return int((await _run(tx, sql, question.values(part))).scalar_one())


async def grouped(tx: AsyncConnection, question: Question, select: str) -> dict[str, int]:
    """Distinct counted subjects in each group of a select that names `grouped`."""
    sql = f"SELECT grouped, count(DISTINCT counted) AS counted FROM ({select}) AS rows GROUP BY grouped"  # noqa: S608 - words of ours
    return {row.grouped: row.counted for row in await _run(tx, sql, question.values("numerator"))}


async def evidence(tx: AsyncConnection, question: Question, part: Part, limit: int, after: tuple[Any, ...] | None) -> Page[Evidence]:
    """The rows behind a part: the very select that is counted."""
    selected = question.select(part)
    reason, _ = await standing(tx, question)
    if reason is not None:
        return Page(items=[], next=None, total=0)
    total = await count(tx, question, part)
    sql = f"""SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY counted ORDER BY time, event_id) = 1 AS contributes
        FROM ({selected}) AS rows) AS ranked
        WHERE CAST(:after AS text) IS NULL OR (CAST(event_id AS text), counted) > (:after, :counted)
        ORDER BY CAST(event_id AS text), counted LIMIT :limit"""  # noqa: S608 - words of ours
    place = dict(zip(("after", "counted"), texts_of(after, 2), strict=True)) | {"limit": limit + 1}
    rows = (await _run(tx, sql, question.values(part) | place)).mappings().all()
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
    indicator = question.indicator
    reason, basis = await standing(tx, question)
    if reason is not None:
        return Counted(value=None, reason=reason, numerator=None, denominator=None, basis=basis, flags=[])
    numerator, denominator = await count(tx, question, "numerator"), indicator.denominator
    for part in ("denominator", "base"):
        if part in indicator.parts:
            denominator = await count(tx, question, part)
    value = value_of(numerator, denominator, indicator.unit)
    return Counted(
        value=value,
        reason="nothing to compare with" if value is None else None,
        numerator=str(numerator),
        denominator=None if denominator is None else str(denominator),
        basis=basis,
        flags=flags_of(numerator, denominator, indicator.says),
    )


async def by_crime_type(tx: AsyncConnection, question: Question, frame: Answer) -> Breakdown:
    """A row for each crime type that is asked for, or else for each that is covered."""
    if question.indicator.by_crime_type is None:
        raise Conflict(f"{question.indicator.code} is not counted by crime type")
    wanted = question.crime_types or tuple(LISTS["crime_type"].codes)
    rows = [await _row(tx, question.of_type(code), code) for code in wanted]
    shown = [row for row in rows if question.crime_types or row.reason != "not covered"]
    total = await distinct(tx, question)
    return Breakdown(**frame.model_dump(), rows=shown, distinct=total, overlap_ratio=_overlap(shown, total))


async def by_month(tx: AsyncConnection, question: Question, frame: Answer) -> Series:
    """A row for each month of the period."""
    asked = [replace(question, period=month) for month in months(question.period)]
    rows = [MonthRow(month=each.period.text, **(await counted(tx, each)).model_dump()) for each in asked]
    return Series(**frame.model_dump(), rows=rows)


async def distinct(tx: AsyncConnection, question: Question) -> str | None:
    """How many subjects there are, each once."""
    return (await counted(tx, question)).numerator


async def _row(tx: AsyncConnection, question: Question, code: str) -> CrimeTypeRow:
    return CrimeTypeRow(crime_type=code, **(await counted(tx, question)).model_dump())


def _overlap(rows: Sequence[CrimeTypeRow], total: str | None) -> str | None:
    if total is None:
        return None
    return value_of(sum(int(row.value) for row in rows if row.value is not None), int(total), "share")
