"""The portal's own rules: where one may return to, what a cell may hold, how time and freshness are named."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.portal.domain import (
    Freshness,
    Session,
    chips,
    clock_of,
    clock_time,
    country_rows,
    form_token,
    freshness,
    moment,
    query_of,
    safe_return,
    share,
    span,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("target", ["/en/results", "/ar/partners?q=a&kind=country", "/fr", "/en/facts/1?from=iP1"])
def test_one_returns_to_our_own_pages(target: str) -> None:
    assert safe_return(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://elsewhere.example/en/results",
        "//elsewhere.example/en",
        "/\\elsewhere.example",
        "/en//elsewhere.example",
        "/en/sign-in",
        "/de/results",
        "/static/x",
        "en/results",
        "/en/\nresults",
        "/en/" + "x" * 2000,
    ],
)
def test_one_never_returns_anywhere_else(target: str | None) -> None:
    assert safe_return(target) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, (0, "second")),
        (-3, (0, "second")),
        (59.4, (59, "second")),
        (60, (1, "minute")),
        (3599, (59, "minute")),
        (7200, (2, "hour")),
        (86400 * 3, (3, "day")),
    ],
)
def test_a_duration_is_told_in_its_largest_unit(seconds: float, words: tuple[int, str]) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ({"state": "designated"}, Freshness("never")),
        ({"state": "verified", "verified_at": "2026-11-01T00:00:00Z", "due": "2027-04-30"}, Freshness("verified", 156)),
        ({"state": "verification_due", "due": "2026-11-27"}, Freshness("due", 2)),
        ({"state": "verification_due", "due": "2026-11-24"}, Freshness("overdue", -1)),
        ({"state": "lapsed", "due": "2026-10-01"}, Freshness("lapsed", -55)),
        ({"state": "ended"}, Freshness("ended")),
        ({"state": "suspended", "person": "erased"}, Freshness("erased")),
        ({"state": "ended", "person": "erased"}, Freshness("ended")),
    ],
)
def test_a_contact_point_is_as_fresh_as_its_dates_say(point: dict[str, str], expected: Freshness) -> None:
    assert freshness(point, TODAY) == expected


def test_a_country_is_in_the_atlas_when_anybody_knows_it() -> None:
    rows = country_rows(
        [{"country": "AL", "authorities": 2, "contact_points": 2, "lapsed": 1}],
        [{"country": "TN", "status": "mandate", "personal_data": "case_by_case"}, {"country": None, "status": "none"}],
    )
    assert [(row.code, row.authorities, row.contact_points, row.lapsed, row.status) for row in rows] == [
        ("AL", 2, 2, 1, None),
        ("TN", 0, 0, 0, "mandate"),
    ]


def test_a_chip_takes_off_its_own_filter_only() -> None:
    filters = {"q": "a b", "kind": None, "status": "none"}
    assert query_of(filters) == "?q=a+b&status=none"
    assert [(chip.name, chip.without) for chip in chips(filters)] == [("q", "?status=none"), ("status", "?q=a+b")]
    assert query_of({}) == ""


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("1", "4", Decimal("0.25")), ("5", "4", Decimal(1)), ("1", "0", None), (None, "4", None), ("x", "4", None), ("1", None, None)],
)
def test_a_share_is_between_nothing_and_all_or_is_not_there(part: object, whole: object, expected: Decimal | None) -> None:
    assert share(part, whole) == expected


def test_a_form_belongs_to_one_session() -> None:
    assert form_token("secret", "one") == form_token("secret", "one")
    assert len({form_token("secret", "one"), form_token("secret", "two"), form_token("other", "one")}) == 3


def test_a_session_survives_its_row_and_says_when_it_ends_soon() -> None:
    ends = datetime(2026, 11, 25, 12, tzinfo=UTC)
    session = Session("Nora", ("coordinator",), ("*",), "access", "identity", ends)
    assert Session.from_json(session.as_json()) == session
    assert not session.ends_soon(ends - timedelta(minutes=16))
    assert session.ends_soon(ends - timedelta(minutes=14))


def test_a_time_without_zone_is_utc_and_nonsense_is_none() -> None:
    assert moment("2026-11-25") == datetime(2026, 11, 25, tzinfo=UTC)
    assert moment("2026-11-25T08:00:00+02:00") == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert moment("soon") is None
    assert moment(None) is None


def test_a_clock_time_is_the_moment_its_zone_makes_of_it() -> None:
    assert clock_time("2026-07-01T10:00", "Europe/Amsterdam") == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert clock_time("2026-10-25T02:30", "Europe/Amsterdam") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of two"
    with pytest.raises(ValueError, match="no clock shows this time"):
        clock_time("2026-03-29T02:30", "Europe/Amsterdam")
    shown = clock_of("2026-03-01T11:00:00Z", "Africa/Casablanca")
    assert shown is not None
    assert f"{shown:%H:%M}" == "11:00", "Ramadan: an hour less than the rest of the year"
