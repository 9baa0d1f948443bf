"""Authorities, contact points and the persons behind them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.contacts import gateways, store
from services.contacts.domain import Authority, ContactPoint, Details, Person, Post
from shared import outbox
from shared.errors import Invalid
from shared.events import Attributes, Event, Origin, start_of, subject_of
from shared.events.contacts import PERSONAL, AuthorityRegistered, PersonSealed

Source = Mapping[str, str] | None


async def register_authority(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], source: Source) -> UUID:
    """An authority becomes known; raises `Conflict` where its reference is known already."""
    authority = Authority(id=subject_of("contacts", "authority", described["reference"]), version=1, recorded_at=origin.now, **described)
    await store.save_authority(tx, authority, source=source)
    await _say_authority(tx, origin, authority, authority.registered())
    return authority.id


async def amend_authority(tx: AsyncConnection, origin: Origin, authority: Authority, described: Mapping[str, Any]) -> None:
    """Its whole new description; reference and country stay, for whose achievement it is does not change."""
    after, fact = authority.amend(described, origin.now)
    if fact is not None:
        await store.save_authority(tx, after)
        await _say_authority(tx, origin, after, fact)


async def nominate(
    tx: AsyncConnection, origin: Origin, given: Mapping[str, Any], *, details: Details | None, on: date | None, source: Source
) -> UUID:
    """Somebody is put forward; `person_ref` is random, so that nobody can work out who it is. Raises `Conflict` for a known reference."""
    reference = given["reference"]
    id_ = subject_of("contacts", "contact_point", reference) if reference else uuid4()
    contact_point = ContactPoint(id=id_, person_ref=uuid4(), state="nominated", version=1, recorded_at=origin.now, **given)
    person = Person(contact_point.person_ref, contact_point.country, jwe=None, version=0, sealed_version=0, recorded_at=origin.now)
    await store.add_person(tx, person)
    await store.save_contact_point(tx, contact_point, source=source)
    if details is not None:
        await record_details(tx, origin, person, details)
    await _step(tx, origin, contact_point, contact_point.nominated(), start_of(on) if on else origin.now)
    return id_


async def designate(
    tx: AsyncConnection,
    origin: Origin,
    contact_point: ContactPoint,
    *,
    valid_from: date,
    authority: UUID,
    duty: str,
    deputy: UUID | None,
    term_to: date | None = None,
) -> None:
    """It serves at an authority from a day on."""
    await store.require_authority(tx, authority, contact_point.country)
    await store.require_contact_point(tx, "deputy_ref", deputy)
    post: dict[str, Any] = {"valid_from": valid_from, "authority": authority, "duty": duty, "deputy": deputy, "term_to": term_to}
    after, fact = contact_point.designate(**post, now=origin.now)
    await advance(tx, origin, after, fact, start_of(valid_from))


async def update(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, post: Post) -> None:
    """Its whole new post; where nothing is new, nothing is said."""
    await store.require_authority(tx, post.authority, contact_point.country)
    await store.require_contact_point(tx, "deputy_ref", post.deputy)
    after, fact = contact_point.update(post, origin.now)
    if fact is not None:
        await advance(tx, origin, after, fact, after.recorded_at)


async def request_verification(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, due: date, method: str) -> None:
    """Somebody shall confirm it by a day."""
    today = await store.day_of(tx, contact_point, origin.now)
    after, fact = contact_point.request_verification(due=due, method=method, today=today, now=origin.now)
    await advance(tx, origin, after, fact, after.recorded_at)


async def verify(
    tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, method: str, changed_fields: Sequence[str], on: date | None
) -> None:
    """It was found right, on a day or now."""
    at = start_of(on) if on else origin.now
    after, fact = contact_point.verify(method=method, changed_fields=changed_fields, at=at, now=origin.now)
    await advance(tx, origin, after, fact, at)


async def end(
    tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, valid_to: date, reason: str, successor: UUID | None
) -> None:
    """It serves no longer from a day on."""
    await store.require_contact_point(tx, "successor_ref", successor)
    after, fact = contact_point.end(valid_to=valid_to, reason=reason, successor=successor, now=origin.now)
    await advance(tx, origin, after, fact, start_of(valid_to))


async def correct(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, corrects: UUID, on: date, reason: str) -> None:
    """An earlier fact happened on another day; raises `Invalid` where it is no standing fact of this contact point."""
    step = next((step for step in await store.standing_steps(tx, contact_point.id) if step.event_id == corrects), None)
    if step is None:
        raise Invalid("corrects", "is no standing fact of this contact point")
    after, fact = contact_point.correct(step, on=on, reason=reason, now=origin.now)
    await advance(tx, origin, after, fact, start_of(on), corrects=corrects, reason=reason)


async def retract(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, corrects: UUID, reason: str) -> None:
    """Take the newest standing fact back; `asof` before now still shows it."""
    standing = await store.standing_steps(tx, contact_point.id)
    after, fact = contact_point.retract(corrects, standing, reason=reason, now=origin.now)
    await store.take_back(tx, corrects, after.recorded_at)
    # The state it leads to is an earlier step's: this one is no step to go back to.
    await advance(tx, origin, after, fact, after.recorded_at, corrects=corrects, reason=reason, standing=False)


async def record_details(tx: AsyncConnection, origin: Origin, person: Person, details: Details) -> None:
    """The person's details, whole, sealed under the person's own key, for the personal topic. Raises `NotFound` once erased."""
    person = person.present()
    key = await store.key_of(tx, person.ref)
    if key is None:
        key = gateways.new_key()
        await store.add_key(tx, person.ref, key)
    after, sealed = person.seal(gateways.seal(key, person.ref, details), origin.now)
    await store.save_person(tx, after)
    await _send_sealed(tx, origin, after, sealed.payload())


async def record_access(tx: AsyncConnection, origin: Origin, person: Person, *, purpose: str, surface: str) -> bytes:
    """Note who is given a person's details or key, why, by which door; returns the key. `NotFound` where there is nothing to give."""
    after, fact = person.read(origin.actor, purpose, surface, origin.now)
    key = await store.key_of(tx, person.ref)
    assert key is not None  # noqa: S101 - a sealed record has its key: both are written, and destroyed, in one transaction
    await store.save_person(tx, after)
    await store.log_access(tx, person.ref, origin.actor, purpose, surface)
    await _say_person(tx, origin, after, fact)
    return key


