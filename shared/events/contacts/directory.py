"""Authorities, their contact points, and who read or erased a person's record.

No fact carries a person's details, only `person_ref`. The details travel on the personal topic alone, sealed.
"""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from typing_extensions import TypedDict

from shared.events.base import Event

AUTHORITIES = "contacts.authority.v1"
CONTACT_POINTS = "contacts.contact_point.v1"
PERSONS = "contacts.person.v1"
PERSONAL = "contacts.person.personal.v1"


# A TypedDict, not a model: the fast decoder mirrors it and knows no nested pydantic class.
class LanguageSkill(TypedDict):
    """A language and how well it is spoken."""

    code: str
    level: str


class AuthorityRegistered(Event):
    """An authority of a country, or an agency above countries, became known."""

    type = "contacts.authority.registered.v1"
    topic = AUTHORITIES
    classification = "public"
    feeds = ("iA7", "iA8")

    reference: str
    name: dict[str, str]
    kind: str
    country: str | None = None
    subdivision: str | None = None
    """ISO 3166-2."""
    zone: str
    """IANA name."""
    languages: list[str] = []  # noqa: RUF012 - pydantic copies it
    role_mailbox: str | None = None
    """The office's mailbox, never a person's."""
    phone_24x7: str | None = None
    """The office's phone that is answered round the clock."""


class AuthorityAmended(AuthorityRegistered):
    """Its whole new description."""

    type = "contacts.authority.amended.v1"


class AuthorityCompetenceDeclared(Event):
    """The authority answers these questions from a day on; an empty list leaves that question open to all."""

    type = "contacts.authority.competence_declared.v1"
    topic = AUTHORITIES
    classification = "public"
    feeds = ("iB2", "iA8")

    competence_id: UUID
    crime_types: list[str] = []  # noqa: RUF012 - pydantic copies it
    measures: list[str] = []  # noqa: RUF012 - pydantic copies it
    instruments: list[str] = []  # noqa: RUF012 - pydantic copies it
    """References of instruments, such as `budapest-convention`."""
    territory: list[str] = []  # noqa: RUF012 - pydantic copies it
    """ISO 3166-2; the whole country where none is named."""
    stage: str | None = None
    """Of the proceedings; all of them where none is named."""
    valid_from: date
    valid_to: date | None = None
    """The first day on which it holds no longer."""


class AuthorityCompetenceWithdrawn(AuthorityCompetenceDeclared):
    """It holds no longer from `valid_to` on."""

    type = "contacts.authority.competence_withdrawn.v1"


class AuthorityCompetenceRetracted(Event):
    """An earlier fact of a competence should never have been said."""

    type = "contacts.authority.competence_retracted.v1"
    topic = AUTHORITIES
    classification = "public"
    feeds = ("iB2", "iA8")

    corrects: UUID
    reason: str


class ContactPointNominated(Event):
    """Somebody was put forward as contact point; who it is, only contacts knows."""

    type = "contacts.contact_point.nominated.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7",)

    person_ref: UUID
    appointing_kind: Literal["country", "organisation", "network"]
    appointing_body_ref: UUID | None = None
    specialisations: list[str] = []  # noqa: RUF012 - pydantic copies it
    languages: list[LanguageSkill] = []  # noqa: RUF012 - pydantic copies it


class ContactPointDesignated(Event):
    """The contact point serves from this day on."""

    type = "contacts.contact_point.designated.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7", "iP8")

    valid_from: date
    authority_ref: UUID
    duty: str
    deputy_ref: UUID | None = None
    """Another contact point that answers in its place."""
    term_to: date | None = None
    """The day its term is over, where one was set; it serves on until it is ended."""


class ContactPointUpdated(Event):
    """The whole new state, and which parts of it changed."""

    type = "contacts.contact_point.updated.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7", "iA8")

    changed: list[str]
    authority_ref: UUID
    specialisations: list[str]
    languages: list[LanguageSkill]
    duty: str
    deputy_ref: UUID | None = None


class ContactPointVerificationRequested(Event):
    """Someone shall confirm by the end of `due`, a day of the authority's own clock, that the entry is right."""

    type = "contacts.contact_point.verification_requested.v1"
    topic = CONTACT_POINTS
    feeds = ("iA8",)

    due: date
    method: str


class ContactPointVerified(Event):
    """The entry was confirmed; `changed_fields` were corrected on that occasion."""

    type = "contacts.contact_point.verified.v1"
    topic = CONTACT_POINTS
    feeds = ("iA8",)

    method: str
    changed_fields: list[str] = []  # noqa: RUF012 - pydantic copies it
    due: date | None = None
    """The day asked for, where it was asked."""


class ContactPointVerificationLapsed(Event):
    """Nobody confirmed the entry in time."""

    type = "contacts.contact_point.verification_lapsed.v1"
    topic = CONTACT_POINTS
    feeds = ("iA8",)

    due: date


class ContactPointEnded(Event):
    """The contact point serves no longer from this day on."""

    type = "contacts.contact_point.ended.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7", "iP8")

    valid_to: date
    reason: str
    successor_ref: UUID | None = None


class ContactPointCorrected(Event):
    """An earlier fact happened at another time: at the `time` of this one."""

    type = "contacts.contact_point.corrected.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7", "iA8", "iP8")

    corrects: UUID
    reason: str
    on: date
    """The day it really happened."""


class ContactPointRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "contacts.contact_point.retracted.v1"
    topic = CONTACT_POINTS
    feeds = ("iA7", "iA8", "iP8")

    corrects: UUID
    reason: str


class PersonSealed(Event):
    """A person's duty contact details as a compact JWE under that person's own key; after erasure, a tombstone.

    Inside, once opened: `family_name, given_name, script_variants[], email, phone, language, zone` as JSON.
    """

    type = "contacts.person.personal.v1"
    topic = PERSONAL
    classification = "personal"

    jwe: str

    def payload(self) -> bytes:
        """The record's value: the JWE itself, not JSON."""
        return self.jwe.encode()

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What a reader meets is one string."""
        return {
            "title": "PersonSealed",
            "description": (cls.__doc__ or "").strip(),
            "type": "string",
            "contentMediaType": "application/jose",
            "pattern": r"^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$",
        }


class PersonErased(Event):
    """A person's keys were destroyed: what was ever written about them can be read by nobody. No count changes."""

    type = "contacts.person.erased.v1"
    topic = PERSONS
    feeds = ("iL6",)

    person_ref: UUID
    keys_destroyed: int
    ordered_by_role: str


class AccessRecorded(Event):
    """A person's details, or the key to them, were handed out."""

    type = "contacts.access.recorded.v1"
    topic = PERSONS
    feeds = ("iL5",)

    reader_ref: str
    person_ref: UUID
    purpose: str
    surface: str


PUBLISHED = {
    AUTHORITIES: (
        AuthorityRegistered,
        AuthorityAmended,
        AuthorityCompetenceDeclared,
        AuthorityCompetenceWithdrawn,
        AuthorityCompetenceRetracted,
    ),
    CONTACT_POINTS: (
        ContactPointNominated,
        ContactPointDesignated,
        ContactPointUpdated,
        ContactPointVerificationRequested,
        ContactPointVerified,
        ContactPointVerificationLapsed,
        ContactPointEnded,
        ContactPointCorrected,
        ContactPointRetracted,
    ),
    PERSONS: (PersonErased, AccessRecorded),
    PERSONAL: (PersonSealed,),
}
