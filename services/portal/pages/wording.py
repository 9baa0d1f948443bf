"""Words and formats of one language: gettext catalogues compiled in memory, and what CLDR knows of numbers, dates and names."""

import gettext
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category, normalize
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers, units

from services.portal import domain
from services.portal.pages import terms
from shared.codes import LISTS
from shared.words import translations

LOCALE = Path(__file__).parent.parent / "locale"
GLANCE = 12
"""So many choices are found without an order."""
REGION = {"en": "en_GB", "fr": "fr_FR", "ar": "ar"}


def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of a language; English is the language of the source."""
    return translations(LOCALE / language / "LC_MESSAGES" / "portal.po", language)


@dataclass(frozen=True, slots=True)
class Designation:
    """How a territory's name is written, and the footnote that goes with it."""

    name: dict[str, str]
    mark: str
    note: dict[str, str]


@cache
def designations(path: Path) -> dict[str, Designation]:
    """By country code and by partner reference."""
    found: dict[str, Designation] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["designation"]:
        entry = Designation(row["name"], row["mark"], row["note"])
        found |= dict.fromkeys([row["country"], *row["references"]], entry)
    return found


@cache
def tender() -> frozenset[str]:
    """The currencies (ISO 4217) that are legal tender somewhere today."""
    territories = (str(code) for code in Locale("en").territories)
    return frozenset(code for territory in territories for code in numbers.get_territory_currencies(territory))


