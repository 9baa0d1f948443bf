"""Pure rules of figures: periods, as-of, and what is counted. No clock, no store, no web."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Literal

from shared.errors import Invalid

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
PERIOD = f"^([0-9]{{4}}(-[0-9]{{2}})?|{_DAY}(/{_DAY})?)$"
ASOF = rf"^{_DAY}([Tt][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?([Zz]|[+-][0-9]{{2}}:[0-9]{{2}}))?$"

MONTHS = 120
"""So many are told at once."""
Part = Literal["numerator", "denominator", "base", "missing"]
"""What a figure is made of; `missing` lists beside it what it would be higher with."""


@cache
def instance_of(source: str) -> str:
    """The instance in `/instances/<instance>/services/<service>`; another source stands for itself."""
    parts = source.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "instances" else source


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, not including, `end`, both UTC; `start` None: since ever."""

    start: datetime | None
    end: datetime
    text: str

    def year_before(self) -> "Period":
        """The same days of the year before; 29 February is the 28th there."""
        start = _year_before(self.start) if self.start else None
        return Period(start, _year_before(self.end), f"the year before {self.text}")


def _year_before(at: datetime) -> datetime:
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - 1, day=day)


def period(text: str | None, now: datetime) -> Period:
    """ISO 8601: `2024`, `2024-03`, `2024-03-05` or `2024-01-01/2024-07-01`; absent, up to now. Raises `Invalid`."""
    if text is None:
        return Period(None, now, "up to now")
    try:
        start, end = _bounds(text)
    except (ValueError, OverflowError) as error:
        raise Invalid("period", "not an ISO 8601 period such as 2024, 2024-03 or 2024-01-01/2024-07-01") from error
    if start >= end:
        raise Invalid("period", "ends before it begins")
    return Period(start, end, text)


def months(of: Period) -> list[Period]:
    """Every month (UTC) that a period touches, in order, cut at its ends; raises `Invalid` without a beginning, or for too many."""
    if of.start is None:
        raise Invalid("period", "has no beginning: name one such as 2024")
    last = of.end - timedelta(microseconds=1)
    numbers = range(of.start.year * 12 + of.start.month - 1, last.year * 12 + last.month)
    if len(numbers) > MONTHS:
        raise Invalid("period", f"has more than {MONTHS} months")
    begins = [of.start, *(_midnight(date(number // 12, number % 12 + 1, 1)) for number in numbers[1:])]
    ends = [*begins[1:], of.end]
    return [Period(begin, end, f"{begin:%Y-%m}") for begin, end in zip(begins, ends, strict=True)]


def _bounds(text: str) -> tuple[datetime, datetime]:
    if "/" in text:
        first, last = text.split("/")
        return _midnight(_day(first)), _midnight(_day(last))
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return _midnight(date(int(text), 1, 1)), _midnight(date(int(text) + 1, 1, 1))
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        year, month = map(int, text.split("-"))
        return _midnight(date(year, month, 1)), _midnight(date(year + month // 12, month % 12 + 1, 1))
    day = _day(text)
    return _midnight(day), _midnight(day + timedelta(days=1))


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def asof(text: str | None, now: datetime) -> datetime:
    """RFC 3339, or a bare date: the last moment of that day, UTC; absent, now. Raises `Invalid`."""
    if text is None:
        return now
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return _midnight(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise Invalid("asof", "neither a date nor an RFC 3339 time") from error
    if at.tzinfo is None:
        raise Invalid("asof", "has no zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Invalid("asof", "lies outside of every calendar") from error


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted: each part is a select of evidence rows, and a figure is nothing but their distinct subjects."""

    code: str
    title: Mapping[str, str]
    formula: str
    parts: Mapping[Part, str]
    """Part -> SQL that selects event_id, type, subject, time, counted; and amount, where that is what is reduced."""
    topics: tuple[str, ...] = ()
    filters: frozenset[str] = frozenset()
    """By what it can be narrowed: country (whose achievement), participant, partner_kind, crime_type, kind, measure_kind, channel."""
    over: Literal["state", "period"] = "state"
    """What holds at the period's end, or what began within it."""
    unit: Literal["count", "share", "percent", "hours", "balance", "rate"] = "count"
    """A share is of a whole; a rate is how many there are for each one of what they are divided by."""
    reduced_by: Literal["count", "sum", "median", "p90"] = "count"
    """What is made of the rows: how many counted things, or of their amounts the sum, the median, or what nine in ten stay within."""
    denominator: int | None = None
    """A fixed denominator, where the formula has one."""
    crime_group: str | None = None
    """The group of crime types that the select asks for, where it does."""
    says: tuple[str, ...] = ()
    """What may be said in words beside its value, where it is true."""
    by_crime_type: str | None = None
    """Under which code coverage by crime type is declared: a total can be covered where its types are not."""
    needs_coverage: bool = False
    needs_country: bool = False
    needs_crime_type: bool = False
    needs_measure_kind: bool = False
    by_pair: bool = False
    """Does each row say whose it is (`country`) and towards whom (`participant`)? Then there is a figure for each pair of countries."""
    version: int = 1


def value_of(numerator: Decimal | int, denominator: Decimal | int | None, unit: str) -> str | None:
    """Count, share, hours, balance, rate, or growth in percent as a decimal string; compared with nothing it is not zero but unknown."""
    if denominator is None:
        return format(Decimal(numerator).normalize(), "f")
    if unit == "balance":
        return format(Decimal(numerator - denominator).normalize(), "f")
    if denominator == 0:
        return None
    value = Decimal(numerator) / Decimal(denominator)
    if unit == "percent":
        value = 100 * Decimal(numerator - denominator) / Decimal(denominator)
    # Rounding to what people read is the page's business: here it only ends what would never end.
    return format(value.quantize(Decimal("0.000001"), ROUND_HALF_EVEN).normalize(), "f")


TRUE: Mapping[str, Callable[[Decimal | int, Decimal | int], bool]] = {
    "more than doubled": lambda counted, base: counted > 2 * base > 0,
    "more than half": lambda counted, whole: 2 * counted > whole,
}
"""When something is said in words of a value (iEJ4, iEJ8): as a truth, not by rounding."""


def flags_of(numerator: Decimal | int, denominator: Decimal | int | None, says: Sequence[str]) -> list[str]:
    """What may be said in words of one value."""
    return [word for word in says if denominator is not None and word in TRUE and TRUE[word](numerator, denominator)]


def years_before(period: Period, first: date) -> list[Period]:
    """Every whole year from that day up to this one, which is a year itself; none where it is something else."""
    if not re.fullmatch(r"\d{4}", period.text, re.ASCII):
        return []
    begins = first.year + (first > date(first.year, 1, 1))
    return [Period(_midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1)), f"{year:04}") for year in range(begins, int(period.text))]
