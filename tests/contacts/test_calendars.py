"""Working time by example, at the edges of the clocks, and as properties (requirement rows A7 and XC-11)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.contacts import gateways
from services.contacts.domain import Calendar, Calendars, Rule, span
from services.contacts.settings import CALENDARS
from shared.errors import Invalid

SHIPPED = Calendars(gateways.read_rules(CALENDARS))
H = timedelta(hours=1)
PLACES = [
    ("BR", "America/Sao_Paulo"),
    ("MA", "Africa/Casablanca"),
    ("PS", "Asia/Hebron"),
    ("LY", "Africa/Tripoli"),
    ("EG", "Africa/Cairo"),
    ("TN", "Africa/Tunis"),
    ("NL", "Europe/Amsterdam"),
    ("LB", "Asia/Beirut"),
    ("CL", "America/Santiago"),
    ("XK", "Europe/Belgrade"),
    ("CN", "Asia/Shanghai"),
    ("WS", "Pacific/Apia"),
    (None, "UTC"),
]


def of(country, zone, **more):
    return SHIPPED.of(country, zone, **more)


def at(zone, *when, fold=0):
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold)


def test_a_day_in_brazil() -> None:
    calendar, zone = of("BR", "America/Sao_Paulo"), "America/Sao_Paulo"
    assert calendar.state(at(zone, 2026, 11, 25, 9)).kind == "working"
    assert calendar.state(at(zone, 2026, 11, 25, 17)).kind == "closed"
    assert calendar.state(at(zone, 2026, 11, 28, 12)).kind == "weekend"
    carnival = calendar.state(at(zone, 2026, 12, 25, 12), "fr")
    assert (carnival.kind, carnival.name) == ("holiday", "Christmas Day")
    assert calendar.opens(at(zone, 2026, 11, 27, 17, 30)) == at(zone, 2026, 11, 30, 9)
    assert calendar.opens(at(zone, 2026, 11, 27, 10)) == at(zone, 2026, 11, 27, 10)


def test_a_holiday_is_named_in_the_language_asked_for() -> None:
    feast = at("Africa/Casablanca", 2026, 7, 30, 12)
    assert [of("MA", "Africa/Casablanca").state(feast, each).name for each in ("en", "fr", "ar")] == [
        "Throne Day",
        "Fête du Trône",
        "عيد العرش",
    ]


def test_ramadan_shortens_the_day() -> None:
    calendar, zone = of("MA", "Africa/Casablanca"), "Africa/Casablanca"
    assert calendar.state(at(zone, 2026, 3, 2, 14, 30)).kind == "working"
    assert calendar.state(at(zone, 2026, 3, 2, 15)).kind == "closed"
    assert calendar.state(at(zone, 2026, 4, 2, 15)).kind == "working"
    # Six hours a day from Monday: eight hours are over on Tuesday at eleven.
    assert calendar.after(at(zone, 2026, 3, 2, 9), 8 * H) == at(zone, 2026, 3, 3, 11)
    # Exactly one day's work is over when the office closes, not when it opens again.
    assert calendar.after(at(zone, 2026, 3, 2, 9), 6 * H) == at(zone, 2026, 3, 2, 15)


@pytest.mark.parametrize(("country", "zone"), [("LY", "Africa/Tripoli"), ("PS", "Asia/Hebron"), ("EG", "Africa/Cairo")])
def test_friday_and_saturday_are_no_working_days(country, zone) -> None:
    states = [of(country, zone).state(at(zone, 2026, 11, day, 10)).kind for day in (26, 27, 28, 29)]
    assert states == ["working", "weekend", "weekend", "working"]


def test_a_week_that_changed_is_read_as_it_was() -> None:
    zone = "Asia/Dubai"
    assert of("AE", zone).state(at(zone, 2021, 6, 4, 10)).kind == "weekend"
    assert of("AE", zone).state(at(zone, 2022, 6, 3, 10)).kind == "working"
    assert of("AE", zone).state(at(zone, 2022, 6, 3, 13)).kind == "closed"


def test_an_instance_knows_better(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """
[[rule]]
countries = ["MA"]
on = 2026-03-20
working = true
[[rule]]
countries = ["MA"]
on = 2026-03-23
holiday = {en = "Eid al-Fitr", ar = "عيد الفطر"}
[[rule]]
countries = ["MA"]
first_day = 2026-11-01
last_day = 2026-11-30
hours = ["10:00-11:00", "14:00-15:00"]
""",
        encoding="utf-8",
    )
    calendar, zone = Calendars(gateways.read_rules(CALENDARS, own)).of("MA", "Africa/Casablanca"), "Africa/Casablanca"
    assert of("MA", zone).state(at(zone, 2026, 3, 20, 10)).kind == "holiday"
    assert calendar.state(at(zone, 2026, 3, 20, 10)).kind == "working"
    moved = calendar.state(at(zone, 2026, 3, 23, 10), "ar")
    assert (moved.kind, moved.name) == ("holiday", "عيد الفطر")
    assert calendar.elapsed(at(zone, 2026, 11, 25), at(zone, 2026, 11, 26)) == 2 * H
    assert calendar.state(at(zone, 2026, 12, 1, 12)).kind == "working"


@pytest.mark.parametrize("wrong", ['country = ["MA"]', 'countries = ["QQ"]', 'hours = ["17:00-09:00"]', 'days = ["Fri"]'])
def test_a_file_that_cannot_be_read_is_refused(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(f"[[rule]]\n{wrong}\n")
    with pytest.raises(ValidationError):
        gateways.read_rules(tmp_path / "own.toml")


def test_hours_are_real_time_when_the_clocks_change() -> None:
    night = Calendar("NL", "Europe/Amsterdam", [Rule(days=frozenset({"sunday"}), working=True, hours=(span("00:00-06:00"),))])
    zone = "Europe/Amsterdam"
    assert night.elapsed(at(zone, 2026, 3, 29), at(zone, 2026, 3, 29, 12)) == 5 * H
    assert night.elapsed(at(zone, 2026, 10, 25), at(zone, 2026, 10, 25, 12)) == 7 * H


def test_a_midnight_that_the_clocks_leave_out() -> None:
    # Cairo puts its clocks on at midnight: 24 April 2026 begins at one.
    zone, always = "Africa/Cairo", SHIPPED.of("EG", "Africa/Cairo", duty="24x7")
    assert always.elapsed(at(zone, 2026, 4, 23), at(zone, 2026, 4, 25)) == 47 * H
    assert always.state(at(zone, 2026, 4, 24, 1)).kind == "working"


def test_a_day_that_never_was() -> None:
    # Samoa went over the date line: there was no 30 December 2011.
    zone, all_day = "Pacific/Apia", Calendar("WS", "Pacific/Apia", [Rule(working=True, hours=(span("09:00-17:00"),))])
    assert all_day.elapsed(at(zone, 2011, 12, 29), at(zone, 2012, 1, 1)) == 16 * H


def test_round_the_clock_is_always() -> None:
    always = SHIPPED.of("MA", "Africa/Casablanca", duty="24x7")
    feast = at("Africa/Casablanca", 2026, 7, 30, 3)
    assert always.state(feast).kind == "working"
    assert always.opens(feast) == feast


def test_a_country_nobody_knows_has_a_week_and_says_so() -> None:
    nowhere = of(None, "UTC")
    assert not nowhere.complete
    assert nowhere.state(at("UTC", 2026, 12, 25, 12)).kind == "working"
    assert nowhere.state(at("UTC", 2026, 12, 26, 12)).kind == "weekend"


def test_what_never_opens_is_told() -> None:
    never = Calendar("NL", "UTC", [Rule(hours=())])
    assert never.opens(at("UTC", 2026, 1, 1)) is None
    with pytest.raises(Invalid, match="never"):
        never.after(at("UTC", 2026, 1, 1), H)


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(Invalid):
        of("NL", "UTC").state(datetime(2026, 1, 1))
    with pytest.raises(Invalid):
        of("NL", "UTC").elapsed(at("UTC", 2026, 1, 2), at("UTC", 2026, 1, 1))


places = st.sampled_from(PLACES)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
works = st.timedeltas(timedelta(), timedelta(hours=200))


@given(places, moments, works)
def test_what_is_added_has_elapsed(place, start, working) -> None:
    calendar = of(*place)
    assert calendar.elapsed(start, calendar.after(start, working)) == working


@given(places, moments, works, works)
def test_waiting_twice_is_waiting_for_both(place, start, first, second) -> None:
    calendar = of(*place)
    assert calendar.after(calendar.after(start, first), second) == calendar.after(start, first + second)


@given(places, moments, st.timedeltas(timedelta(), timedelta(days=40)), st.timedeltas(timedelta(), timedelta(days=40)))
def test_elapsed_time_adds_up_and_is_never_more_than_real_time(place, start, one, two) -> None:
    calendar, middle, end = of(*place), start + one, start + one + two
    assert calendar.elapsed(start, middle) + calendar.elapsed(middle, end) == calendar.elapsed(start, end)
    assert timedelta() <= calendar.elapsed(start, end) <= end - start


@given(places, moments)
def test_time_passes_exactly_where_it_works(place, moment) -> None:
    calendar, tick = of(*place), timedelta(microseconds=1)
    assert (calendar.elapsed(moment, moment + tick) == tick) == (calendar.state(moment).kind == "working")
    opens = calendar.opens(moment)
    assert opens is not None
    assert calendar.state(opens).kind == "working"
    assert calendar.elapsed(moment, opens) == timedelta()


@given(places, moments, works)
def test_round_the_clock_every_moment_counts(place, start, long) -> None:
    always = of(*place, duty="24x7")
    assert always.elapsed(start, start + long) == long
    assert always.after(start, long) == start + long


def test_days_are_those_of_the_clock_there() -> None:
    # Saturday in Auckland begins on Friday in UTC.
    calendar = of("NZ", "Pacific/Auckland")
    assert calendar.state(datetime(2026, 11, 27, 12, tzinfo=UTC)).kind == "weekend"
    assert date(2026, 11, 28).strftime("%A") == "Saturday"
