"""Persons: their details and keys go out only with a purpose and an entry in the access log (XC-07), and can be erased (XC-08).

Details stand in the answers of `get_person` and `get_person_card` alone: answers to commands are kept for replay, and outlive an erasure.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from services.contacts import commands, domain, store, views
from services.contacts.api.inputs import Language, Mailbox, Phone, Purpose, Zone
from services.contacts.gateways import vcards
from shared import auth, web
from shared.db import Tx
from shared.events import Origin
from shared.web import SHOWN, Asker, Caused, Expected, Page, Paging, etag
from shared.web.values import PROSE, AsOf, Id, Short

router = web.router("", "persons")

_CARD: dict[int | str, dict[str, Any]] = {200: {"content": {"text/vcard": {"schema": {"type": "string"}}}, "description": "The card"}}
Surface = Literal["web", "api", "pack"]


class PersonDetails(BaseModel):
    """Duty contact details of one person."""

    family_name: Short
    given_name: Short
    script_variants: Annotated[list[Short], Field(max_length=10)] = []
    email: Mailbox | None = None
    phone: Phone | None = None
    language: Language | None = None
    """In which they are written to."""
    zone: Zone | None = None
    """Their own clock, by which times are told to them."""

    def details(self) -> domain.Details:
        """As the domain takes them, to be sealed."""
        return domain.Details(
            self.family_name, self.given_name, tuple(self.script_variants), self.email, self.phone, self.language, self.zone
        )


async def _person(ref: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Person:
    person = await store.person(tx, ref)
    asker.require_country(person.country)
    return person.present()


async def _erasable(ref: Annotated[Id, Path()], tx: Tx, asker: Asker) -> tuple[domain.Person, domain.ContactPoint]:
    # In the order in which a list that is taken in locks them.
    contact_point = await store.contact_point_of(tx, ref)
    return await _person(ref, tx, asker), contact_point


async def _present(origin: Caused) -> Origin:
    """Access and erasure happen now and in earnest, whatever mode or moment a request names: no log can be dated back."""
    return replace(origin, mode="live", now=datetime.now(UTC))


Loaded = Annotated[domain.Person, Depends(_person)]
Erasable = Annotated[tuple[domain.Person, domain.ContactPoint], Depends(_erasable)]
Now = Annotated[Origin, Depends(_present)]
Why = Annotated[Purpose, Query(description="Why the details are needed")]
Door = Annotated[Surface, Query(description="By which door they go out")]


@router.get("/persons/{ref}", responses=SHOWN)
async def get_person(person: Loaded, tx: Tx, origin: Now, purpose: Why, response: Response, surface: Door = "api") -> views.PersonPage:
    """A person's details; the access is logged and published."""
    key = await commands.record_access(tx, origin, person, purpose=purpose, surface=surface)
    response.headers["Cache-Control"] = "no-store"
    etag(response, person.sealed_version)
    return views.details(person, key)


@router.get("/persons/{ref}/key")
async def get_person_key(person: Loaded, tx: Tx, origin: Now, purpose: Why, response: Response, surface: Door = "api") -> views.PersonKey:
    """The key to a person's records on the personal topic, for five minutes; the access is logged and published."""
    key = await commands.record_access(tx, origin, person, purpose=purpose, surface=surface)
    response.headers["Cache-Control"] = "no-store"
    return views.key(person, key, origin.now)


@router.get("/persons/{ref}/vcard", responses=_CARD, response_class=Response)
async def get_person_card(person: Loaded, tx: Tx, origin: Now, purpose: Why, surface: Door = "api") -> Response:
    """A person's contact point as a vCard 4.0 (RFC 6350), for an address book; the access is logged and published."""
    key = await commands.record_access(tx, origin, person, purpose=purpose, surface=surface)
    return web.attached(await views.card(tx, person, key), "contact-point.vcf", vcards.MEDIA)


@router.put("/persons/{ref}", responses=SHOWN)
async def record_person(
    person: Loaded, tx: Tx, origin: Caused, expected: Expected, given: PersonDetails, response: Response
) -> views.PersonRecord:
    """The person's details, whole; version 0 is a person of whom nothing was recorded yet."""
    await expected.hold(person.sealed_version, lambda: _recorded(person))
    await commands.record_details(tx, origin, person, given.details())
    after = await store.person(tx, person.ref)
    etag(response, after.sealed_version)
    return await _recorded(after)


async def _recorded(person: domain.Person) -> views.PersonRecord:
    return views.PersonRecord(person_ref=person.ref, version=person.sealed_version)


@router.delete("/persons/{ref}")
async def erase_person(request: Request, given: Erasable, tx: Tx, asker: Asker, origin: Now) -> views.Erasure:
    """Destroy the key and all it opens, for ever, and suspend the contact point: nobody is reached there.

    Unconditional on purpose: an erasure is owed whatever was changed meanwhile.
    """
    person, contact_point = given
    role = min(asker.roles & auth.table()[f"{request.app.state.service}.erase_person"])
    destroyed = await commands.erase_person(tx, origin, person, contact_point, role)
    return views.Erasure(person_ref=person.ref, keys_destroyed=destroyed, erased_at=origin.now)


@router.get("/access-log")
async def list_accesses(
    tx: Tx,
    asker: Asker,
    paging: Paging,
    person: Id | None = None,
    reader: Annotated[str | None, Query(max_length=100, pattern=PROSE, description="`user:<uuid>`")] = None,
    purpose: Purpose | None = None,
    surface: Surface | None = None,
    since: AsOf | None = None,
    until: AsOf | None = None,
) -> Page[views.Access]:
    """Who was given a person's details or key, newest first."""
    countries = None if "*" in asker.countries else sorted(asker.countries)
    asked = {"person": person, "reader": reader, "purpose": purpose, "surface": surface, "since": since, "until": until}
    return await views.access_log(tx, limit=paging.limit, after=paging.after, **asked, countries=countries)
