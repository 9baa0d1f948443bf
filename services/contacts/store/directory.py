"""Authorities, contact points and persons."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import SERVING, Authority, ContactPoint, Happened, Person, Skill, Step
from services.contacts.store import search
from services.contacts.tables import (
    access_log,
    authorities,
    contact_point_steps,
    contact_points,
    domains,
    enquiries,
    liaisons,
    networks,
    person_keys,
    persons,
    structures,
)
from shared import rows
from shared.errors import Invalid, NotFound
from shared.events import Event
from shared.events.contacts import (
    AUTHORITIES,
    CONTACT_POINTS,
    DOMAINS,
    ENQUIRIES,
    LIAISONS,
    NETWORKS,
    PERSONAL,
    PERSONS,
    STRUCTURES,
    ContactPointDormantFlagged,
    ContactPointEnded,
    ContactPointSuccessorRequested,
    ContactPointVerificationLapsed,
)

VERSIONS = {
    AUTHORITIES: authorities.c.version,
    CONTACT_POINTS: contact_points.c.version,
    PERSONS: persons.c.version,
    PERSONAL: persons.c.sealed_version,
    NETWORKS: networks.c.version,
    STRUCTURES: structures.c.version,
    DOMAINS: domains.c.version,
    LIAISONS: liaisons.c.version,
    ENQUIRIES: enquiries.c.version,
}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""
_snapshot = TypeAdapter(ContactPoint)
_DUE_LOCK = 7302


async def authority(tx: AsyncConnection, id_: UUID) -> Authority:
    """The authority, locked; raises `NotFound`."""
    row = await rows.locked(tx, authorities, id_, "authority")
    return Authority(**_fields(Authority, row) | {"languages": tuple(row.languages)})


async def contact_point(tx: AsyncConnection, id_: UUID) -> ContactPoint:
    """The contact point, locked; raises `NotFound`."""
    return _contact_point(await rows.locked(tx, contact_points, id_, "contact point"))


async def person(tx: AsyncConnection, ref: UUID) -> Person:
    """The person's record, locked; raises `NotFound`."""
    return Person(**_fields(Person, await rows.locked(tx, persons, ref, "person")))


def _fields(kind: type, row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(kind)}


def _contact_point(row: Any) -> ContactPoint:
    skills = tuple(Skill(**skill) for skill in row.languages)
    return ContactPoint(**_fields(ContactPoint, row) | {"specialisations": tuple(row.specialisations), "languages": skills})


async def contact_point_of(tx: AsyncConnection, person: UUID) -> ContactPoint:
    """The contact point of a person, locked; raises `NotFound`."""
    row = (await tx.execute(select(contact_points).where(contact_points.c.person_ref == person).with_for_update())).one_or_none()
    if row is None:
        raise NotFound(f"No person {person}")
    return _contact_point(row)


async def require_authority(tx: AsyncConnection, id_: UUID, country: str | None) -> None:
    """Raises `Invalid` unless a contact point of that country may serve there; nothing is locked, an authority's country never changes."""
    found = (await tx.execute(select(authorities.c.country).where(authorities.c.id == id_))).one_or_none()
    if found is None:
        raise Invalid("authority_ref", "no such authority")
    if country is not None and found.country != country:
        raise Invalid("authority_ref", f"is an authority of {found.country or 'no country'}, the contact point is of {country}")


async def require_contact_point(tx: AsyncConnection, field: str, id_: UUID | None) -> None:
    """Raises `Invalid` where the contact point a field names is not there; it is not locked."""
    if id_ is not None and not (await tx.execute(select(exists().where(contact_points.c.id == id_)))).scalar_one():
        raise Invalid(field, "no such contact point")


async def save_authority(tx: AsyncConnection, kept: Authority, **beside: Any) -> None:
    """Keep an authority; `source` stands beside it and never goes on a topic."""
    row = asdict(kept) | beside | {"languages": list(kept.languages), "searchable": kept.searchable}
    await rows.save(tx, authorities, row, new=kept.version == 1)
    await search.enter_authorities(tx, [kept.id])


