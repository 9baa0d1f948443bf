"""What keeps contact points reliable: absences, suspensions, and what the passing of time brings about (U17, iA8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.commands.directory import advance
from services.contacts.domain import ASKED_BEFORE, DORMANT, NEXT, ContactPoint, day_at, days_at, end_of
from shared.events import Origin, start_of

BATCH = 100


async def suspend(tx: AsyncConnection, origin: Origin, contact_point: ContactPoint) -> None:
    """It is asked no longer, until it is verified."""
    after, fact = contact_point.suspend(await store.day_of(tx, contact_point, origin.now), origin.now)
    await advance(tx, origin, after, fact, after.recorded_at)


async def note_absence(
    tx: AsyncConnection, origin: Origin, contact_point: ContactPoint, *, first: date, last: date, deputy: UUID | None
) -> None:
    """It is away for some days, and somebody may answer meanwhile."""
    await store.require_contact_point(tx, "deputy_ref", deputy)
    after, fact = contact_point.note_absence(first=first, last=last, deputy=deputy, now=origin.now)
    await advance(tx, origin, after, fact, after.recorded_at)


async def lapse_overdue(tx: AsyncConnection, source: str, now: datetime) -> int:
    """Lapse verifications whose day is over on the authority's own clock, once per (contact point, due). Returns how many."""
    origin = _by_itself(source, now)
    listed = await store.overdue(tx, days_at(now)[1])
    over = [(id_, due, end_of(due, zone)) for id_, due, zone in listed if end_of(due, zone) <= now]
    lapsed = 0
    for id_, due, since in over[:BATCH]:
        contact_point = await store.contact_point(tx, id_)
        # Asked again under the lock: it may have been verified since it was listed.
        if (contact_point.state, contact_point.due) == ("verification_due", due):
            after, fact = contact_point.lapse(now)
            await advance(tx, origin, after, fact, since, due=due)
            lapsed += 1
    return lapsed


async def suspend_left_behind(tx: AsyncConnection, source: str, now: datetime) -> int:
    """Suspend who was erased before that was known of a contact point. Returns how many."""
    suspended = 0
    for id_ in await store.left_behind(tx, BATCH):
        contact_point = await store.contact_point(tx, id_)
        # Asked again under the lock: it may have been ended since it was listed.
        if "suspend" in NEXT[contact_point.state]:
            await suspend(tx, _by_itself(source, now), contact_point)
            suspended += 1
    return suspended


async def flag_dormant(tx: AsyncConnection, source: str, now: datetime) -> int:
    """Flag whom nothing was heard of for 365 days, once. Returns how many."""
    flagged = 0
    for id_ in await store.unheard(tx, now - DORMANT, BATCH):
        # Asked again under the lock: something may have been heard of it since it was listed.
        if said := (await store.contact_point(tx, id_)).dormant(now):
            after, fact = said
            await advance(tx, _by_itself(source, now), after, fact, start_of(after.dormant_since or now.date()))
            flagged += 1
    return flagged


async def ask_successors(tx: AsyncConnection, source: str, now: datetime) -> int:
    """Ask for a successor wherever a term ends within 60 days, once for each term. Returns how many."""
    asked = 0
    for id_, today in _by(now, await store.leaving(tx, days_at(now)[1] + ASKED_BEFORE), ASKED_BEFORE):
        if said := (await store.contact_point(tx, id_)).ask_successor(today, now):
            await advance(tx, _by_itself(source, now), *said, now)
            asked += 1
    return asked


async def end_terms(tx: AsyncConnection, source: str, now: datetime) -> int:
    """End whoever's term is over, so that the seat is vacant at once (iA7). Returns how many."""
    ended = 0
    for id_, today in _by(now, await store.over(tx, days_at(now)[1])):
        # Asked again under the lock: it may have been ended since it was listed.
        if said := (await store.contact_point(tx, id_)).term_over(today, now):
            after, fact = said
            await advance(tx, _by_itself(source, now), after, fact, start_of(after.valid_to or now.date()))
            ended += 1
    return ended


def _by(now: datetime, listed: Iterable[tuple[UUID, date, str]], ahead: timedelta = timedelta()) -> list[tuple[UUID, date]]:
    """Those whose day has come on their authority's own clock, or is so near, with the day it is there; at most a batch of them."""
    days = [(id_, term_to, day_at(now, zone)) for id_, term_to, zone in listed]
    return [(id_, today) for id_, term_to, today in days if term_to - ahead <= today][:BATCH]


def _by_itself(source: str, now: datetime) -> Origin:
    return Origin(actor="service:contacts", source=source, correlation=uuid4(), now=now)
