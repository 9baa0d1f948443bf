"""Lists that are imported: which columns there are and what they are called, and the steps an import takes (XC-11)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from services.contacts.domain.history import require
from services.contacts.domain.person import Details
from shared.errors import Conflict
from shared.events.contacts import ImportCompleted

Kind = Literal["authorities", "contact_points"]
MOST_ROWS = 250_000
"""Rows a list may have: more is several lists."""
LANGUAGES = ("en", "fr", "ar")


class Unreadable(Exception):
    """Nothing can be made of the file; says why, quoting nothing of it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its own name, its heading per language, and whether each row needs it."""

    name: str
    headings: Mapping[str, str]
    needed: bool = False
    example: str = ""
    """What the template shows in it."""


def _column(name: str, en: str, fr: str, ar: str, example: str = "", *, needed: bool = False) -> Column:
    return Column(name, MappingProxyType({"en": en, "fr": fr, "ar": ar}), needed, example)


_REFERENCE = _column("reference", "Reference", "Référence", "المرجع", "office:al:moj", needed=True)
_COUNTRY = _column("country", "Country code", "Code du pays", "رمز البلد", "AL")
COLUMNS: Mapping[Kind, Sequence[Column]] = MappingProxyType(
    {
        "authorities": (
            _REFERENCE,
            _column("name_en", "Name in English", "Nom en anglais", "الاسم بالإنجليزية", "Ministry of Justice"),
            _column("name_fr", "Name in French", "Nom en français", "الاسم بالفرنسية", "Ministère de la Justice"),
            _column("name_ar", "Name in Arabic", "Nom en arabe", "الاسم بالعربية", "وزارة العدل"),
            _column("kind", "Kind of authority", "Type d’autorité", "نوع السلطة", "ministry_justice", needed=True),
            _COUNTRY,
            _column("subdivision", "Subdivision", "Subdivision", "التقسيم الإداري", "AL-11"),
            _column("zone", "Time zone", "Fuseau horaire", "المنطقة الزمنية", "Europe/Tirane", needed=True),
            _column("languages", "Languages", "Langues", "اللغات", "sq; en"),
            _column("role_mailbox", "Mailbox of the office", "Boîte de l’office", "البريد الإلكتروني للمكتب", "desk@office.example"),
            _column("phone_24x7", "Phone round the clock", "Téléphone 24 h/24", "هاتف على مدار الساعة", "+355 4 000 0000"),
        ),
        "contact_points": (
            _REFERENCE,
            _COUNTRY,
            _column("appointing_kind", "Appointed by", "Nommé par", "جهة التعيين", "country"),
            _column("appointing_body", "Appointing body", "Organe de nomination", "الهيئة المعيِّنة"),
            _column("authority", "Authority", "Autorité", "السلطة", "office:al:moj", needed=True),
            _column("duty", "Duty", "Permanence", "المناوبة", "office_hours", needed=True),
            _column("valid_from", "Serves from", "En fonction depuis", "يعمل اعتبارًا من", "2026-01-15", needed=True),
            _column("specialisations", "Specialisations", "Spécialisations", "التخصصات", "cybercrime; terrorism"),
            _column("languages", "Languages", "Langues", "اللغات", "sq:native; en:fluent"),
            _column("family_name", "Family name", "Nom de famille", "اسم العائلة"),
            _column("given_name", "Given name", "Prénom", "الاسم الشخصي"),
            _column("script_variants", "Name in other scripts", "Nom en d’autres écritures", "الاسم بكتابات أخرى"),
            _column("email", "Duty e-mail", "Courriel de service", "البريد الإلكتروني الوظيفي"),
            _column("phone", "Duty phone", "Téléphone de service", "الهاتف الوظيفي"),
            _column("person_language", "Language of the person", "Langue de la personne", "لغة الشخص"),
            _column("person_zone", "Time zone of the person", "Fuseau horaire de la personne", "المنطقة الزمنية للشخص"),
        ),
    }
)
PERSONAL = frozenset({"family_name", "given_name", "script_variants", "email", "phone", "person_language", "person_zone"})
"""Columns about a person: their values are sealed as soon as they are read, and stand in no error."""
NAMED = re.compile(r"name ([a-z]{2,3})")
"""A name in a language without a column of its own, such as `name:sq`."""


def heading(text: str) -> str:
    """A heading as it is compared: case, vowel marks, punctuation and widths of spaces laid aside."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("_", " ")))


def columns_of(kind: Kind, headings: Sequence[str]) -> dict[str, int]:
    """Column -> its place among a file's headings. Raises `Unreadable` where a needed one is missing, or one is there twice."""
    known = {heading(text): column.name for column in COLUMNS[kind] for text in (column.name, *column.headings.values())}
    places: dict[str, int] = {}
    for place, text in enumerate(map(heading, headings)):
        other = NAMED.fullmatch(text) if kind == "authorities" else None
        name = known.get(text) or (f"name_{other[1]}" if other else None)
        if name in places:
            raise Unreadable(f"the column {name} is there twice")
        if name:
            places[name] = place
    missing = [column.name for column in COLUMNS[kind] if column.needed and column.name not in places]
    if missing:
        raise Unreadable(f"columns are missing: {', '.join(missing)}")
    return places


NEXT: Mapping[str, tuple[str, ...]] = {
    "validating": ("cancel",),
    "checked": ("apply", "cancel"),
    "applying": ("cancel",),
    "applied": (),
    "unreadable": (),
    "cancelled": (),
}
"""What may be done in each state; the other steps are the worker's."""


@dataclass(frozen=True, slots=True)
class Import:
    """A list on its way in: looked through row by row first, then taken in as a whole or not at all."""

    id: UUID
    kind: Kind
    state: str
    version: int
    recorded_at: datetime
    countries: tuple[str, ...]
    """Those of the rows that can be taken in; an empty text where one belongs to no country."""
    failed: int
    country: str | None = None

    def apply(self, now: datetime, *, leave_out_failed: bool) -> "Import":
        """Let it be taken in; raises `Conflict` where rows have errors, unless they are to be left out."""
        require(self, NEXT, "apply")
        if self.failed and not leave_out_failed:
            raise Conflict(f"{self.failed} rows have errors: mend them and send the list again, or leave them out", possible=["cancel"])
        return self.turned("applying", now)

    def cancel(self, now: datetime) -> "Import":
        """Nothing of it is taken in."""
        require(self, NEXT, "cancel")
        return self.turned("cancelled", now)

    def turned(self, state: str, now: datetime) -> "Import":
        """Its next state."""
        return replace(self, state=state, version=self.version + 1, recorded_at=max(now, self.recorded_at))

    def completed(self, rows_ok: int) -> ImportCompleted:
        """It is in."""
        return ImportCompleted(kind=self.kind, rows_ok=rows_ok, rows_failed=self.failed)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a row says, or what cannot be in it; `given` holds the columns that the file has."""

    reference: str
    country: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    details: Details | None = None
    faults: Sequence[tuple[str, str]] = ()
    """(column, reason)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be in a row, in which column; the row's number is the one a spreadsheet shows."""

    row: int
    column: str
    reason: str