async def erase_person(tx: AsyncConnection, origin: Origin, person: Person, contact_point: ContactPoint, ordered_by_role: str) -> int:
    """Destroy the key, then the contents, then say so: a tombstone alone erases nothing on a quiet topic. Returns keys destroyed.

    What lists that were not taken in yet hold of the person goes with it. The contact point stays, so that no indicator changes (XC-08),
    and is suspended: nobody is reached there.
    """
    person = person.present()
    await _leave_behind(tx, origin, contact_point)
    destroyed = await store.destroy_keys(tx, person.ref)
    after, fact = person.erase(destroyed, ordered_by_role, origin.now)
    await store.save_person(tx, after)
    # Last of what is locked: who takes a list in holds entries and persons before the list.
    await store.imports.forget_details(tx, person.ref)
    if after.sealed_version:
        await _send_sealed(tx, origin, after, None)
    await _say_person(tx, origin, after, fact)
    return destroyed


async def _leave_behind(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint) -> None:
    after, fact = contact_point.erase(await store.day_of(tx, contact_point, origin.now), origin.now)
    if fact is None:
        await store.mark_erased(tx, after)
    else:
        await advance(tx, origin, after, fact, after.recorded_at)


async def advance(tx: AsyncConnection, origin: Origin, after: ContactPoint, fact: Event, time: datetime, **beside: Any) -> UUID:
    """Keep a contact point's next state, say and remember the fact that led to it; `time` is when it happened. Returns the event's id."""
    after = after.heard(fact, time)
    await store.save_contact_point(tx, after)
    return await _step(tx, origin, after, fact, time, **beside)


async def _step(tx: AsyncConnection, origin: Origin, after: ContactPoint, fact: Event, time: datetime, **beside: Any) -> UUID:
    recorded, country = after.recorded_at, after.country
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=time, recorded=recorded, country=country)
    await store.add_step(tx, after, event_id, fact.type, time, **beside)
    return event_id


async def _say_authority(tx: AsyncConnection, origin: Origin, after: Authority, fact: AuthorityRegistered) -> None:
    moment = after.recorded_at
    event_id = await outbox.add(
        tx, origin, fact, subject=after.id, version=after.version, time=moment, recorded=moment, country=after.country
    )
    await store.remember(tx, store.AUTHORITIES, after, event_id, fact.type, moment, standing=True)


async def _say_person(tx: AsyncConnection, origin: Origin, after: Person, fact: Event) -> None:
    moment = after.recorded_at
    await outbox.add(tx, origin, fact, subject=after.ref, version=after.version, time=moment, recorded=moment, country=after.country)


async def _send_sealed(tx: AsyncConnection, origin: Origin, after: Person, value: bytes | None) -> None:
    await outbox.add_all(tx, [sealed_record(origin, after, value)])


def sealed_record(origin: Origin, after: Person, value: bytes | None) -> outbox.Row:
    """A record of the personal topic; it is no JSON, so its content type says what it is."""
    attributes = Attributes(
        id=uuid7(),
        source=origin.source,
        type=PersonSealed.type,
        subject=after.ref,
        time=after.recorded_at,
        recordedtime=after.recorded_at,
        aggversion=after.sealed_version,
        country=after.country,
        mode=origin.mode,
        classification=PersonSealed.classification,
        actor=origin.actor,
        correlationid=origin.correlation,
        dataschema=f"/schemas/{PersonSealed.type}.json",
        datacategories="contact_duty",
        traceparent=origin.traceparent,
    )
    return outbox.raw(PERSONAL, str(after.ref), attributes.headers() | {"content-type": "application/jose"}, value)