class Wording:
    """Everything a page needs to speak one language."""

    def __init__(self, language: str, zone: str, designated: Path) -> None:
        self.language = language
        self.direction = "rtl" if language in domain.RTL else "ltr"
        self.colon = "\u202f:" if language == "fr" else ":"
        self.translations = catalogue(language)
        self.locale = Locale.parse(REGION[language])
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._designations = designations(designated)

    def say(self, message: str, **values: object) -> str:
        """A message, with its named values."""
        return self.translations.gettext(message) % values if values else self.translations.gettext(message)

    def term(self, family: str, code: object) -> str:
        """A code in words; one that nobody has named yet shows as it is, readable."""
        known = terms.TERMS[family].get(str(code))
        return self.say(known) if known else str(code).replace("_", " ")

    def terms(self, family: str, codes: Iterable[object]) -> str:
        """Several codes in words, as one list."""
        return self.several([self.term(family, code) for code in codes])

    def reason(self, field: str, reason: str) -> str:
        """Why a field's value cannot be taken: the common reasons in words, a rare one as the owner says it."""
        known = terms.REASONS.get(reason, terms.WRONG.get(field))
        return self.say(known) if known else reason

    def told(self, fault: str) -> str:
        """What came out of work that was done beside the requests, in words; what nobody translated yet as its owner says it."""
        for pattern, words in terms.FAULTS:
            if found := pattern.fullmatch(fault):
                return self.say(words, **found.groupdict())
        return fault

    def why_not(self, reason: object) -> str:
        """Why a figure has no value, in words."""
        known = terms.NO_VALUE.get(str(reason))
        return self.say(known) if known else str(reason or "")

    def number(self, value: Any) -> str:
        """A number, at most two decimals."""
        return numbers.format_decimal(value, format="#,##0.##", locale=self.locale)

    def decimal(self, value: object) -> Decimal:
        """A decimal string of the APIs as a number."""
        return domain.decimal(value) or Decimal(0)

    def percent(self, value: Decimal | float) -> str:
        """A share between 0 and 1, at most one decimal."""
        return numbers.format_percent(value, format="#,##0.#\u202f%" if self.language == "fr" else "#,##0.#%", locale=self.locale)

    def money(self, cost: domain.Json) -> str:
        """An amount that is given in the smallest unit of its currency, with as many decimals as its owner says."""
        decimals = f".{'0' * cost['exponent']}".rstrip(".")
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", decimals)
        return numbers.format_currency(domain.in_units(cost), cost["currency"], pattern, self.locale, currency_digits=False)

    def currencies(self) -> list[tuple[str, str]]:
        """Every currency that is legal tender somewhere, in the order of the language."""
        return self.sorted((code, f"{numbers.get_currency_name(code, locale=self.locale)} ({code})") for code in tender())

    def size(self, count: int) -> str:
        """A number of bytes, in the largest unit of which there is one."""
        if count < 1024 * 1024:
            return self.say("%(count)s KiB", count=self.number(count / 1024))
        return self.say("%(count)s MiB", count=self.number(count / 1024 / 1024))

    def hours(self, value: Decimal) -> str:
        """A duration in hours, at most one decimal."""
        return units.format_unit(value, "duration-hour", format="#,##0.#", locale=self.locale)

    def minutes(self, value: object) -> str:
        """A duration in whole minutes."""
        return units.format_unit(self.decimal(value), "duration-minute", format="#,##0", locale=self.locale)

    def balance(self, value: Decimal) -> str:
        """A number with its sign, unless it is even."""
        return numbers.format_decimal(value, format="+#,##0;-#,##0" if value else "0", locale=self.locale)

    def growth(self, value: Decimal) -> str:
        """Growth in whole percent, half to even, with its sign: rounded here and nowhere before (iEJ4)."""
        pattern = "+#,##0\u202f%;-#,##0\u202f%" if self.language == "fr" else "+#,##0%;-#,##0%"
        whole = (value / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        return numbers.format_percent(whole, format=pattern, locale=self.locale)

    def day(self, value: object) -> str:
        """A date; nothing readable gives an empty text."""
        found = value if isinstance(value, date) else domain.moment(value)
        return dates.format_date(found, format="d MMM y", locale=self.locale) if found else ""

    def month(self, value: object) -> str:
        """A month and its year, from `2024-03`."""
        found = domain.moment(f"{value}-01")
        return dates.format_date(found, format="LLLL y", locale=self.locale) if found else str(value)

    def clock(self, value: object) -> str:
        """A date and a time of day in 24 hours, with its zone."""
        found = value if isinstance(value, datetime) else domain.moment(value)
        if found is None:
            return ""
        there = found.astimezone(self._zone)
        return f"{self.day(there)} {there:%H:%M} {there.tzname()}"

    def clock_in(self, value: object, zone: str) -> str:
        """A date and a time of day on another clock, with its place."""
        there = domain.clock_of(value, zone)
        return f"{self.day(there)} {there:%H:%M} ({zone})" if there else ""

    def hour(self, value: datetime) -> str:
        """A time of day, with its zone."""
        there = value.astimezone(self._zone)
        return f"{there:%H:%M} {there.tzname()}"

    def span(self, seconds: float) -> str:
        """A duration in words."""
        amount, unit = domain.span(seconds)
        return dates.format_timedelta(timedelta(**{f"{unit}s": amount}), granularity=unit, threshold=1000, locale=self.locale)

    def country(self, code: object) -> str:
        """A country's name as this instance words it, with the mark of its footnote."""
        special = self._designations.get(str(code))
        if special:
            return f"{special.name[self.language]}{special.mark}"
        return str(self.locale.territories.get(str(code), code))

    def places(self, codes: Iterable[object]) -> str:
        """Several countries, as one list in the order of the language."""
        return self.several(sorted(map(self.country, codes), key=self.order))

    def years(self) -> range:
        """The years a period is likely to be asked for, the latest first."""
        this = datetime.now(self._zone).year
        return range(this, this - 8, -1)

    def countries(self) -> list[tuple[str, str]]:
        """Every country that the services take, by code and name, in the order of the language."""
        return self.sorted((code, self.country(code)) for code in LISTS["country"].codes)

    def choices(self, family: str, codes: Iterable[str]) -> list[tuple[str, str]]:
        """Codes with their words: as they are given where they can be seen at a glance, else in the order of the language."""
        found = [(code, self.term(family, code)) for code in codes]
        return found if len(found) <= GLANCE else self.sorted(found)

    def sorted(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """(code, words) in the order of the language."""
        return sorted(pairs, key=lambda pair: self.order(pair[1]))

    def midnight(self, day: object, *, following: bool = False) -> datetime | None:
        """When a day begins, or the one that follows it, on the reader's clock; nothing for what is no day."""
        try:
            found = date.fromisoformat(str(day)) + timedelta(days=following)
        except (ValueError, OverflowError):
            return None
        return datetime.combine(found, time(), self._zone)

    def partner(self, partner: domain.Json) -> str:
        """A partner's name: a country's by CLDR, another's in the page's language, else in the one it has."""
        special = self._designations.get(str(partner.get("reference"))) or self._designations.get(str(partner.get("country")))
        if special:
            return f"{special.name[self.language]}{special.mark}"
        if partner.get("country") in self.locale.territories:
            return self.country(partner["country"])
        return self.text(partner.get("name"))

    def text(self, given: object) -> str:
        """A map language -> text in the page's language, else English, else whatever there is."""
        if not isinstance(given, dict):
            return str(given or "")
        return str(given.get(self.language) or given.get("en") or next(iter(given.values()), ""))

    def addressee(self, who: domain.Json) -> str:
        """Who is asked, in words: by the name of the office, else by who is posted there, else by what they are."""
        named, posting = self.text(who["name"]), who.get("posting")
        if named or not posting:
            return named or self.term("addressee_kind", who["kind"])
        sender = self.country(posting["country"]) if posting["country"] else posting["organisation"]
        return f"{self.term('liaison_kind', posting['kind'])}{self.colon} {sender}"

    def spoken(self, given: object) -> str | None:
        """The language of a text shown for want of a translation; nothing when it is the page's own."""
        if not isinstance(given, dict) or not given or self.language in given:
            return None
        return "en" if "en" in given else str(next(iter(given)))

    def notes(self, shown: Iterable[object]) -> list[tuple[str, str]]:
        """Footnotes (mark, text) of the codes and references shown on a page."""
        met = {self._designations[str(key)].mark: self._designations[str(key)] for key in shown if str(key) in self._designations}
        return [(mark, met[mark].note[self.language]) for mark in sorted(met)]

    def tongue(self, code: object) -> str:
        """A language's name."""
        return str(self.locale.languages.get(str(code), code))

    def tongues(self, codes: Iterable[object]) -> str:
        """Several languages, as one list."""
        return self.several([self.tongue(code) for code in codes])

    def pair(self, pair: domain.Json) -> str:
        """From which language into which, perhaps by way of a third."""
        ends = {name: self.tongue(pair[name]) for name in ("source", "target")}
        if not pair["relay"]:
            return self.say("%(source)s into %(target)s", **ends)
        return self.say("%(source)s into %(target)s by way of %(relay)s", **ends, relay=self.tongue(pair["relay"]))

    def rhythm(self, duration: str) -> str:
        """How often, from one ISO 8601 unit: P3M is three months."""
        amount, unit = int(duration[1:-1]), {"D": "day", "W": "week", "M": "month", "Y": "year"}[duration[-1]]
        return units.format_unit(amount, f"duration-{unit}", locale=self.locale)

    def several(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        return lists.format_list(list(items), locale=self.locale)

    def order(self, name: str) -> str:
        """A key that sorts É with E."""
        return "".join(sign for sign in normalize("NFKD", name.casefold()) if category(sign) != "Mn")
