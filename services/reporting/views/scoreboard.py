"""The scoreboard: Measures A to E of the roadmap, each with what is known of it and from which indicator (E2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain import Period
from services.reporting.views import figures, indicators
from services.reporting.views.figures import Counted
from services.reporting.views.indicators.tools import BY_MEASURE
from services.reporting.views.question import Question
from shared.codes import LISTS

TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "A": ("iA1", "iA2"),
    "A.a": ("iA3",),
    "A.b": ("iA4",),
    "A.b.1": ("iA5",),
    "A.c": ("iA6",),
    "A.d": ("iA7",),
    "A.d.2": ("iP8", "iA8"),
    "A.e": ("iA9",),
    "B": ("iB1", "iB2", "iB3"),
    "B.d": ("iK1", "iK2"),
    "C": ("iC3",),
    "C.1": ("iC1",),
    "C.2": ("iC2",),
    "C.3": ("iC4",),
    "D": ("iD1", "iD2"),
    "E": ("iE1",),
}
"""Measure -> the indicators that tell of it; what nobody counts yet is not covered, as is a measure that stands here without one."""
TOOLS = "iB1"
"""The groups of tools below Measure B are counted apart, each as part of this one."""
THROUGH: Mapping[str, str] = {"B.d": "ejn_secretariat"}
"""Measure -> by which channel what tells of it must have gone (B7)."""
NOT_COVERED = "not covered"


class Cell(Counted):
    """What one indicator tells of a measure; `evidence` opens the events behind it."""

    indicator: str
    unit: str
    channel: str | None
    """Only of what went by it."""
    evidence: str | None

    def in_a_file(self) -> dict[str, Any]:
        """What of it may stand in a file: of what is assumed, only that it is."""
        withheld = {"value": None, "numerator": None, "denominator": None, "reason": "assumed"}
        return self.model_dump() | (withheld if self.basis == "assumed" else {})


class ScoreRow(BaseModel):
    """A measure, and what is known of it; `covered` where anything is."""

    measure: str
    parent: str | None
    title: str
    covered: bool
    cells: list[Cell]


class Scoreboard(BaseModel):
    """Every measure, in the roadmap's order."""

    period: str
    asof: datetime
    country: str | None
    complete_until: datetime | None
    provisional: bool
    rows: list[ScoreRow]


async def rows(tx: AsyncConnection, period: Period, asof: datetime, country: str | None, query: Mapping[str, str]) -> list[ScoreRow]:
    """The measures of the code list; `query` is how the reader asked, so that evidence is asked for alike."""
    asked = _Asked(tx, period, asof, country, query)
    told = {measure: [await _cell(asked, code, THROUGH.get(measure)) for code in codes] for measure, codes in TOLD_BY.items()}
    whole = next(cell for cells in told.values() for cell in cells if cell.indicator == TOOLS)
    groups = await _groups(asked, whole)
    measures = LISTS["measure"].codes.items()
    return [_row(measure, title, [*groups.get(measure, ()), *told.get(measure, ())]) for measure, title in measures]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every measure alike."""

    tx: AsyncConnection
    period: Period
    asof: datetime
    country: str | None
    query: Mapping[str, str]

    def of(self, code: str, channel: str | None = None) -> Question:
        return Question(indicators.ALL[code], self.period, self.asof, self.country, channel=channel)


async def _cell(asked: _Asked, code: str, channel: str | None) -> Cell:
    if code not in indicators.ALL:
        nothing = figures.nothing(NOT_COVERED, None)
        return Cell(indicator=code, unit="count", channel=None, evidence=None, **nothing.model_dump())
    counted = await figures.counted(asked.tx, asked.of(code, channel))
    query = {"part": "numerator", **asked.query} | ({"channel": channel} if channel else {})
    link = f"/indicators/{code}/evidence?{urlencode(query)}"
    return Cell(indicator=code, unit=indicators.ALL[code].unit, channel=channel, evidence=link, **counted.model_dump())


async def _groups(asked: _Asked, whole: Cell) -> dict[str, list[Cell]]:
    """Measure -> how many tools that serve it the country uses; as known as the whole is."""
    wanted = [measure for measure in LISTS["measure"].codes if measure.startswith("B.")]
    if whole.value is None:
        return {each: [whole] for each in wanted}
    used = await figures.grouped(asked.tx, asked.of(TOOLS), BY_MEASURE)
    return {each: [whole.model_copy(update=_used(used.get(each, 0)))] for each in wanted}


def _used(count: int) -> dict[str, str | None]:
    return {"unit": "count", "value": str(count), "numerator": str(count), "denominator": None}


def _row(measure: str, title: str, cells: list[Cell]) -> ScoreRow:
    known = any(cell.value is not None for cell in cells)
    return ScoreRow(measure=measure, parent=measure.rpartition(".")[0] or None, title=title, covered=known, cells=cells)
