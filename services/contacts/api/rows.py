"""Rows of lists that are imported: the text of each cell as the very values that the routes take (XC-11).

A column that a file does not have leaves what is known as it is; an empty cell empties it.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from services.contacts.api.authorities import NewAuthority
from services.contacts.api.inputs import Reference, Skills, Specialisations
from services.contacts.api.persons import PersonDetails
from services.contacts.domain import Authority, Details
from services.contacts.domain.lists import PERSONAL, Kind, Listed
from shared.codes import LISTS, one_of
from shared.errors import Invalid
from shared.web.values import Country, Day

SEPARATORS = re.compile(r"[;,،|]")
CODED = {
    "kind": "institution_kind",
    "country": "country",
    "appointing_kind": "appointing_kind",
    "duty": "duty",
    "specialisations": "crime_type",
    "languages": "language_level",
}
"""Column -> the list its codes stand in."""
FORMS = {
    "reference": "is no reference: lower-case letters, digits and : . _ - such as office:al:moj",
    "authority": "is no reference of an authority, such as office:al:moj",
    "appointing_body": "is no reference of an authority, such as office:al:moj",
    "subdivision": "is no ISO 3166-2 code such as AL-11",
    "zone": "is no IANA time zone such as Europe/Tirane",
    "person_zone": "is no IANA time zone such as Europe/Tirane",
    "role_mailbox": "is no e-mail address",
    "email": "is no e-mail address",
    "phone_24x7": "is no phone number such as +355 4 000 0000",
    "phone": "is no phone number such as +355 4 000 0000",
    "person_language": "is no language code such as sq",
    "languages": "is no list of language codes such as sq; en, for contact points with a level such as sq:native",
    "valid_from": "is no day between 1900 and 2199, such as 2024-03-01",
}
"""What a cell is not, where its form is wrong."""


class ListedContactPoint(BaseModel):
    """A contact point in a list: who appoints, where and since when it serves, and whom to reach there."""

    reference: Reference
    country: Country | None = None
    appointing_kind: one_of("appointing_kind") = "country"  # type: ignore[valid-type]  # a type made of a code list
    appointing_body: Reference | None = None
    authority: Reference
    duty: one_of("duty")  # type: ignore[valid-type]
    valid_from: Day
    specialisations: Specialisations = []
    languages: Skills = []
    person: PersonDetails | None = None


def authority(cells: Mapping[str, str]) -> Listed:
    """An authority's row."""
    values: dict[str, Any] = {name: text or None for name, text in cells.items() if not name.startswith("name_")}
    values["name"] = {name.removeprefix("name_"): text for name, text in cells.items() if name.startswith("name_") and text}
    if "languages" in cells:
        values["languages"] = _several(cells["languages"])
    read = _taken(NewAuthority, _coded(values), lambda place: f"name_{place[1] if len(place) > 1 else 'en'}" if place[0] == "name" else "")
    if isinstance(read, list):
        return Listed(cells.get("reference", ""), faults=read)
    given = read.model_dump(mode="json", exclude_unset=True)
    # An empty text says that the name in this language is to go.
    given["name"] |= {name.removeprefix("name_"): "" for name, text in cells.items() if name.startswith("name_") and not text}
    try:
        Authority.check(given["zone"], given.get("subdivision"), given.get("country"))
    except Invalid as wrong:
        return Listed(read.reference, faults=[(error["field"], error["reason"]) for error in wrong.errors])
    return Listed(read.reference, given.get("country"), given)


def contact_point(cells: Mapping[str, str]) -> Listed:
    """A contact point's row."""
    values: dict[str, Any] = {name: text or None for name, text in cells.items() if name not in PERSONAL}
    values |= {} if values.get("appointing_kind") else {"appointing_kind": "country"}
    for name in {"specialisations", "languages"} & set(cells):
        values[name] = _several(cells[name])
    if "languages" in cells:
        values["languages"] = [
            dict(zip(("code", "level"), map(str.strip, each.split(":", 1)), strict=False)) for each in values["languages"]
        ]
    about = {name.removeprefix("person_"): text for name, text in cells.items() if name in PERSONAL and text}
    if about:
        values["person"] = {**about, "script_variants": _several(about.get("script_variants", ""))}
    read = _taken(ListedContactPoint, _coded(values), _personal)
    if isinstance(read, list):
        return Listed(cells.get("reference", ""), faults=read)
    if (fault := _appointed(read)) is not None:
        return Listed(read.reference, faults=[fault])
    details: Details | None = read.person.details() if read.person else None
    return Listed(read.reference, read.country, read.model_dump(mode="json", exclude={"person"}, exclude_unset=True), details)


ROWS: Mapping[Kind, Callable[[Mapping[str, str]], Listed]] = {"authorities": authority, "contact_points": contact_point}


def _appointed(read: ListedContactPoint) -> tuple[str, str] | None:
    """The same that a nomination is held to; said here of the column."""
    if read.appointing_kind == "country":
        return None if read.country else ("country", "is needed where a country appoints")
    if read.country:
        return "country", "is left out where an organisation or network appoints: it is no country's achievement"
    return None if read.appointing_body else ("appointing_body", "is needed where an organisation or network appoints")


def _several(text: str) -> list[str]:
    return list(dict.fromkeys(part for each in SEPARATORS.split(text) if (part := each.strip())))


def _coded(values: dict[str, Any]) -> dict[str, Any]:
    """Codes may be given by their English label, and countries in small letters."""
    for name in ("kind", "appointing_kind", "duty"):
        if values.get(name):
            values[name] = _code(CODED[name], values[name])
    if values.get("country"):
        values["country"] = values["country"].upper()
    if values.get("specialisations"):
        values["specialisations"] = [_code("crime_type", each) for each in values["specialisations"]]
    return values


def _code(family: str, text: str) -> str:
    known, plain = LISTS[family].codes, text.casefold()
    if text in known:
        return text
    meant: str = next((code for code, label in known.items() if plain in (code.casefold(), label.casefold())), text)
    return meant


def _personal(place: tuple[Any, ...]) -> str:
    if place[0] != "person" or len(place) < 2:
        return ""
    return {"language": "person_language", "zone": "person_zone"}.get(place[1], str(place[1]))


def _taken(model: type[BaseModel], values: Mapping[str, Any], column_of: Callable[[tuple[Any, ...]], str]) -> Any:
    """The model, or what is wrong: (column, reason). No reason quotes a cell, for it might be a person's."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = [(column_of(each["loc"]) or str(each["loc"][0]), each) for each in error.errors(include_url=False, include_context=False)]
        return list(dict.fromkeys((column, _reason(column, each)) for column, each in found))


def _reason(column: str, error: Mapping[str, Any]) -> str:
    if error["type"] == "missing" or error["input"] is None or (column == "name_en" and error["input"] == {}):
        return "needs a level after each language, such as sq:native" if column == "languages" else "is missing"
    if "too_long" in error["type"]:
        return "is too long"
    family = CODED.get(column)
    if error["type"] == "value_error" and family and column not in PERSONAL:
        close = get_close_matches(str(error["input"]).casefold(), LISTS[family].codes, 1)
        return f"is not in code list {family}" + (f"; {close[0]} may be meant" if close else "")
    return FORMS.get(column, "is not of the form that is taken")
