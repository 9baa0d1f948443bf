"""The portal's own rules, pure: where a sign-in may return to, how lag and freshness are named."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}
"""What the pages speak, each named in itself."""
RTL = frozenset({"ar"})
ENDS_SOON_S = 15 * 60
"""From here on every page says that the session ends; WCAG 2.2.1 asks for a warning early enough to act."""
STATUSES = ("agreement", "mandate", "proposed", "working_arrangement", "none")
CATEGORIES = ("contact_duty", "participant", "case_related")
"""Categories of data the exchange question knows (events.md 6.2)."""

Json = Mapping[str, Any]
Unit = Literal["second", "minute", "hour", "day"]


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; lives in the portal's database, never in the browser."""

    name: str
    roles: tuple[str, ...]
    countries: tuple[str, ...]
    access_token: str
    id_token: str
    ends_at: datetime
    zone: str | None = None
    """The IANA zone of this person's clock, where the issuer tells it (claim `zoneinfo`)."""

    def as_json(self) -> dict[str, object]:
        """What is sealed into the row."""
        return {
            "name": self.name,
            "roles": list(self.roles),
            "countries": list(self.countries),
            "access_token": self.access_token,
            "id_token": self.id_token,
            "ends_at": self.ends_at.isoformat(),
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, content: Json) -> "Session":
        """Back from the row."""
        return cls(
            str(content["name"]),
            tuple(content["roles"]),
            tuple(content["countries"]),
            str(content["access_token"]),
            str(content["id_token"]),
            datetime.fromisoformat(str(content["ends_at"])),
            content.get("zone"),
        )

    def ends_soon(self, now: datetime) -> bool:
        """Is it time to say so?"""
        return (self.ends_at - now).total_seconds() < ENDS_SOON_S


def form_token(secret: str, cookie: str) -> str:
    """What a form of this session must carry: another site can neither read nor guess it."""
    return hmac.new(secret.encode(), b"form|" + cookie.encode(), hashlib.sha256).hexdigest()


def safe_return(target: str | None) -> str | None:
    """A path of our own pages to go back to after signing in; anything that could lead elsewhere is nothing."""
    if not target or len(target) > 2000 or "\\" in target or any(ord(sign) < 32 for sign in target):
        return None
    language, _, rest = target.removeprefix("/").partition("/")
    return target if target.startswith("/") and language in LANGUAGES and not rest.startswith(("/", "sign-")) else None