async def save_contact_point(tx: AsyncConnection, kept: ContactPoint, **beside: Any) -> None:
    """Keep a contact point's newest state."""
    row = asdict(kept) | beside | {"specialisations": list(kept.specialisations), "languages": [asdict(skill) for skill in kept.languages]}
    await rows.save(tx, contact_points, row, new=kept.version == 1)
    await search.enter(tx, "contact_point", [kept.id])


async def mark_erased(tx: AsyncConnection, kept: ContactPoint) -> None:
    """Keep that its person's details were erased, where no fact is said of it."""
    await tx.execute(update(contact_points).where(contact_points.c.id == kept.id).values(erased_at=kept.erased_at))


async def add_person(tx: AsyncConnection, new: Person) -> None:
    """A record for somebody not seen before."""
    await rows.save(tx, persons, asdict(new), new=True)


async def save_person(tx: AsyncConnection, kept: Person) -> None:
    """Keep a person's record."""
    await rows.save(tx, persons, asdict(kept), new=False)


async def add_step(
    tx: AsyncConnection, after: ContactPoint, event_id: UUID, event_type: str, time: datetime, *, standing: bool = True, **beside: Any
) -> None:
    """Remember a step for ever: what happened when, since when we knew, and the state it led to, where that is one to go back to."""
    row = {"contact_point_id": after.id, "version": after.version, "event_id": event_id, "type": event_type, "time": time}
    row |= {"recorded_at": after.recorded_at, "after": _snapshot.dump_python(after, mode="json") if standing else None}
    await tx.execute(insert(contact_point_steps).values(row | beside))


async def take_back(tx: AsyncConnection, corrects: UUID, at: datetime) -> None:
    """Mark a step as one that counts no longer."""
    await tx.execute(update(contact_point_steps).where(contact_point_steps.c.event_id == corrects).values(retracted_at=at))


async def standing_steps(tx: AsyncConnection, id_: UUID) -> list[Step]:
    """The steps of a contact point that were never taken back, newest first."""
    mine = (contact_point_steps.c.contact_point_id == id_) & contact_point_steps.c.retracted_at.is_(None)
    wanted = (
        select(contact_point_steps).where(mine, contact_point_steps.c.after.is_not(None)).order_by(contact_point_steps.c.version.desc())
    )
    return [Step(row.event_id, row.type, _snapshot.validate_python(row.after)) for row in await tx.execute(wanted)]


async def happened(tx: AsyncConnection, id_: UUID) -> list[Happened]:
    """The steps of a contact point that were never taken back, in their order; nothing is locked."""
    mine = (contact_point_steps.c.contact_point_id == id_) & contact_point_steps.c.retracted_at.is_(None)
    found = await tx.execute(select(contact_point_steps).where(mine).order_by(contact_point_steps.c.version))
    return [
        Happened(row.event_id, row.type, _snapshot.validate_python(row.after) if row.after else None, row.time, row.corrects)
        for row in found
    ]


async def overdue(tx: AsyncConnection, before: date) -> list[tuple[UUID, date, str]]:
    """Contact points asked to be verified by an earlier day, with that day and the authority's zone.

    One whose lapse of that day was taken back is left alone: a loop must not repeat what a person undid.
    """
    done = exists().where(
        contact_point_steps.c.contact_point_id == contact_points.c.id,
        contact_point_steps.c.type == ContactPointVerificationLapsed.type,
        contact_point_steps.c.due == contact_points.c.due,
    )
    wanted = select(contact_points.c.id, contact_points.c.due, authorities.c.zone).join(
        authorities, authorities.c.id == contact_points.c.authority
    )
    due = wanted.where(contact_points.c.state == "verification_due", contact_points.c.due < before, ~done)
    return [(row.id, row.due, row.zone) for row in await tx.execute(due.order_by(contact_points.c.due, contact_points.c.id))]


