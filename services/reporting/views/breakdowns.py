"""A figure taken apart: by crime type, by kind, by month; and how many there are in all, each once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import months, value_of
from services.reporting.views import figures
from services.reporting.views.covered import Basis, standing
from services.reporting.views.figures import Answer, Counted
from services.reporting.views.question import Dimension, Question
from shared.codes import LISTS
from shared.errors import Conflict


class CrimeTypeRow(Counted):
    """The figure of one crime type."""

    crime_type: str


class KindRow(Counted):
    """The figure of one kind of operation."""

    kind: str


class MeasureRow(Counted):
    """The figure of one kind of measure."""

    measure_kind: str


class Breakdown(Answer):
    """A row for each; by crime type a subject stands in each of its types' rows, so that they are never summed: no total (X4)."""

    rows: list[CrimeTypeRow] | list[KindRow] | list[MeasureRow]
    distinct: str | None
    """How many subjects there are, each once; of what is only counted by crime type, those about any type that has a row."""
    distinct_reason: str | None
    """Why there is no such number."""
    distinct_basis: Basis | None
    """On what it rests: that of rows may be another, since how crime types combine is rarely published."""
    overlap_ratio: str | None
    """Sum of the rows over `distinct`: in how many rows a subject stands on average."""


class MonthRow(Counted):
    """The figure of one month (UTC); of a state, as it was at the month's end."""

    month: str


class Series(Answer):
    """Month by month, in order."""

    rows: list[MonthRow]


CODES = {"crime_type": "crime_type", "kind": "operation_kind", "measure_kind": "measure_kind"}
"""Dimension -> the code list that its rows are made of."""
ROWS: dict[str, type[Any]] = {"crime_type": CrimeTypeRow, "kind": KindRow, "measure_kind": MeasureRow}


async def broken_down(tx: AsyncConnection, question: Question, dimension: Dimension, frame: Answer) -> Breakdown:
    """A row for each code that is asked for, or else for each that is covered."""
    indicator = question.indicator
    if dimension not in indicator.filters or (dimension == "crime_type" and indicator.by_crime_type is None):
        raise Conflict(f"{indicator.code} is not counted by {dimension.replace('_', ' ')}")
    asked = {"crime_type": question.crime_types, "kind": (question.kind,), "measure_kind": (question.measure_kind,)}[dimension]
    chosen = tuple(code for code in asked if code)
    found = {code: await figures.counted(tx, question.about(dimension, code)) for code in chosen or LISTS[CODES[dimension]].codes}
    shown = {code: counted for code, counted in found.items() if chosen or counted.reason != "not covered"}
    rows = [ROWS[dimension](**{dimension: code}, **counted.model_dump()) for code, counted in shown.items()]
    about_any = replace(question, crime_types=tuple(shown)) if indicator.needs_crime_type else question
    total = await distinct(tx, about_any)
    return Breakdown(**frame.model_dump(), rows=rows, **total.said("distinct"), overlap_ratio=_overlap(rows, total.number))


async def by_month(tx: AsyncConnection, question: Question, frame: Answer) -> Series:
    """A row for each month of the period."""
    asked = [replace(question, period=month) for month in months(question.period)]
    rows = [MonthRow(month=each.period.text, **(await figures.counted(tx, each)).model_dump()) for each in asked]
    return Series(**frame.model_dump(), rows=rows)


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many subjects there are, each once, and on what that rests; or why there is no such number."""

    number: str | None
    reason: str | None
    basis: Basis | None

    def said(self, name: str) -> dict[str, Any]:
        """As an answer tells it, under that name."""
        return {name: self.number, "distinct_reason": self.reason, "distinct_basis": self.basis}


async def distinct(tx: AsyncConnection, question: Question) -> Distinct:
    """Of what is only counted by crime type, without one: those about any type that is covered."""
    if question.indicator.reduced_by != "count":
        return Distinct(None, "amounts are summed or compared, nothing is counted", None)
    if question.indicator.needs_crime_type and not question.crime_types:
        question = replace(question, crime_types=await _covered_types(tx, question))
        if not question.crime_types:
            return Distinct(None, "not covered", None)
    found = await figures.counted(tx, question)
    return Distinct(found.numerator, found.reason if found.numerator is None else None, found.basis)


async def _covered_types(tx: AsyncConnection, question: Question) -> tuple[str, ...]:
    standings = {code: await standing(tx, question.about("crime_type", code)) for code in LISTS["crime_type"].codes}
    return tuple(code for code, (reason, _) in standings.items() if reason is None)


def _overlap(rows: Sequence[Counted], total: str | None) -> str | None:
    if total is None:
        return None
    return value_of(sum(Decimal(row.value) for row in rows if row.value is not None), Decimal(total), "share")
