"""The scoreboard: Measures A to E of the roadmap, each with what is known of it and from which indicator (E2)."""

from collections.abc import Mapping
from datetime import datetime
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
    "B": ("iB1",),
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
NOT_COVERED = "not covered"


class Cell(Counted):
    """What one indicator tells of a measure; `evidence` opens the events behind it."""

    indicator: str
    unit: str
    evidence: str | None


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
    found: dict[str, Cell] = {}
    for code in dict.fromkeys(code for codes in TOLD_BY.values() for code in codes):
        found[code] = await _cell(tx, code, period, asof, country, query)
    groups = await _groups(tx, found[TOOLS], period, asof, country)
    return [_row(measure, title, found, groups) for measure, title in LISTS["measure"].codes.items()]


async def _cell(tx: AsyncConnection, code: str, period: Period, asof: datetime, country: str | None, query: Mapping[str, str]) -> Cell:
    if code not in indicators.ALL:
        nothing = Counted(value=None, reason=NOT_COVERED, numerator=None, denominator=None, basis=None, flags=[])
        return Cell(indicator=code, unit="count", evidence=None, **nothing.model_dump())
    indicator = indicators.ALL[code]
    counted = await figures.counted(tx, Question(indicator, period, asof, country))
    link = f"/indicators/{code}/evidence?{urlencode([('part', 'numerator'), *query.items()])}"
    return Cell(indicator=code, unit=indicator.unit, evidence=link, **counted.model_dump())


async def _groups(tx: AsyncConnection, whole: Cell, period: Period, asof: datetime, country: str | None) -> dict[str, Cell]:
    """Measure -> how many tools that serve it the country uses; as known as the whole is."""
    wanted = [measure for measure in LISTS["measure"].codes if measure.startswith("B.")]
    if whole.value is None:
        return dict.fromkeys(wanted, whole)
    used = await figures.grouped(tx, Question(indicators.ALL[TOOLS], period, asof, country), BY_MEASURE)
    return {each: whole.model_copy(update=_used(used.get(each, 0))) for each in wanted}


def _used(count: int) -> dict[str, str | None]:
    return {"unit": "count", "value": str(count), "numerator": str(count), "denominator": None}


def _row(measure: str, title: str, found: Mapping[str, Cell], groups: Mapping[str, Cell]) -> ScoreRow:
    cells = [groups[measure]] if measure in groups else [found[code] for code in TOLD_BY.get(measure, ())]
    known = any(cell.value is not None for cell in cells)
    return ScoreRow(measure=measure, parent=measure.rpartition(".")[0] or None, title=title, covered=known, cells=cells)
