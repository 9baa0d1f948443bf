"""What facts said, in and out; and the queue of mails: claim, then settle, each in a transaction of its own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Table, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate
from uuid_utils.compat import uuid7

from services.notifications.domain import (
    LONGEST_TRY_S,
    About,
    ContactPoint,
    Delivery,
    Enquiry,
    Letter,
    Meeting,
    Notice,
    SubjectType,
    folded,
    through_whom,
)
from services.notifications.tables import (
    authorities,
    began,
    contact_point_facts,
    contact_points,
    deliveries,
    meetings,
    persons,
    reach_facts,
)
from shared import rows
from shared.errors import Conflict
from shared.events import Attributes, Event, event_class
from shared.events.contacts import AuthorityRegistered

_meeting = TypeAdapter(Meeting)
_contact_point = TypeAdapter(ContactPoint)
_ITS_OFFICE = authorities.c.id == contact_points.c.authority
_about: Mapping[SubjectType, TypeAdapter[Any]] = {
    "meeting": _meeting,
    "contact_point": TypeAdapter(Notice),
    "enquiry": TypeAdapter(Enquiry),
}
LEASE = timedelta(seconds=LONGEST_TRY_S + 30)
"""Longer than any try takes: a mail claimed by a process that died is another's after it."""


async def telling_since(tx: AsyncConnection) -> datetime:
    """Since when anybody is told of anything."""
    at: datetime = (await tx.execute(select(began.c.at))).scalar_one()
    return at


async def keep_authority(tx: AsyncConnection, said: Attributes, fact: AuthorityRegistered) -> bool:
    """Its clock and its languages; False where a newer word is known."""
    row = {"id": said.subject, "version": said.aggversion, "zone": fact.zone, "languages": fact.languages}
    new = insert(authorities).values(row)
    newer = new.on_conflict_do_update(index_elements=["id"], set_=row, where=authorities.c.version < new.excluded.version)
    return (await tx.execute(newer.returning(authorities.c.id))).first() is not None


async def keep_sealed(tx: AsyncConnection, said: Attributes, jwe: str | None) -> bool:
    """A person's sealed details, None where they were erased; False where a newer word is known."""
    row = {"ref": said.subject, "jwe": jwe, "sealed_version": said.aggversion}
    new = insert(persons).values(row | {"erased": False})
    # An older record read after the erasure must not bring anything back.
    kept = row | {"jwe": case((persons.c.erased, None), else_=new.excluded.jwe)}
    newer = new.on_conflict_do_update(index_elements=["ref"], set_=kept, where=persons.c.sealed_version < new.excluded.sealed_version)
    return (await tx.execute(newer.returning(persons.c.ref))).first() is not None


async def forget_person(tx: AsyncConnection, ref: UUID) -> bool:
    """Nobody writes to them any more; False where that was known."""
    row = {"ref": ref, "jwe": None, "erased": True}
    new = insert(persons).values(row | {"sealed_version": 0})
    known = new.on_conflict_do_update(index_elements=["ref"], set_=row, where=~persons.c.erased)
    return (await tx.execute(known.returning(persons.c.ref))).first() is not None


async def keep_contact_point_fact(tx: AsyncConnection, said: Attributes, fact: Event) -> bool:
    """A fact of a contact point, and what all of them come to; False where it was there."""
    if not await _keep_fact(tx, contact_point_facts, said, fact, contact_point_id=said.subject, country=said.country):
        return False
    await _retell(tx, said.subject)
    return True


async def _retell(tx: AsyncConnection, id_: UUID) -> None:
    """A contact point as all of its facts tell it; without any it is none."""
    mine = contact_point_facts.c.contact_point_id == id_
    history = (await tx.execute(select(contact_point_facts).where(mine).order_by(contact_point_facts.c.version))).all()
    if not history:
        await tx.execute(delete(contact_points).where(contact_points.c.id == id_))
        return
    found = folded(id_, next((row.country for row in history if row.country), None), _said(history))
    kept = {name: getattr(found, name) for name in ("id", "country", "authority", "network")}
    kept["contact_point"] = _contact_point.dump_python(found, mode="json")
    await tx.execute(insert(contact_points).values(kept).on_conflict_do_update(index_elements=["id"], set_=kept))


async def leave_out(tx: AsyncConnection, said: Attributes) -> None:
    """A fact that is not to be taken in; where it was kept before that was so, it is kept no longer."""
    await tx.execute(delete(reach_facts).where(reach_facts.c.event_id == said.id, reach_facts.c.subject == said.subject))
    mine = (contact_point_facts.c.event_id == said.id) & (contact_point_facts.c.contact_point_id == said.subject)
    if (await tx.execute(delete(contact_point_facts).where(mine))).rowcount:
        await _retell(tx, said.subject)


