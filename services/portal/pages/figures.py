"""Figures as pages show them, and how their owner wants to be asked for them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.portal.client import Reply
from services.portal.domain import Json, decimal, share, year_before
from services.portal.pages.terms import TERMS
from services.portal.pages.visit import Visit
from services.portal.pages.wording import Wording

GROWTH = {"iEJ1": "iEJ4", "iEJ3": "iEJ4"}
"""Which indicator says how another grew."""
ASSUMED = "assumed"
BY_PARTICIPANT = "not counted by country; ask by participant"
OVER_MONTHS = frozenset({"iEJ1", "iEJ5"})
"""Headlines that count what took place; the others tell what holds at a moment."""
SHARES = frozenset({"share", "ratio", "1", "fraction"})
Question = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's definition and its value for the period asked for; either may be missing alone."""

    definition: Json
    reply: Reply
    question: Question
    """As its owner answered it: its evidence is asked for in the same words."""

    @property
    def code(self) -> str:
        """Its code in the catalogue."""
        return str(self.definition["code"])

    @property
    def value(self) -> Decimal | None:
        """The value; nothing is not zero."""
        return decimal(self.reply.body.get("value")) if self.reply.ok else None

    @property
    def is_share(self) -> bool:
        """Shown as a percentage with a bar."""
        return (self.reply.body.get("unit") or self.definition.get("unit")) in SHARES

    @property
    def is_time(self) -> bool:
        """In hours, of amounts in minutes."""
        return (self.reply.body.get("unit") or self.definition.get("unit")) == "hours"

    @property
    def is_open(self) -> bool:
        """May it stand in a file? What is assumed may not."""
        return self.reply.body.get("basis") != ASSUMED

    @property
    def part(self) -> Decimal | None:
        """Numerator over denominator."""
        return share(self.reply.body.get("numerator"), self.reply.body.get("denominator"))

    def title(self, wording: Wording) -> str:
        """Its name in the page's language: the owner's, else ours."""
        given = self.definition.get("title") or {}
        own = wording.term("indicator", self.code)
        return str(given[wording.language]) if isinstance(given, dict) and wording.language in given else own

    def about(self, wording: Wording) -> str | None:
        """What it counts, in a sentence; nothing for one that nobody has described here yet."""
        return wording.term("about", self.code) if self.code in TERMS["about"] else None

    def shown(self, wording: Wording) -> str:
        """The value in words of the page's language."""
        return shown(wording, self.value, str(self.reply.body.get("unit") or self.definition.get("unit")))


def shown(wording: Wording, value: Decimal | None, unit: str) -> str:
    """A value of that unit in words of the page's language."""
    if value is None:
        return "–"
    match unit:
        case "percent":
            return wording.growth(value)
        case "hours":
            return wording.hours(value)
        case "balance":
            return wording.balance(value)
    return wording.percent(value) if unit in SHARES else wording.number(value)


async def figure(visit: Visit, definition: Json, asked: Question) -> Figure:
    """One figure; where a country takes part instead of owning what is counted, it is asked for as its owner wants."""
    path = f"/indicators/{definition['code']}"
    reply = await visit.desk.get("reporting", path, **asked)
    if reply.ok and reply.body.get("reason") == BY_PARTICIPANT:
        asked = {**asked, "country": None, "participant": asked["country"]}
        reply = await visit.desk.get("reporting", path, **asked)
    return Figure(definition, reply, asked)


async def figures(visit: Visit, asked: Question) -> tuple[Reply, list[Figure]]:
    """The catalogue, then every figure side by side."""
    catalogue = await visit.desk.get("reporting", "/indicators")
    return catalogue, list(await asyncio.gather(*(figure(visit, each, asked) for each in catalogue.items)))


@dataclass(frozen=True, slots=True)
class ByType:
    """A figure of one crime type, with its share of the largest, and how it grew where that is known."""

    crime_type: str
    value: Decimal
    part: Decimal
    basis: str
    growth: Json | None = None


@dataclass(frozen=True, slots=True)
class Types:
    """A figure by crime type; rows overlap, so that all there is beside them is how many subjects are distinct."""

    rows: tuple[ByType, ...] = ()
    distinct: int | None = None
    basis: str = ""
    """On what `distinct` rests."""

    @property
    def reconstructed(self) -> bool:
        """Does any row rest on something else than recorded events?"""
        return any(row.basis != "recorded" for row in self.rows)


