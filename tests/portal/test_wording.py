"""Words and formats of each language, and that every code an owner may send has its words."""

import inspect
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.portal.domain import LANGUAGES
from services.portal.pages.agreement_forms import AGREED
from services.portal.pages.figures import BY_PARTICIPANT
from services.portal.pages.terms import NO_VALUE, TERMS
from services.portal.pages.wording import Wording
from services.portal.settings import HERE
from services.reporting.views import covered, figures, indicators, question
from shared.auth import ROLES
from shared.codes import LISTS

DESIGNATIONS = HERE / "designations.toml"


@pytest.fixture(params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    return Wording(request.param, "UTC", DESIGNATIONS)


def speaking(language: str, zone: str = "UTC") -> Wording:
    return Wording(language, zone, DESIGNATIONS)


@pytest.mark.parametrize("family", sorted(set(TERMS) & set(LISTS)))
def test_every_code_of_a_list_has_its_words(family: str) -> None:
    assert set(TERMS[family]) == set(LISTS[family].codes)


def test_every_role_and_every_indicator_has_its_words() -> None:
    assert list(TERMS["role"]) == ROLES
    assert set(TERMS["indicator"]) == set(TERMS["about"]) == set(indicators.ALL)


def test_every_reason_without_a_figure_that_a_page_can_meet_has_its_words() -> None:
    source = "".join(inspect.getsource(module) for module in (covered, figures, question))
    for reason in (*NO_VALUE, BY_PARTICIPANT):
        assert f'"{reason}"' in source, f"reporting no longer says {reason!r}"


def test_a_code_that_nobody_has_named_is_shown_readable(wording: Wording) -> None:
    assert wording.term("instrument_state", "brand_new") == "brand new"


def test_no_country_is_offered_that_no_service_takes_and_each_has_a_name(wording: Wording) -> None:
    offered = dict(wording.countries())
    assert offered.keys() == LISTS["country"].codes.keys()
    assert not [code for code, name in offered.items() if name == code]


def test_arabic_has_six_plurals() -> None:
    say = speaking("ar").translations.ngettext
    forms = {n: say("%(shown)s country shown", "%(shown)s countries shown", n) % {"shown": n} for n in (0, 1, 2, 3, 11, 99, 100, 101, 103)}
    assert forms[0] == "لا بلد معروض"
    assert forms[1] == "بلد واحد معروض"
    assert forms[2] == "بلدان معروضان"
    assert [forms[n] for n in (3, 103)] == ["3 بلدان معروضة", "103 بلدان معروضة"]
    assert [forms[n] for n in (11, 99)] == ["11 بلدًا معروضًا", "99 بلدًا معروضًا"]
    assert [forms[n] for n in (100, 101)] == ["100 بلد معروض", "101 بلد معروض"]


@pytest.mark.parametrize(
    ("language", "number", "percent", "day", "clock"),
    [
        ("en", "1,234.5", "33.3%", "1 Mar 2024", "25 Nov 2026 08:05 EET"),
        ("fr", "1\u202f234,5", "33,3\u202f%", "1 mars 2024", "25 nov. 2026 08:05 EET"),
        ("ar", "1,234.5", "33.3%", "1 مارس 2024", "25 نوفمبر 2026 08:05 EET"),
    ],
)
def test_numbers_and_times_are_written_as_the_language_does(language: str, number: str, percent: str, day: str, clock: str) -> None:
    wording = speaking(language, "Europe/Kyiv")
    assert wording.number(Decimal("1234.50")) == number
    assert wording.percent(Decimal(1) / 3).replace("\u200e", "") == percent
    assert wording.day("2024-03-01") == day
    assert wording.clock(datetime(2026, 11, 25, 6, 5, tzinfo=UTC)) == clock, "in 24 hours, with its zone"
    assert wording.day("soon") == wording.clock(None) == ""


def test_a_territory_is_called_as_this_instance_words_it(wording: Wording) -> None:
    assert wording.country("XK").endswith("*")
    assert wording.partner({"reference": "kosovo", "country": None, "name": {"en": "?"}}) == wording.country("XK")
    assert [mark for mark, _ in wording.notes(["XK", "AL", "PS", None])] == ["*", "**"]
    assert wording.notes(["AL"]) == []


def test_a_country_is_named_in_the_language_and_another_partner_by_its_owner() -> None:
    arabic = speaking("ar")
    assert arabic.partner({"reference": "albania", "country": "AL", "name": {"en": "Albania"}}) == "ألبانيا"
    assert arabic.partner({"reference": "icc", "country": None, "name": {"en": "ICC", "ar": "المحكمة"}}) == "المحكمة"
    assert arabic.text({"fr": "Cour"}) == "Cour"
    assert [arabic.spoken(name) for name in ({"en": "a", "fr": "b"}, {"fr": "b"}, {"ar": "c"}, {}, None)] == ["en", "fr", None, None, None]


@pytest.mark.parametrize(
    ("language", "euros", "yens", "dinars"),
    [
        ("en", "€840.50", "JP¥1,200", "TND1.250"),
        ("fr", "840,50\xa0€", "1\u202f200\xa0JPY", "1,250\xa0TND"),
        ("ar", "840.50\xa0€", "1,200\xa0JP¥", "1.250\xa0د.ت."),
    ],
)
def test_money_has_the_decimals_that_its_owner_says(language: str, euros: str, yens: str, dinars: str) -> None:
    paid = (("EUR", 84050, 2), ("JPY", 1200, 0), ("TND", 1250, 3))
    shown = [speaking(language).money({"currency": code, "amount_minor": minor, "exponent": exponent}) for code, minor, exponent in paid]
    assert [each.replace("\u200f", "") for each in shown] == [euros, yens, dinars]
    codes = [code for code, _ in speaking(language).currencies()]
    assert {"EUR", "ALL", "MKD", "TND"} < set(codes)
    assert not {"DEM", "XXX"} & set(codes)


@pytest.mark.parametrize(
    ("text", "currency", "cost"),
    [
        ("840", "EUR", {"amount_minor": 84000, "currency": "EUR", "exponent": 2}),
        ("840,5", "EUR", {"amount_minor": 84050, "currency": "EUR", "exponent": 2}),
        ("٨٤٠", "EUR", {"amount_minor": 84000, "currency": "EUR", "exponent": 2}),
        ("1200", "JPY", {"amount_minor": 1200, "currency": "JPY", "exponent": 0}),
        ("1.25", "TND", {"amount_minor": 1250, "currency": "TND", "exponent": 3}),
        ("1200.5", "JPY", "is no amount of this currency"),
        ("1,234.50", "EUR", "is no amount of this currency"),
        ("-3", "EUR", "is no amount of this currency"),
        ("840", "", "has no currency"),
    ],
)
def test_an_amount_in_whole_units_is_sent_in_the_smallest(text: str, currency: str, cost: Any) -> None:
    field = next(each for each in AGREED["confirm-support"].fields if each.name == "cost")
    assert field.reads is not None
    if isinstance(cost, str):
        with pytest.raises(ValueError, match=cost):
            field.reads(text, {"currency": currency})
    else:
        assert field.reads(text, {"currency": currency}) == cost


def test_accents_and_marks_change_no_order() -> None:
    names = ["Zambie", "Égypte", "Espagne", "Albanie"]
    assert sorted(names, key=speaking("fr").order) == ["Albanie", "Égypte", "Espagne", "Zambie"]


@pytest.mark.parametrize(("language", "said"), [("en", "Database, Broker and Reading"), ("fr", "Base de données, Messagerie et Lecture")])
def test_several_are_one_list(language: str, said: str) -> None:
    assert speaking(language).terms("check", ["database", "broker", "consumer"]) == said