async def keep_reach_fact(tx: AsyncConnection, said: Attributes, fact: Event) -> bool:
    """A fact of what has no mailbox of its own; False where it was there."""
    return await _keep_fact(tx, reach_facts, said, fact, subject=said.subject)


async def _keep_fact(tx: AsyncConnection, table: Table, said: Attributes, fact: Event, **beside: Any) -> bool:
    row = {"version": said.aggversion, "event_id": said.id, "type": said.type, "data": fact.model_dump(mode="json"), **beside}
    new = insert(table).values(row).on_conflict_do_nothing().returning(table.c.version)
    return (await tx.execute(new)).first() is not None


def _said(rows: Iterable[Row[Any]]) -> list[tuple[UUID, Event]]:
    """Kept facts with the ids of their events; a type that is known no longer says nothing."""
    return [(row.event_id, kind.model_validate(row.data)) for row in rows if (kind := event_class(row.type))]


async def reached(tx: AsyncConnection, asked: UUID, on: date) -> set[UUID]:
    """Itself, whom it names to be reached through, and whom those name in turn: the network that keeps a secretariat has gateways too."""
    first = await _named_by(tx, {asked}, on)
    return first | await _named_by(tx, first - {asked}, on)


async def _named_by(tx: AsyncConnection, ids: set[UUID], on: date) -> set[UUID]:
    wanted = select(reach_facts).where(reach_facts.c.subject.in_(ids)).order_by(reach_facts.c.subject, reach_facts.c.version)
    rows = (await tx.execute(wanted)).all()
    said = {id_: _said(row for row in rows if row.subject == id_) for id_ in ids}
    return {ref for id_, facts in said.items() for ref in through_whom(id_, facts, on)}


async def contact_points_of(tx: AsyncConnection, countries: Collection[str], ids: Collection[UUID]) -> Mapping[UUID, ContactPoint]:
    """Those of some countries and some others, each with its authority's clock."""
    return await _contact_points(tx, or_(contact_points.c.country.in_(countries), contact_points.c.id.in_(ids)))


async def contact_points_at(tx: AsyncConnection, refs: Collection[UUID]) -> Mapping[UUID, ContactPoint]:
    """Those that are one of these, serve at one of these or were appointed by one of these networks."""
    columns = (contact_points.c.id, contact_points.c.authority, contact_points.c.network)
    return await _contact_points(tx, or_(*(column.in_(refs) for column in columns)))


async def _contact_points(tx: AsyncConnection, concerned: ColumnElement[bool]) -> Mapping[UUID, ContactPoint]:
    wanted = select(contact_points.c.contact_point, authorities.c.zone).outerjoin(authorities, _ITS_OFFICE).where(concerned)
    there = await tx.execute(wanted.order_by(contact_points.c.id))
    found = [(_contact_point.validate_python(row.contact_point), row.zone) for row in there]
    return {each.id: replace(each, zone=zone or "UTC") for each, zone in found}


async def meeting(tx: AsyncConnection, id_: UUID) -> Meeting:
    """The meeting as far as it is known; version 0 where nothing is."""
    row = (await tx.execute(select(meetings.c.meeting).where(meetings.c.id == id_))).one_or_none()
    return Meeting(id_) if row is None else _meeting.validate_python(row.meeting)


async def save_meeting(tx: AsyncConnection, kept: Meeting) -> None:
    """Keep its newest state."""
    row = {"id": kept.id, "meeting": _meeting.dump_python(kept, mode="json")}
    await tx.execute(insert(meetings).values(row).on_conflict_do_update(index_elements=["id"], set_=row))


async def invited(tx: AsyncConnection, meeting_id: UUID) -> list[UUID]:
    """Contact points who were asked to a meeting, or will be as soon as the mail leaves, and were not told otherwise since."""
    mine = (deliveries.c.subject_id == meeting_id) & deliveries.c.state.in_(("queued", "sent")) & deliveries.c.contact_point_id.is_not(None)
    last = (
        select(deliveries.c.contact_point_id, deliveries.c.kind)
        .ext(distinct_on(deliveries.c.contact_point_id))
        .where(mine)
        .order_by(deliveries.c.contact_point_id, deliveries.c.number.desc())
    )
    return [row.contact_point_id for row in await tx.execute(last) if row.kind in ("invited", "changed")]


