"""A contact point as a vCard 4.0 (RFC 6350): folded and escaped as iCalendar is, whose library does both."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from icalendar import vText
from icalendar.parser import Contentline, Contentlines

from services.contacts.domain import Details

MEDIA = "text/vcard; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the person serves, as a card tells it."""

    id: UUID
    office: Mapping[str, str]
    """Language -> the authority's name; empty where there is none yet."""
    specialisations: Sequence[str]
    languages: Sequence[str]
    recorded_at: datetime


def written(desk: Desk, person: Details) -> bytes:
    """The card, in UTF-8, its lines at most 75 bytes long."""
    lines = Contentlines([Contentline(line) for line in _lines(desk, person)])  # type: ignore[no-untyped-call]
    return bytes(lines.to_ical())  # type: ignore[no-untyped-call]


def _lines(desk: Desk, person: Details) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", "PRODID:-//Concord//contacts//EN", "KIND:individual", f"UID:urn:uuid:{desk.id}")
    yield f"FN:{_text(f'{person.given_name} {person.family_name}')}"
    yield from (f"FN:{_text(variant)}" for variant in person.script_variants)
    yield f"N:{_text(person.family_name)};{_text(person.given_name)};;;"
    yield from (f"ORG;ALTID=1;LANGUAGE={language}:{_text(name)}" for language, name in sorted(desk.office.items()))
    if person.email:
        yield f"EMAIL;TYPE=work:{_text(person.email)}"
    if person.phone:
        yield f"TEL;VALUE=uri;TYPE=work:tel:{re.sub(r'[^+0-9]', '', person.phone)}"
    # The language of mails first: the others are spoken at the desk.
    spoken = dict.fromkeys([*([person.language] if person.language else []), *desk.languages])
    yield from (f"LANG;TYPE=work;PREF={place}:{code}" for place, code in enumerate(spoken, 1))
    if person.zone:
        yield f"TZ:{_text(person.zone)}"
    if desk.specialisations:
        yield f"CATEGORIES:{','.join(map(_text, desk.specialisations))}"
    yield f"REV:{desk.recorded_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _text(value: str) -> str:
    return vText(value).to_ical().decode()
