"""Contact points: who may be asked, as offices and codes; the person is a reference."""

from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field

from services.contacts import commands, domain, store, views
from services.contacts.api.inputs import Reference, Skills, Specialisations, Words
from services.contacts.api.persons import PersonDetails
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole, etag
from shared.web.values import Country, CrimeType, Day, Id, Retraction, Source

router = web.router("/contact-points", "contact points")
whole = Whole(views.contact_point, "/contact-points")

State = Literal["nominated", "designated", "verification_due", "verified", "lapsed", "suspended", "ended", "retracted"]


class Nomination(BaseModel):
    """Somebody put forward; `person` is sealed at once and never shown in an answer."""

    reference: Reference | None = None
    """Its lasting name, of the office, never of the person."""
    country: Country | None = None
    appointing_kind: one_of("appointing_kind")  # type: ignore[valid-type]  # a type made of a code list
    appointing_body_ref: Id | None = None
    specialisations: Specialisations = []
    languages: Skills = []
    person: PersonDetails | None = None
    on: Day | None = None
    """The day of the nomination; now where none is given."""
    source: Source | None = None


class Designation(BaseModel):
    """From when, where and how it serves."""

    valid_from: Day
    authority_ref: Id
    duty: one_of("duty")  # type: ignore[valid-type]
    deputy_ref: Id | None = None
    term_to: Day | None = None
    """The day its term is over: a successor is asked for 60 days before."""


class Post(BaseModel):
    """The whole new state of its post."""

    authority_ref: Id
    specialisations: Specialisations
    languages: Skills
    duty: one_of("duty")  # type: ignore[valid-type]
    deputy_ref: Id | None = None


class VerificationRequest(BaseModel):
    """By the end of which day, on the authority's own clock, and how it shall be confirmed."""

    due: Day
    method: one_of("verification_method")  # type: ignore[valid-type]


class Verification(BaseModel):
    """How it was confirmed, when (now where no day is given), and which fields were put right on that occasion."""

    method: one_of("verification_method")  # type: ignore[valid-type]
    changed_fields: Annotated[
        list[Literal["authority_ref", "specialisations", "languages", "duty", "deputy_ref", "person"]], Field(max_length=6)
    ] = []
    on: Day | None = None


class End(BaseModel):
    """From which day it serves no longer, why, and who follows."""

    valid_to: Day
    reason: one_of("end_reason")  # type: ignore[valid-type]
    successor_ref: Id | None = None


class Absence(BaseModel):
    """The first and the last day it is away, and who answers meanwhile: the post's deputy where nobody is named."""

    absent_from: Day
    absent_to: Day
    deputy_ref: Id | None = None


class Correction(BaseModel):
    """Which fact happened on which day really, and why it is corrected."""

    corrects: Id
    on: Day
    reason: one_of("correction_reason")  # type: ignore[valid-type]


async def _contact_point(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.ContactPoint:
    contact_point = await store.contact_point(tx, id)
    asker.require_country(contact_point.country)
    return contact_point


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.ContactPoint, Depends(_contact_point)]


async def _known(id: Annotated[Id, Path()], tx: Tx) -> views.ContactPointPage:
    return await views.contact_point(tx, id)


Known = Annotated[views.ContactPointPage, Depends(_known)]


@router.get("")
async def list_contact_points(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    state: Annotated[list[State] | None, Query(max_length=8, description="Any of these")] = None,
    specialisation: CrimeType | None = None,
    appointing_kind: one_of("appointing_kind") | None = None,  # type: ignore[valid-type]
    authority: Id | None = None,
    q: Words = None,
) -> Page[views.ContactPointRow]:
    """Contact points of every country, without any detail of a person (A10)."""
    filters = {
        "country": country,
        "state": state,
        "specialisation": specialisation,
        "appointing_kind": appointing_kind,
        "authority": authority,
    }
    return await views.contact_points(tx, limit=paging.limit, after=paging.after, q=q, **filters)


