"""The working time of a country: its week, its hours and its public holidays, on one clock (requirement rows A7 and XC-11).

Public holidays and weekends are those of the package `holidays`; what an instance knows better stands in dated rules, the last of
which decides. Wall-clock times that a change of the clocks leaves out mean the moment it happens plus what they lie behind it; those
that come twice mean their first time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import holidays
from hijridate import Gregorian

from shared.errors import Invalid

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RAMADAN = 9
ONE_DAY = timedelta(days=1)
MIDNIGHT = timedelta(hours=24)
FAR_AHEAD = timedelta(days=3660)
"""A calendar that does not open within ten years never does."""

Kind = Literal["working", "closed", "weekend", "holiday"]
Span = tuple[timedelta, timedelta]
"""From when to when people work, counted from midnight on the wall clock."""
OFFICE: tuple[Span, ...] = ((timedelta(hours=9), timedelta(hours=17)),)
"""Where no rule says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds in some countries (all, where none is named) on some days; an instance writes them in its file."""

    countries: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    """The last day on which it holds."""
    days: frozenset[Weekday] = frozenset()
    """Only on these days of the week."""
    ramadan: bool = False
    """Only in the month of Ramadan, as the Umm al-Qura calendar has it; a sighting that differs is a rule with its days."""
    weekend: frozenset[Weekday] | None = None
    hours: tuple[Span, ...] | None = None
    holiday: Mapping[str, str] | None = None
    """It is a holiday, by language."""
    working: bool = False
    """It is none, and no weekend: hours hold."""

    def holds(self, day: date) -> bool:
        """Is that day one of its days?"""
        return (
            (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
            and (not self.days or WEEK[day.weekday()] in self.days)
            and (not self.ramadan or _in_ramadan(day))
        )


def span(written: str) -> Span:
    """`09:00-17:00`; `24:00` is the end of the day. Raises `ValueError` for anything else."""
    first, _, last = written.partition("-")
    begins, ends = _clock(first), MIDNIGHT if last == "24:00" else _clock(last)
    if begins >= ends:
        msg = f"{written}: ends before it begins"
        raise ValueError(msg)
    return begins, ends


def _clock(written: str) -> timedelta:
    at = time.fromisoformat(written)
    return timedelta(hours=at.hour, minutes=at.minute)


def _in_ramadan(day: date) -> bool:
    try:
        return bool(Gregorian.fromdate(day).to_hijri().month == RAMADAN)
    except OverflowError:  # beyond the years that the calendar is computed for
        return False


@dataclass(frozen=True, slots=True)
class State:
    """What a moment is there; `name` of a holiday."""

    kind: Kind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class _Day:
    kind: Literal["working", "weekend", "holiday"]
    spans: tuple[tuple[datetime, datetime], ...] = ()
    names: Mapping[str, str] | None = None


class Calendar:
    """One country's working time on one clock; moments carry their zone, working time is real time between opening and closing."""

    def __init__(self, country: str | None, zone: str, rules: Iterable[Rule] = (), *, subdivision: str | None = None) -> None:
        self._zone = ZoneInfo(zone)
        self._rules = [rule for rule in rules if not rule.countries or country in rule.countries]
        self._public = _Public(country, subdivision)
        self._day = lru_cache(maxsize=4000)(self._found)

    @property
    def complete(self) -> bool:
        """Are the public holidays of the country known?"""
        return self._public.known

    def state(self, moment: datetime, language: str = "en") -> State:
        """What that moment is; a holiday's name in the language, in English where it has none in it."""
        local = _aware(moment).astimezone(self._zone).date()
        day = self._day(local)
        if day.kind == "holiday":
            names = day.names
            return State("holiday", self._public.name(local, language) if names is None else _named(names, language))
        if day.kind == "weekend":
            return State("weekend")
        return State("working" if any(begins <= moment < ends for begins, ends in day.spans) else "closed")

    def opens(self, moment: datetime) -> datetime | None:
        """The first moment from this one on that is worked, in UTC; None where that never comes."""
        return next((max(begins, _aware(moment).astimezone(UTC)) for begins, _ in self._spans(moment)), None)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments is worked. Raises `Invalid` where the second comes first."""
        if _aware(end) < _aware(start):
            raise Invalid("end", "lies before the start")
        worked = timedelta()
        for begins, ends in self._spans(start, end):
            if begins >= end:
                break
            worked += min(ends, end) - max(begins, start)
        return worked

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment, in UTC, at which that much has been worked since the start. Raises `Invalid` where it never comes."""
        moment, left = _aware(start).astimezone(UTC), working
        if left <= timedelta():
            return moment
        for begins, ends in self._spans(start):
            begun = max(begins, moment)
            if ends - begun >= left:
                return begun + left
            left -= ends - begun
        raise Invalid("working", "is never reached in this calendar")

    def _spans(self, start: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Working spans that end after the start, in order."""
        day = start.astimezone(self._zone).date()
        last = end.astimezone(self._zone).date() if end else day + FAR_AHEAD
        while day <= last:
            yield from (each for each in self._day(day).spans if each[1] > start)
            day += ONE_DAY

    def _found(self, day: date) -> _Day:
        holding = [rule for rule in self._rules if rule.holds(day)]
        said = next((rule for rule in reversed(holding) if rule.working or rule.holiday), None)
        if said is not None and said.holiday:
            return _Day("holiday", names=said.holiday)
        if said is None and self._public.is_holiday(day):
            return _Day("holiday")
        weekend = next((rule.weekend for rule in reversed(holding) if rule.weekend is not None), None)
        if said is None and (WEEK[day.weekday()] in weekend if weekend is not None else self._public.is_weekend(day)):
            return _Day("weekend")
        return _Day("working", self._worked(day, next((rule.hours for rule in reversed(holding) if rule.hours is not None), OFFICE)))

    def _worked(self, day: date, hours: Sequence[Span]) -> tuple[tuple[datetime, datetime], ...]:
        spans: list[tuple[datetime, datetime]] = []
        for each in sorted(hours):
            begins, ends = (self._moment(day, at) for at in each)
            begins = max([begins, *(earlier for _, earlier in spans)])
            # A day that the country's clocks left out altogether has no hours.
            if begins < ends and begins.astimezone(self._zone).date() == day:
                spans.append((begins, ends))
        return tuple(spans)

    def _moment(self, day: date, at: timedelta) -> datetime:
        return (datetime.combine(day, time()) + at).replace(tzinfo=self._zone).astimezone(UTC)


class RoundTheClock(Calendar):
    """A duty that never closes."""

    def __init__(self, zone: str) -> None:
        super().__init__(None, zone, [Rule(days=frozenset(WEEK), working=True, hours=((timedelta(), MIDNIGHT),))])


class Calendars:
    """The calendars of an instance, each made once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        made = lru_cache(maxsize=2000)(lambda country, zone, subdivision: Calendar(country, zone, rules, subdivision=subdivision))
        self._made, self._always = made, lru_cache(maxsize=600)(RoundTheClock)

    def of(self, country: str | None, zone: str, *, duty: str | None = None, subdivision: str | None = None) -> Calendar:
        """The working time of an office there (ISO 3166-1 and, where it has holidays of its own, 3166-2); `24x7` always works."""
        return self._always(zone) if duty == "24x7" else self._made(country, zone, subdivision)


class _Public:
    """Public holidays and weekends as the package has them; Saturday and Sunday for a country it does not know."""

    def __init__(self, country: str | None, subdivision: str | None) -> None:
        self._country = country
        self._subdivision = _known_subdivision(country, subdivision)
        self.known = country is not None and country in holidays.list_supported_countries()
        self._days = self._of(None) if self.known else None
        self._named: dict[str, Any] = {}

    def is_holiday(self, day: date) -> bool:
        return self._days is not None and day in self._days

    def is_weekend(self, day: date) -> bool:
        return day.weekday() >= WEEK.index("saturday") if self._days is None else bool(self._days.is_weekend(day))

    def name(self, day: date, language: str) -> str | None:
        if self._days is None:
            return None
        if language not in self._named:
            self._named[language] = self._of(_spoken(self._days.supported_languages, language))
        name: str | None = self._named[language].get(day) or self._days.get(day)
        return name

    def _of(self, language: str | None) -> Any:
        return holidays.country_holidays(str(self._country), language=language, subdiv=self._subdivision)


def _known_subdivision(country: str | None, subdivision: str | None) -> str | None:
    code = (subdivision or "").partition("-")[2]
    return code if code in holidays.list_supported_countries().get(country or "", ()) else None


def _spoken(supported: Sequence[str], language: str) -> str | None:
    """Of the languages that holidays are named in, the one asked for, else English, else the country's own (None)."""
    return next((each for wanted in (language, "en") for each in supported if each.partition("_")[0] == wanted), None)


def _named(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Invalid("moment", "has no zone")
    return moment