async def queue(
    tx: AsyncConnection, event_id: UUID, about: About, letters: Sequence[Letter], now: datetime, silent: str | None
) -> list[str]:
    """Put mails in the queue; those nobody shall get (`silent` says why), or nobody can, are only logged. Returns the reasons of these."""
    type_, id_ = _subject(about)
    said = {"subject_type": type_, "subject_id": id_, "about": _about[type_].dump_python(about, mode="json")}
    queued: list[dict[str, Any]] = []
    for letter in letters:
        whose = letter.contact_point
        reason = silent or (None if whose else "no_contact_point")
        row = {"id": uuid7(), "event_id": event_id, "country": letter.country, "kind": letter.kind, **said}
        row |= {"contact_point_id": whose.id if whose else None, "person_ref": whose.person if whose else None, "reason": reason}
        row |= {"state": "suppressed" if reason else "queued", "queued_at": now, "next_at": now, "ended_at": now if reason else None}
        queued.append(row)
    if queued:
        await tx.execute(insert(deliveries).values(queued).on_conflict_do_nothing())
    return [row["reason"] for row in queued if row["reason"]]


def _subject(about: About) -> tuple[SubjectType, UUID]:
    match about:
        case Meeting():
            return "meeting", about.id
        case Notice():
            return "contact_point", about.contact_point
        case Enquiry():
            return "enquiry", about.id


def _claim() -> ReturningUpdate[Any]:
    """What is due and nobody's; and no earlier mail about the same thing to the same contact point waits: they leave in order."""
    mail, earlier, now = deliveries.alias(), deliveries.alias(), bindparam("now", type_=deliveries.c.next_at.type)
    before = exists().where(
        earlier.c.subject_id == mail.c.subject_id,
        earlier.c.contact_point_id == mail.c.contact_point_id,
        earlier.c.state == "queued",
        earlier.c.number < mail.c.number,
    )
    free = or_(mail.c.claimed_until.is_(None), mail.c.claimed_until < now)
    due = select(mail.c.id).where(mail.c.state == "queued", mail.c.next_at <= now, free, ~before)
    due = due.order_by(mail.c.number).limit(1).with_for_update(skip_locked=True, of=mail)
    return update(deliveries).where(deliveries.c.id == due.scalar_subquery()).values(claimed_until=bindparam("until")).returning(deliveries)


# Made once: it is asked every second by each of those who send.
_CLAIM = _claim()


async def claim(tx: AsyncConnection, now: datetime) -> Delivery | None:
    """The next mail that is due, this process's own until the lease ends."""
    row = (await tx.execute(_CLAIM, {"now": now, "until": now + LEASE})).one_or_none()
    if row is None:
        return None
    there = select(authorities.c.zone, authorities.c.languages).join(contact_points, _ITS_OFFICE)
    at = (await tx.execute(there.where(contact_points.c.id == row.contact_point_id))).one_or_none()
    return Delivery(
        id=row.id,
        kind=row.kind,
        about=_about[row.subject_type].validate_python(row.about),
        person=row.person_ref,
        queued_at=row.queued_at,
        attempts=row.attempts,
        languages=tuple(at.languages) if at else (),
        zone=at.zone if at else "UTC",
    )


async def settle(tx: AsyncConnection, id_: UUID, **became: Any) -> None:
    """Say what became of a claimed mail, and let go of it."""
    await tx.execute(update(deliveries).where(deliveries.c.id == id_).values(claimed_until=None, **became))


async def try_again(tx: AsyncConnection, id_: UUID, now: datetime) -> None:
    """A mail that was given up is queued anew; raises `NotFound`, or `Conflict` where it was not given up."""
    mail = await rows.locked(tx, deliveries, id_, "delivery")
    if mail.state != "dead":
        raise Conflict(f"It is {mail.state}: only what was given up can be tried again")
    await settle(tx, id_, state="queued", reason=None, attempts=0, next_at=now, ended_at=None)


async def sealed(tx: AsyncConnection, ref: UUID) -> tuple[str | None, bool]:
    """A person's sealed details, and whether they were erased."""
    row = (await tx.execute(select(persons.c.jwe, persons.c.erased).where(persons.c.ref == ref))).one_or_none()
    return (None, False) if row is None else (row.jwe, row.erased)


async def backlog(tx: AsyncConnection) -> tuple[int, float]:
    """How many mails wait, and for how many seconds the oldest has."""
    age = func.coalesce(func.extract("epoch", func.clock_timestamp() - func.min(deliveries.c.queued_at)), 0)
    count, seconds = (await tx.execute(select(func.count(), age).where(deliveries.c.state == "queued"))).one()
    return int(count), float(seconds)
