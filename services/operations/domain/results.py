"""Results: what each country reports and certifies, always as absolute totals (D3, `indicators.md` iD4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from shared.errors import Conflict, Invalid
from shared.events import operations as facts

Key = tuple[str, str, UUID | None]
"""Country, kind of measure, action day where it was taken on one."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency."""

    amount_minor: int
    currency: str
    exponent: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many measures in all, and what they are worth."""

    total: int
    amount: Money | None = None

    def said(self) -> dict[str, Any]:
        """As facts carry it."""
        amount = self.amount and facts.Money(
            amount_minor=self.amount.amount_minor, currency=self.amount.currency, exponent=self.amount.exponent
        )
        return {"total": self.total} | ({"amount": amount} if amount else {})


@dataclass(frozen=True, slots=True)
class Result:
    """What a country reported of a kind of measure, and what of it it stands by; `certified_event` is the fact that said so."""

    country: str
    measure_kind: str
    action_day: UUID | None
    reported: Tally
    certified: Tally | None = None
    certified_event: UUID | None = None

    @property
    def key(self) -> Key:
        """What there is one total of."""
        return (self.country, self.measure_kind, self.action_day)

    def said(self) -> facts.Result | None:
        """As facts carry it: what is certified alone."""
        if self.certified is None:
            return None
        told: dict[str, Any] = {"country": self.country, "measure_kind": self.measure_kind, **self.certified.said()}
        return cast(facts.Result, told if self.action_day is None else told | {"action_day_ref": self.action_day})


Results = tuple[Result, ...]


def reported(results: Results, key: Key, tally: Tally) -> Results:
    """With a new total of this key; what was certified before stands until that is certified."""
    known = _of(results, key)
    if known is not None and known.reported == tally:
        raise Conflict("This total is reported already")
    country, measure_kind, day = key
    return _with(results, replace(known, reported=tally) if known else Result(country, measure_kind, day, tally))


def certified(results: Results, country: str) -> Results:
    """With all that this country reported certified; raises `Conflict` where there is nothing to certify."""
    if not any(each.certified != each.reported for each in results if each.country == country):
        raise Conflict(f"Nothing that {country} reported waits to be certified")
    return tuple(replace(each, certified=each.reported, certified_event=None) if _waits(each, country) else each for each in results)


def corrected(results: Results, key: Key, corrects: UUID, tally: Tally) -> Results:
    """With another certified total of this key, from now on; raises `Invalid` where `corrects` is not the fact that certified it."""
    known = _of(results, key)
    if known is None or known.certified is None or known.certified_event != corrects:
        raise Invalid("corrects", "is not the fact that this result was certified")
    if known.certified == tally:
        raise Conflict("This total is certified already")
    return _with(results, replace(known, reported=tally, certified=tally, certified_event=None))


def said_by(results: Results, event: UUID) -> Results:
    """With the fact noted that said what is newly certified."""
    return tuple(replace(each, certified_event=event) if each.certified and each.certified_event is None else each for each in results)


def said(results: Sequence[Result]) -> list[facts.Result]:
    """All that is certified, as facts carry it."""
    return [told for each in results if (told := each.said()) is not None]


def _waits(each: Result, country: str) -> bool:
    return each.country == country and each.certified != each.reported


def _of(results: Results, key: Key) -> Result | None:
    return next((each for each in results if each.key == key), None)


def _with(results: Results, one: Result) -> Results:
    others = [each for each in results if each.key != one.key]
    return tuple(sorted([*others, one], key=lambda each: (each.country, each.measure_kind, str(each.action_day or ""))))