@router.post("", status_code=201, responses=MADE)
async def nominate_contact_point(tx: Tx, asker: Asker, origin: Caused, given: Nomination, response: Response) -> views.ContactPointPage:
    """Somebody is put forward (A8)."""
    asker.require_country(given.country)
    said = {
        "reference": given.reference,
        "country": given.country,
        "appointing_kind": given.appointing_kind,
        "appointing_body": given.appointing_body_ref,
        "specialisations": tuple(dict.fromkeys(given.specialisations)),
        "languages": _spoken(given.languages),
    }
    details = given.person.details() if given.person else None
    id_ = await commands.nominate(
        tx, origin, said, details=details, on=given.on, source=given.source.model_dump() if given.source else None
    )
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_contact_point(page: Known, tx: Tx, response: Response, on: Day | None = None) -> views.ContactPointPage:
    """One contact point, with every step that led here; `on` shows it as it stood at the end of that day."""
    if on is not None:
        return await views.contact_point_on(tx, page, await store.happened(tx, page.id), on)
    etag(response, page.version)
    return page


@router.post("/{id}/designate", responses=SHOWN)
async def designate_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Designation, response: Response
) -> views.ContactPointPage:
    """It serves from a day on (A8)."""
    await whole.hold(tx, expected, contact_point)
    said = {"valid_from": given.valid_from, "authority": given.authority_ref, "duty": given.duty, "deputy": given.deputy_ref}
    await commands.designate(tx, origin, contact_point, **said, term_to=given.term_to)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/update", responses=SHOWN)
async def update_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Post, response: Response
) -> views.ContactPointPage:
    """Its whole new post."""
    await whole.hold(tx, expected, contact_point)
    specialisations = tuple(dict.fromkeys(given.specialisations))
    post = domain.Post(given.authority_ref, specialisations, _spoken(given.languages), given.duty, given.deputy_ref)
    await commands.update(tx, origin, contact_point, post)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/request-verification", responses=SHOWN)
async def request_verification(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: VerificationRequest, response: Response
) -> views.ContactPointPage:
    """Somebody shall confirm that the entry is right; it lapses where nobody does."""
    await whole.hold(tx, expected, contact_point)
    await commands.request_verification(tx, origin, contact_point, due=given.due, method=given.method)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/verify", responses=SHOWN)
async def verify_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Verification, response: Response
) -> views.ContactPointPage:
    """The entry was found right."""
    await whole.hold(tx, expected, contact_point)
    await commands.verify(tx, origin, contact_point, method=given.method, changed_fields=given.changed_fields, on=given.on)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/end", responses=SHOWN)
async def end_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: End, response: Response
) -> views.ContactPointPage:
    """It serves no longer."""
    await whole.hold(tx, expected, contact_point)
    await commands.end(tx, origin, contact_point, valid_to=given.valid_to, reason=given.reason, successor=given.successor_ref)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/suspend", responses=SHOWN)
async def suspend_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, response: Response
) -> views.ContactPointPage:
    """It is asked no longer, until it is verified: nobody answers there, or its mandate rests."""
    await whole.hold(tx, expected, contact_point)
    await commands.suspend(tx, origin, contact_point)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/note-absence", responses=SHOWN)
async def note_absence(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Absence, response: Response
) -> views.ContactPointPage:
    """It is away for some days; this replaces what was noted before."""
    await whole.hold(tx, expected, contact_point)
    days = {"first": given.absent_from, "last": given.absent_to}
    await commands.note_absence(tx, origin, contact_point, **days, deputy=given.deputy_ref)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/correct", responses=SHOWN)
async def correct_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Correction, response: Response
) -> views.ContactPointPage:
    """An earlier fact happened on another day."""
    await whole.hold(tx, expected, contact_point)
    await commands.correct(tx, origin, contact_point, corrects=given.corrects, on=given.on, reason=given.reason)
    return await whole.shown(tx, contact_point.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_contact_point(
    contact_point: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.ContactPointPage:
    """Take the newest fact back: it counts no longer."""
    await whole.hold(tx, expected, contact_point)
    await commands.retract(tx, origin, contact_point, corrects=given.corrects, reason=given.reason)
    return await whole.shown(tx, contact_point.id, response)


def _spoken(skills: Skills) -> tuple[domain.Skill, ...]:
    return tuple({skill.code: domain.Skill(skill.code, skill.level) for skill in skills}.values())
