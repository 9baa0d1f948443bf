"""Persons and who read of them: SQL to page-shaped answers. A person's details are opened here alone."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from joserfc.jwk import OctKey
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import gateways
from services.contacts.domain import Person
from services.contacts.views.directory import total_of
from shared.codes import LISTS
from shared.errors import Invalid
from shared.web import Page, cursor_of

KEY_LASTS = timedelta(minutes=5)


class PersonPage(BaseModel):
    """A person's duty contact details, opened for a reader whose access was logged."""

    person_ref: UUID
    family_name: str
    given_name: str
    script_variants: list[str]
    email: str | None
    phone: str | None
    language: str | None
    zone: str | None
    version: int


class PersonRecord(BaseModel):
    """That there are details, and which edition; never what they say."""

    person_ref: UUID
    version: int


class PersonKey(BaseModel):
    """The person's key as a JWK (RFC 7517), to be forgotten at `expires_at`."""

    kty: Literal["oct"] = "oct"
    alg: Literal["A256GCM"] = "A256GCM"
    k: str
    kid: UUID
    exp: int
    expires_at: AwareDatetime


class Erasure(BaseModel):
    """What an erasure did."""

    person_ref: UUID
    keys_destroyed: int
    erased_at: AwareDatetime


class Access(BaseModel):
    """Who was given a person's details or key, when, why and by which door."""

    id: int
    reader: str
    person_ref: UUID
    purpose: str
    surface: str
    at: AwareDatetime


def details(person: Person, key: bytes) -> PersonPage:
    """A person's details, opened."""
    opened = gateways.unseal(key, person.ref, person.jwe or "")
    return PersonPage(
        person_ref=person.ref,
        family_name=opened.family_name,
        given_name=opened.given_name,
        script_variants=list(opened.script_variants),
        email=opened.email,
        phone=opened.phone,
        language=opened.language,
        zone=opened.zone,
        version=person.sealed_version,
    )


def key(person: Person, secret: bytes, now: datetime) -> PersonKey:
    """A person's key, for five minutes from now."""
    until = (now + KEY_LASTS).replace(microsecond=0)
    encoded = str(OctKey.import_key(secret).as_dict(private=True)["k"])
    return PersonKey(k=encoded, kid=person.ref, exp=int(until.timestamp()), expires_at=until)


_DESK = """
SELECT c.id, c.specialisations, c.languages, greatest(c.recorded_at, p.recorded_at) AS recorded_at, a.name
FROM contact_points c JOIN persons p ON p.ref = c.person_ref LEFT JOIN authorities a ON a.id = c.authority WHERE c.person_ref = :person
"""


async def card(tx: AsyncConnection, person: Person, secret: bytes) -> bytes:
    """The person's contact point as a vCard, opened."""
    found = (await tx.execute(text(_DESK), {"person": person.ref})).one()
    crimes = [LISTS["crime_type"].codes.get(code, code) for code in found.specialisations]
    spoken = [skill["code"] for skill in found.languages]
    desk = gateways.vcards.Desk(found.id, found.name or {}, crimes, spoken, found.recorded_at)
    return gateways.vcards.written(desk, gateways.unseal(secret, person.ref, person.jwe or ""))


_ACCESSES = """
SELECT l.* FROM access_log l JOIN persons p ON p.ref = l.person_ref
WHERE (CAST(:person AS uuid) IS NULL OR l.person_ref = :person) AND (CAST(:reader AS text) IS NULL OR l.reader = :reader)
  AND (CAST(:purpose AS text) IS NULL OR l.purpose = :purpose) AND (CAST(:surface AS text) IS NULL OR l.surface = :surface)
  AND (CAST(:since AS timestamptz) IS NULL OR l.at >= :since) AND (CAST(:until AS timestamptz) IS NULL OR l.at < :until)
  AND (CAST(:countries AS text[]) IS NULL OR p.country = ANY(:countries))
"""


async def access_log(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **filters: Any) -> Page[Access]:
    """Who was given what, newest first; only of persons of `countries`, all where it is None."""
    bound = {name: filters.get(name) for name in ("person", "reader", "purpose", "surface", "since", "until", "countries")}
    if after is not None and not (isinstance(after[0], int) and abs(after[0]) < 2**63):
        raise Invalid("after", "not a cursor of this list")
    page = f"SELECT * FROM ({_ACCESSES}) f WHERE CAST(:after AS bigint) IS NULL OR id < :after ORDER BY id DESC LIMIT :limit"  # noqa: S608
    rows = list(await tx.execute(text(page), bound | {"after": after[0] if after else None, "limit": limit + 1}))
    items = [Access.model_validate(dict(row._mapping)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(rows) > limit else None, total=await total_of(tx, _ACCESSES, bound))