async def by_crime_type(visit: Visit, code: str, asked: Question) -> Types:
    """The figure by crime type, the largest first; nothing where it is not counted so, or where one type was asked for."""
    if asked.get("crime_type"):
        return Types()
    reply, grown = await asyncio.gather(
        visit.desk.get("reporting", f"/indicators/{code}", **asked, by="crime_type"),
        visit.desk.get("reporting", f"/indicators/{GROWTH[code]}", **asked, by="crime_type") if code in GROWTH else _nothing(),
    )
    growth = {row["crime_type"]: row for row in grown.body.get("rows") or [] if row["value"] is not None}
    given = [row for row in reply.body.get("rows") or [] if row["value"] is not None] if reply.ok else []
    if reply.body.get("unit") != "count" or not given:
        return Types()
    largest = max(Decimal(row["value"]) for row in given) or Decimal(1)
    rows = [
        ByType(code, value, value / largest, str(row["basis"]), growth.get(code))
        for row in given
        for code, value in [(str(row["crime_type"]), Decimal(row["value"]))]
    ]
    distinct, basis = reply.body.get("distinct"), str(reply.body.get("distinct_basis"))
    return Types(tuple(sorted(rows, key=lambda row: -row.value)), None if distinct is None else int(distinct), basis)


async def _nothing() -> Reply:
    return Reply("reporting", 200)


@dataclass(frozen=True, slots=True)
class Month:
    """A figure of one month, with its share of the largest; no value where it is not covered."""

    month: str
    value: Decimal | None
    part: Decimal
    basis: str


async def by_month(visit: Visit, code: str, asked: Question) -> tuple[Month, ...]:
    """The figure month by month; nothing where no period says for which months, or none of them has a value."""
    if not asked.get("period"):
        return ()
    reply = await visit.desk.get("reporting", f"/indicators/{code}", **asked, by="month")
    given = reply.body.get("rows") or [] if reply.ok and reply.body.get("unit") == "count" else []
    values = [decimal(row["value"]) for row in given]
    largest = max((value for value in values if value is not None), default=Decimal(0)) or Decimal(1)
    months = [
        Month(row["month"], value, (value or Decimal(0)) / largest, str(row["basis"])) for row, value in zip(given, values, strict=True)
    ]
    return tuple(months) if len(months) > 1 and any(month.value is not None for month in months) else ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of one country towards one other; no value where it is not covered, or nothing can be compared."""

    country: str
    participant: str
    value: Decimal | None
    unit: str
    basis: str
    reason: str | None

    def shown(self, wording: Wording) -> str:
        """The value in words of the page's language."""
        return shown(wording, self.value, self.unit)


async def by_pair(visit: Visit, definition: Json, asked: Question) -> tuple[Pair, ...]:
    """The figure of each pair of countries, in the order of the page's language; nothing where it is not counted so."""
    if not definition.get("by_pair"):
        return ()
    reply = await visit.desk.get("reporting", f"/indicators/{definition['code']}", **asked, by="pair")
    given = reply.body.get("rows") or [] if reply.ok else []
    pairs = [
        Pair(row["country"], row["participant"], decimal(row["value"]), str(reply.body["unit"]), str(row["basis"]), row["reason"])
        for row in given
    ]
    return tuple(
        sorted(pairs, key=lambda pair: [visit.wording.order(visit.wording.country(each)) for each in (pair.country, pair.participant)])
    )


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that stands above all others, with its months, the year before, and what was published beside it."""

    figure: Figure
    asked: Question
    before: Figure | None
    months: tuple[Month, ...]
    statements: tuple[Json, ...]

    @property
    def growth(self) -> Decimal | None:
        """In percent; nothing where either year is not covered."""
        base = self.before.value if self.before else None
        return None if self.figure.value is None or not base else 100 * (self.figure.value - base) / base


async def headline(visit: Visit, definition: Json, asked: Question, coverage: Sequence[Json]) -> Headline:
    """One of them."""
    code, before = str(definition["code"]), year_before(asked.get("period"))
    shown, months, earlier = await asyncio.gather(
        figure(visit, definition, asked),
        by_month(visit, code, asked) if code in OVER_MONTHS else _no_months(),
        figure(visit, definition, {**asked, "period": before}) if before and code in OVER_MONTHS else _no_figure(),
    )
    return Headline(shown, asked, earlier, months, statements(coverage, code, asked))


def statements(coverage: Sequence[Json], code: str, asked: Question) -> tuple[Json, ...]:
    """What was published beside a figure of a year, in words."""
    year = asked.get("period")
    said = {row["statement"]: row for row in coverage if row["indicator"] == code and row["statement"] and row["start"][:4] == year}
    return () if asked.get("country") or asked.get("crime_type") else tuple(said.values())


async def _no_months() -> tuple[Month, ...]:
    return ()


async def _no_figure() -> None:
    return None


def latest_year(coverage: Sequence[Json], code: str) -> str | None:
    """The last year that is covered, whole, for a figure of every country."""
    whole = [row for row in coverage if row["indicator"] == code and row["complete"] and not row["crime_type"] and not row["country"]]
    return max((row["start"][:4] for row in whole if row["start"].endswith("-01-01")), default=None)