async def unheard(tx: AsyncConnection, since: datetime, limit: int) -> list[UUID]:
    """Serving contact points of whom nothing was heard since then and who are not flagged; a flag that was taken back is not set again."""
    undone = exists().where(
        contact_point_steps.c.contact_point_id == contact_points.c.id,
        contact_point_steps.c.type == ContactPointDormantFlagged.type,
        contact_point_steps.c.retracted_at > contact_points.c.active_at,
    )
    quiet = (contact_points.c.active_at <= since) & contact_points.c.dormant_since.is_(None)
    wanted = select(contact_points.c.id).where(quiet, contact_points.c.state.in_(SERVING), ~undone)
    return list((await tx.execute(wanted.order_by(contact_points.c.active_at).limit(limit))).scalars())


async def left_behind(tx: AsyncConnection, limit: int) -> list[UUID]:
    """Contact points that are still asked though the details of their person were erased."""
    asked = contact_points.c.state.in_(SERVING - {"suspended"})
    return list(await tx.scalars(select(contact_points.c.id).where(contact_points.c.erased_at.is_not(None), asked).limit(limit)))


async def leaving(tx: AsyncConnection, until: date) -> list[tuple[UUID, date, str]]:
    """Serving contact points whose term ends by a day, and for whom no successor was asked yet: with that end and the authority's zone."""
    unasked = contact_points.c.successor_asked.is_distinct_from(contact_points.c.term_to)
    return await _with_term(tx, until, unasked & ~_undone(ContactPointSuccessorRequested))


async def over(tx: AsyncConnection, by: date) -> list[tuple[UUID, date, str]]:
    """Serving contact points whose term ended by a day, with its end and the authority's zone; an end taken back is not said again."""
    return await _with_term(tx, by, ~_undone(ContactPointEnded))


def _undone(fact: type[Event]) -> ColumnElement[bool]:
    """Was such a fact of it taken back? A loop must not repeat what a person undid."""
    return exists().where(
        contact_point_steps.c.contact_point_id == contact_points.c.id,
        contact_point_steps.c.type == fact.type,
        contact_point_steps.c.retracted_at.is_not(None),
    )


async def _with_term(tx: AsyncConnection, until: date, asked: ColumnElement[bool]) -> list[tuple[UUID, date, str]]:
    known = select(contact_points.c.id, contact_points.c.term_to, authorities.c.zone).join(
        authorities, authorities.c.id == contact_points.c.authority
    )
    wanted = known.where(contact_points.c.term_to <= until, contact_points.c.state.in_(SERVING), asked)
    return [(row.id, row.term_to, row.zone) for row in await tx.execute(wanted.order_by(contact_points.c.term_to, contact_points.c.id))]


async def lead_due(tx: AsyncConnection) -> bool:
    """May this process do what falls due, in this transaction? One at a time may."""
    return bool((await tx.execute(select(func.pg_try_advisory_xact_lock(_DUE_LOCK)))).scalar_one())


async def key_of(tx: AsyncConnection, ref: UUID) -> bytes | None:
    """The person's key, if there is one."""
    key: bytes | None = (await tx.execute(select(person_keys.c.key).where(person_keys.c.person_ref == ref))).scalar()
    return key


async def add_key(tx: AsyncConnection, ref: UUID, key: bytes) -> None:
    """Keep a person's key."""
    await tx.execute(insert(person_keys).values(person_ref=ref, key=key))


async def destroy_keys(tx: AsyncConnection, ref: UUID) -> int:
    """Delete a person's key; from here on nothing written under it can be read. Returns how many there were."""
    return (await tx.execute(delete(person_keys).where(person_keys.c.person_ref == ref))).rowcount


async def log_access(tx: AsyncConnection, ref: UUID, reader: str, purpose: str, surface: str) -> None:
    """Who was given what, why, by which door; the database's clock says when."""
    await tx.execute(insert(access_log).values(person_ref=ref, reader=reader, purpose=purpose, surface=surface))
