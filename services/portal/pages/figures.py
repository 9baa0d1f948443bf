"""Figures as pages show them, and how their owner wants to be asked for them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.portal.client import Reply
from services.portal.domain import Json, decimal, share
from services.portal.pages.terms import TERMS
from services.portal.pages.visit import Visit
from services.portal.pages.wording import Wording

BY_PARTICIPANT = "not counted by country; ask by participant"
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
        unit = str(self.reply.body.get("unit") or self.definition.get("unit"))
        return unit in {"share", "ratio", "1", "fraction"}

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
        if self.value is None:
            return "–"
        if self.reply.body.get("unit") == "percent":
            return wording.growth(self.value)
        return wording.percent(self.value) if self.is_share else wording.number(self.value)


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
    """A figure of one crime type, with its share of the largest."""

    crime_type: str
    value: Decimal
    part: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class Types:
    """A figure by crime type; rows overlap, so that all there is beside them is how many subjects are distinct."""

    rows: tuple[ByType, ...] = ()
    distinct: int | None = None

    @property
    def reconstructed(self) -> bool:
        """Does any row rest on something else than recorded events?"""
        return any(row.basis != "recorded" for row in self.rows)


async def by_crime_type(visit: Visit, code: str, asked: Question) -> Types:
    """The figure by crime type, the largest first; nothing where it is not counted so, or where one type was asked for."""
    if asked.get("crime_type"):
        return Types()
    reply = await visit.desk.get("reporting", f"/indicators/{code}", **asked, by="crime_type")
    given = [row for row in reply.body.get("rows") or [] if row["value"] is not None] if reply.ok else []
    if reply.body.get("unit") != "count" or not given:
        return Types()
    largest = max(Decimal(row["value"]) for row in given) or Decimal(1)
    rows = [ByType(row["crime_type"], Decimal(row["value"]), Decimal(row["value"]) / largest, str(row["basis"])) for row in given]
    distinct = reply.body.get("distinct")
    return Types(tuple(sorted(rows, key=lambda row: -row.value)), None if distinct is None else int(distinct))
