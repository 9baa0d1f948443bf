"""What a country and each other asked of one another, and answered (PA-29, iK4)."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.portal.client import Reply
from services.portal.domain import Json, decimal
from services.portal.pages.figures import ASSUMED
from services.portal.pages.visit import Visit
from services.portal.pages.wording import Wording


@dataclass(frozen=True, slots=True)
class Way:
    """Of so many enquiries one way, so many were answered; without numbers where that is not covered."""

    answered: int | None
    asked: int | None

    def shown(self, wording: Wording) -> str:
        """In words of the page's language."""
        if self.answered is None:
            return wording.say("Not covered")
        return wording.say("%(part)s of %(whole)s", part=wording.number(self.answered), whole=wording.number(self.asked))


NONE = Way(0, 0)


@dataclass(frozen=True, slots=True)
class Other:
    """A country beside the one that is looked at: what it answered for that, what that answered for it, and the difference."""

    country: str
    given: Way
    taken: Way
    balance: Decimal | None

    def cells(self) -> list[object]:
        """Answered and asked, either way, and the balance, as they stand in a file."""
        return [self.given.answered, self.given.asked, self.taken.answered, self.taken.asked, self.balance]

    def shown(self, wording: Wording) -> str:
        """The balance in words of the page's language."""
        covered = self.balance is not None and self.given.answered is not None and self.taken.answered is not None
        return wording.balance(self.balance or Decimal(0)) if covered else wording.say("Not covered")


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """A year's enquiries between a country and each other, in the order of the page's language."""

    year: str
    years: tuple[str, ...]
    """Those that one is led to, the latest first; the one that is shown among them."""
    others: tuple[Other, ...]
    reply: Reply
    """What reporting said, or that it said nothing; 422 where what was asked for is no year."""


async def reciprocity(visit: Visit, country: str) -> Reciprocity:
    """Those of the year that the URL asks for, or of this one."""
    year = visit.filters.get("year") or str(visit.now.year)
    # Reporting would take a month as well, under the title of a year.
    if not re.fullmatch("[0-9]{4}", year):
        return _told(visit, year, (), Reply("reporting", 422))
    given, taken, balances = await asyncio.gather(
        visit.desk.get("reporting", "/indicators/iK4r", period=year, participant=country, by="pair"),
        visit.desk.get("reporting", "/indicators/iK4r", period=year, country=country, by="pair"),
        visit.desk.get("reporting", "/indicators/iK4", period=year, participant=country, by="pair"),
    )
    failed = next((reply for reply in (given, taken, balances) if not reply.ok), None)
    if failed:
        return _told(visit, year, (), failed)
    gave = {row["country"]: _way(row) for row in _open(given)}
    took = {row["participant"]: _way(row) for row in _open(taken)}
    differ = {row["country"]: decimal(row["value"]) for row in _open(balances)}
    # Where enquiries went and none was answered, nothing was given and nothing taken.
    others = [Other(each, gave.get(each, NONE), took.get(each, NONE), differ.get(each, Decimal(0))) for each in gave.keys() | took.keys()]
    return _told(visit, year, others, balances)


def _told(visit: Visit, year: str, others: Iterable[Other], reply: Reply) -> Reciprocity:
    years = {*map(str, visit.wording.years()), *({year} if reply.ok else ())}
    order = visit.wording.order
    return Reciprocity(
        year,
        tuple(sorted(years, reverse=True)),
        tuple(sorted(others, key=lambda each: order(visit.wording.country(each.country)))),
        reply,
    )


def _open(reply: Reply) -> Iterable[Json]:
    """What is assumed tells nothing of whether one can be trusted."""
    return (row for row in reply.body["rows"] if row["basis"] != ASSUMED)


def _way(row: Json) -> Way:
    return Way(int(row["numerator"]), int(row["denominator"])) if row["numerator"] is not None else Way(None, None)
