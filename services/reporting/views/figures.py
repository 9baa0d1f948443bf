"""A figure, and the rows it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Indicator, Part, Period, value_of
from services.reporting.views import indicators
from shared.errors import NotFound
from shared.web import Page, cursor_of, text_of

Basis = Literal["recorded", "published", "assumed"]


class Definition(BaseModel):
    """What an indicator counts, and how."""

    code: str
    title: dict[str, str]
    unit: str
    formula: str
    formula_version: int
    covered: bool
    parts: list[Part]


class Figure(BaseModel):
    """A value with everything needed to judge it; null is never zero."""

    code: str
    value: str | None
    reason: str | None
    numerator: str | None
    denominator: str | None
    unit: str
    period: str
    asof: datetime
    complete_until: datetime | None
    provisional: bool
    incomplete_subjects: int
    basis: Basis | None
    formula_version: int
    evidence: str


class Evidence(BaseModel):
    """One event that a figure rests on; several may stand for one counted subject, then one of them contributes."""

    event_id: UUID
    type: str
    subject: UUID
    time: datetime
    contributes: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure, for when and for whom, as known when."""

    indicator: Indicator
    period: Period
    asof: datetime
    country: str | None = None
    participant: str | None = None
    partner_kind: str | None = None
    crime_type: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What the selects are given."""
        counted = {"asof": self.asof, "t1": self.period.end, "topics": indicators.topics_of(self.indicator), "country": self.country}
        return counted | {"participant": self.participant, "partner_kind": self.partner_kind}

    def select(self, part: Part) -> str:
        """The select of a part with only the values it names; raises `NotFound`."""
        wanted = self.indicator.parts.get("numerator" if part == "base" else part)
        if wanted is None:
            raise NotFound(f"{self.indicator.code} has no {part}")
        return wanted


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
    return int((await _run(tx, sql, question.values)).scalar_one())


async def evidence(tx: AsyncConnection, question: Question, part: Part, limit: int, after: tuple[Any, ...] | None) -> Page[Evidence]:
    """The rows behind a part: the very select that is counted."""
    total = await count(tx, question, part)
    if await why_not(tx, question):
        return Page(items=[], next=None, total=0)
    sql = f"""SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY counted ORDER BY time, event_id) = 1 AS contributes
        FROM ({question.select(part)}) AS rows) AS ranked
        WHERE CAST(:after AS text) IS NULL OR CAST(event_id AS text) > :after ORDER BY CAST(event_id AS text) LIMIT :limit"""  # noqa: S608 - words of ours
    given = question.values | {"after": text_of(after), "limit": limit + 1}
    rows = (await _run(tx, sql, given)).mappings().all()
    items = [Evidence(**{name: row[name] for name in Evidence.model_fields}) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].event_id) if len(rows) > limit else None, total=total)


_COVERED = text("""SELECT complete, basis FROM coverage
WHERE (indicator = :code OR event_family = ANY(:families)) AND (country IS NULL OR country = :country) AND crime_type IS NULL
    AND recorded_at <= :asof AND start::timestamp AT TIME ZONE 'UTC' <= coalesce(CAST(:t0 AS timestamptz), :t1)
    AND ("end" IS NULL OR "end"::timestamp AT TIME ZONE 'UTC' >= :t1)
ORDER BY recorded_at DESC, id DESC LIMIT 1""")


async def coverage_of(tx: AsyncConnection, question: Question) -> tuple[bool, Basis] | None:
    """The newest declaration that holds for the question, as it was known then."""
    families = [topic.rsplit(".", 1)[0] for topic in indicators.topics_of(question.indicator)]
    given = {"code": question.indicator.code, "families": families, "country": question.country, "asof": question.asof}
    # These figures are states at the period's end: that is the moment that must be covered.
    row = (await tx.execute(_COVERED, given | {"t0": None, "t1": question.period.end})).first()
    return (row.complete, row.basis) if row else None


_EARLIEST = text("""SELECT min(coalesce((data->>'on')::date, (data->>'stated_as_of')::date))::timestamp AT TIME ZONE 'UTC' < :t1
FROM facts WHERE topic = 'partners.instrument.v1' AND recordedtime <= :asof AND mode <> 'exercise'""")


async def why_not(tx: AsyncConnection, question: Question) -> str | None:
    """Why there is no figure; None where there is one."""
    indicator = question.indicator
    if question.crime_type is not None:
        return "not counted by crime type"
    if not indicator.needs_coverage:
        if question.country is not None:
            return "not counted by country; ask by participant"
        known = (await tx.execute(_EARLIEST, {"t1": question.period.end, "asof": question.asof})).scalar_one()
        return None if known else "not known"
    if question.participant is not None or question.partner_kind is not None:
        return "not counted by participant"
    if indicator.needs_country and question.country is None:
        return "choose a country"
    said = await coverage_of(tx, question)
    return None if said and said[0] else "not covered"


_GAPS = text("SELECT count(*) FROM (SELECT DISTINCT source, subject FROM gaps WHERE topic = ANY(:topics)) AS incomplete")


async def figure(tx: AsyncConnection, question: Question, complete_until: datetime | None, provisional: bool, link: str) -> Figure:
    """The answer, with a reason where there is no value."""
    indicator, reason = question.indicator, await why_not(tx, question)
    numerator = denominator = value = None
    if reason is None:
        numerator = await count(tx, question, "numerator")
        denominator = await count(tx, question, "denominator") if "denominator" in indicator.parts else indicator.denominator
        value = value_of(numerator, denominator)
        reason = "nothing to compare with" if value is None else None
    said = await coverage_of(tx, question)
    gaps = (await tx.execute(_GAPS, {"topics": indicators.topics_of(indicator)})).scalar_one()
    return Figure(
        code=indicator.code,
        value=value,
        reason=reason,
        numerator=None if numerator is None else str(numerator),
        denominator=None if denominator is None else str(denominator),
        unit=indicator.unit,
        period=question.period.text,
        asof=question.asof,
        complete_until=complete_until,
        provisional=provisional,
        incomplete_subjects=gaps,
        basis=said[1] if said else (None if indicator.needs_coverage else "recorded"),
        formula_version=indicator.version,
        evidence=link,
    )
