"""What a row of a list makes of an entry: the steps that a command would take, one after the other, held to the same rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.contacts.domain.authority import Authority
from services.contacts.domain.contact_point import NEXT, ContactPoint, Post, Skill
from services.contacts.domain.history import require
from services.contacts.domain.lists import Listed
from shared.errors import Invalid
from shared.events import Event, start_of, subject_of
from shared.events.contacts import AuthorityRegistered

_OFFICE: Mapping[str, Any] = {"country": None, "subdivision": None, "languages": (), "role_mailbox": None, "phone_24x7": None}
Stepped = tuple[ContactPoint, Event, datetime]
"""A state, the fact that says it, and when that happened."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands behind a reference in a row."""

    id: UUID
    country: str | None


def authority_of(listed: Listed, known: Authority | None, now: datetime) -> tuple[Authority, AuthorityRegistered | None]:
    """The authority after this row; no fact where nothing is new. Raises `Invalid`."""
    given: dict[str, Any] = {name: tuple(value) if name == "languages" else value for name, value in listed.given.items()}
    names = {**(known.name if known else {}), **given["name"]}
    given["name"] = {language: text for language, text in names.items() if text}
    if known is None:
        id_ = subject_of("contacts", "authority", listed.reference)
        made = Authority(**{**_OFFICE, **given}, id=id_, version=1, recorded_at=now)
        return made, made.registered()
    if given.pop("country", known.country) != known.country:
        raise Invalid("country", f"is registered for {known.country or 'no country'}, and that does not change")
    del given["reference"]
    return known.amend(given, now)


def contact_point_of(
    listed: Listed, known: ContactPoint | None, places: Mapping[str, Place], person_ref: UUID, now: datetime
) -> list[Stepped]:
    """Its steps, oldest first; none where nothing is new. Raises `Invalid` naming the column, `Conflict` where its state allows none."""
    given = listed.given
    at, body = _place("authority", given, places), _place("appointing_body", given, places)
    assert at is not None  # noqa: S101 - every row names an authority
    since = date.fromisoformat(given["valid_from"])
    steps: list[Stepped] = []
    if known is None:
        known = _nominated(listed, body, person_ref, now)
        steps.append((known, known.nominated(), min(start_of(since), now)))
    elif (known.country, known.appointing_kind) != (listed.country, given["appointing_kind"]):
        raise Invalid("country", "country and who appoints are recorded otherwise, and that does not change")
    if known.country is not None and at.country != known.country:
        raise Invalid("authority", f"is an authority of {at.country or 'no country'}, the contact point is of {known.country}")
    if known.state == "nominated":
        known, fact = known.designate(valid_from=since, authority=at.id, duty=given["duty"], deputy=None, now=now)
        steps.append((known, fact, start_of(since)))
    else:
        require(known, NEXT, "update")
    if known.valid_from != since:
        raise Invalid("valid_from", f"is recorded as {known.valid_from}; correct it at the entry, so that the reason is known")
    after, updated = known.update(_post(given, known, at), now)
    return steps if updated is None else [*steps, (after, updated, after.recorded_at)]


def _place(column: str, given: Mapping[str, Any], places: Mapping[str, Place]) -> Place | None:
    reference = given.get(column)
    if reference is not None and reference not in places:
        raise Invalid(column, "nothing is registered under this reference")
    return places[reference] if reference is not None else None


def _nominated(listed: Listed, body: Place | None, person_ref: UUID, now: datetime) -> ContactPoint:
    given = listed.given
    return ContactPoint(
        id=subject_of("contacts", "contact_point", listed.reference),
        reference=listed.reference,
        person_ref=person_ref,
        country=listed.country,
        appointing_kind=given["appointing_kind"],
        appointing_body=body.id if body else None,
        specialisations=tuple(dict.fromkeys(given.get("specialisations", ()))),
        languages=_spoken(given.get("languages", ())),
        state="nominated",
        version=1,
        recorded_at=now,
    )


def _post(given: Mapping[str, Any], known: ContactPoint, at: Place) -> Post:
    """The whole post; what the file has no column for stays as it is."""
    specialisations = tuple(dict.fromkeys(given["specialisations"])) if "specialisations" in given else known.specialisations
    languages = _spoken(given["languages"]) if "languages" in given else known.languages
    return Post(at.id, specialisations, languages, given["duty"], known.deputy)


def _spoken(skills: Any) -> tuple[Skill, ...]:
    return tuple({skill["code"]: Skill(skill["code"], skill["level"]) for skill in skills}.values())