def query_of(filters: Mapping[str, str | None], **change: str | None) -> str:
    """`?…` of the filters that are set, with some changed; empty without any."""
    kept = {name: value for name, value in {**filters, **change}.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the query that removes it."""

    name: str
    value: str
    without: str


def chips(filters: Mapping[str, str | None]) -> list[Chip]:
    """One chip per filter that is set; a cursor never survives a change of filters."""
    return [Chip(name, value, query_of(filters, **{name: None})) for name, value in filters.items() if value]


def span(seconds: float) -> tuple[int, Unit]:
    """A duration in the largest unit that keeps it at 1 or more."""
    whole = max(0, round(seconds))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if whole >= size:
            return whole // size, unit  # type: ignore[return-value]
    return whole, "second"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How a contact point stands with its verification; `days` until the due date, negative once it has passed."""

    kind: Literal["verified", "due", "overdue", "lapsed", "suspended", "erased", "never", "ended"]
    days: int | None = None


def freshness(point: Json, today: date) -> Freshness:
    """Verified, due or lapsed: from the state and the dates its owner gives."""
    state, due = str(point.get("state") or ""), moment(point.get("due"))
    days = (due.date() - today).days if due else None
    if point.get("person") == "erased" and state not in {"ended", "retracted"}:
        return Freshness("erased", days)
    if state in {"ended", "lapsed", "suspended"}:
        return Freshness(cast('Literal["ended", "lapsed", "suspended"]', state), days)
    if days is not None and days < 0:
        return Freshness("overdue", days)
    if state == "verification_due":
        return Freshness("due", days)
    return Freshness("verified" if point.get("verified_at") else "never", days)


def moment(value: object) -> datetime | None:
    """A time or date as the APIs write them; a date is its midnight, UTC."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def clock_time(text: str, zone: str) -> datetime:
    """The moment at which clocks of a zone show this, the first where they show it twice; raises `ValueError` where they never do."""
    there, shown = ZoneInfo(zone), datetime.fromisoformat(text)
    if shown.tzinfo:
        return shown
    found = shown.replace(tzinfo=there)
    if found.astimezone(UTC).astimezone(there).replace(tzinfo=None) != shown:
        raise ValueError("no clock shows this time")
    return found.astimezone(UTC)


def clock_of(value: object, zone: str) -> datetime | None:
    """What clocks of a zone show at a moment."""
    found = moment(value) if not isinstance(value, datetime) else value
    return found.astimezone(ZoneInfo(zone)) if found else None


@dataclass(frozen=True, slots=True)
class Turn:
    """Which country acts next upon an enquiry, what it does, and when the time for that ends or ended."""

    country: str
    act: Literal["send", "acknowledge", "pass_on", "answer", "close", "decide"]
    until: str | None = None


def turn(enquiry: Json) -> Turn | None:
    """Whose turn it is (P1 steps 4 to 6): nothing is forced, so that a step nobody took in time is the asking country's to propose."""
    asks, asked = str(enquiry["country"]), str(enquiry["to_country"])
    match enquiry["state"]:
        case "opened":
            return Turn(asks, "send")
        case "routed" | "escalated":
            until = enquiry["acknowledge_by"]
            return Turn(asks, "pass_on", until) if enquiry["overdue"] else Turn(asked, "acknowledge", until)
        case "acknowledged":
            return Turn(asked, "answer")
        case "answered":
            return Turn(asks, "close")
        case "refused":
            return Turn(asks, "decide")
        case _:
            return None


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country in the Atlas, with what can be found there."""

    code: str
    authorities: int
    contact_points: int | None
    lapsed: int | None
    status: str | None
    personal_data: str | None


def country_rows(directory: Iterable[Json], partners: Iterable[Json]) -> list[CountryRow]:
    """Every country that the directory or the partners know, in the order of their codes."""
    held = {str(row["country"]): row for row in directory}
    standing = {str(partner["country"]): partner for partner in partners if partner.get("country")}
    return [
        CountryRow(
            code,
            *(held.get(code, {}).get(name, 0) for name in ("authorities", "contact_points", "lapsed")),
            *(standing.get(code, {}).get(name) for name in ("status", "personal_data")),
        )
        for code in sorted({*held, *standing})
    ]


ALLOWANCES = ("basis", "under_way", "arrangement", "none")
"""What a country's legal status allows, the most first; the colours of the map."""


def allowance(row: CountryRow) -> str:
    """Only a legal basis in force opens the way for personal data: an agreement without one does not, a working arrangement never."""
    if row.personal_data == "yes":
        return "basis"
    if row.status == "working_arrangement":
        return "arrangement"
    return "under_way" if row.status in {"agreement", "mandate", "proposed"} else "none"


def newest_standing(history: Sequence[Json]) -> str | None:
    """The newest step that was not taken back and takes none back itself: what a retraction names."""
    return next((step["event_id"] for step in reversed(history) if not step["retracted_at"] and not step["corrects"]), None)


def year_before(period: str | None) -> str | None:
    """The same year, month or day one year earlier; nothing for another period, or where there is no such day."""
    parts = (period or "").split("-")
    if "/" in (period or "") or not all(part.isascii() and part.isdigit() for part in parts) or parts[1:] == ["02", "29"]:
        return None
    return "-".join([f"{int(parts[0]) - 1:04}", *parts[1:]]) if int(parts[0]) > 1 else None


def decimal(value: object) -> Decimal | None:
    """A decimal string of the APIs as a number."""
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def in_units(cost: Json) -> Decimal:
    """An amount in whole units of its currency, given in the smallest."""
    return Decimal(cost["amount_minor"]).scaleb(-cost["exponent"])


def share(part: object, whole: object) -> Decimal | None:
    """Part of a whole between 0 and 1, for a bar; nothing where that has no meaning."""
    top, base = decimal(part), decimal(whole)
    return None if top is None or not base or base < 0 else min(Decimal(1), max(Decimal(0), top / base))
