"""Enquiries: asked, sent, answered, sent on, done with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.commands.steps import advance
from services.contacts.domain import WAITING, Calendars, Enquiry
from shared.events import Event, Origin, subject_of

BATCH = 100


@dataclass(frozen=True, slots=True)
class Clocks:
    """The working time of those who are asked, and how much of it they have to acknowledge, by urgency (P1)."""

    calendars: Calendars
    within: Mapping[str, timedelta]


async def ask(tx: AsyncConnection, origin: Origin, clocks: Clocks, described: Mapping[str, Any], addressee: UUID | None) -> UUID:
    """A country asks another; where it is known whom, it goes there at once. Raises `Conflict` for a reference known already."""
    reference = described["reference"]
    id_ = subject_of("contacts", "enquiry", reference) if reference else uuid4()
    told = {**described, "reference": reference or f"enquiry-{id_}", "opened": origin.now, "recorded_at": origin.now}
    enquiry = Enquiry(id=id_, state="opened", version=1, **told)
    await store.require_contact_point(tx, "asker_ref", enquiry.asker)
    await advance(tx, origin, store.ENQUIRIES, enquiry, enquiry.opening(), origin.now, beside={})
    if addressee is not None:
        await route(tx, origin, clocks, enquiry, addressee)
    return id_


async def route(tx: AsyncConnection, origin: Origin, clocks: Clocks, enquiry: Enquiry, addressee: UUID) -> None:
    """It goes to the first who is asked."""
    to = await store.addressee(tx, clocks.calendars, addressee, enquiry.to_country, origin.now)
    await _said(tx, origin, *enquiry.route(to, clocks.within[enquiry.urgency], origin.now), origin.now)


async def escalate(tx: AsyncConnection, origin: Origin, clocks: Clocks, enquiry: Enquiry, addressee: UUID) -> None:
    """It goes to the next, in place of the one before."""
    to = await store.addressee(tx, clocks.calendars, addressee, enquiry.to_country, origin.now)
    before = await store.calendar_of(tx, clocks.calendars, enquiry)
    await _said(tx, origin, *enquiry.escalate(before, to, clocks.within[enquiry.urgency], origin.now), origin.now)


async def acknowledge(tx: AsyncConnection, origin: Origin, clocks: Clocks, enquiry: Enquiry, at: datetime | None) -> None:
    """Whoever was asked has it in hand."""
    at = at or origin.now
    await _theirs(tx, origin, *enquiry.acknowledge(await store.calendar_of(tx, clocks.calendars, enquiry), at, origin.now), at)


async def answer(tx: AsyncConnection, origin: Origin, clocks: Clocks, enquiry: Enquiry, at: datetime | None) -> None:
    """It is answered."""
    at = at or origin.now
    await _theirs(tx, origin, *enquiry.answer(await store.calendar_of(tx, clocks.calendars, enquiry), at, origin.now), at)


async def refuse(
    tx: AsyncConnection, origin: Origin, clocks: Clocks, enquiry: Enquiry, at: datetime | None, *, reason: str, told: str | None
) -> None:
    """It is refused; what was told beside the code goes on no topic."""
    at = at or origin.now
    after, fact = enquiry.refuse(reason, await store.calendar_of(tx, clocks.calendars, enquiry), at, origin.now)
    await _theirs(tx, origin, after, fact, at, beside={"told": told} if told else None)


async def withdraw(tx: AsyncConnection, origin: Origin, enquiry: Enquiry) -> None:
    """No answer is wanted any more."""
    await _said(tx, origin, *enquiry.withdraw(origin.now), origin.now)


async def close(tx: AsyncConnection, origin: Origin, enquiry: Enquiry, useful: bool | None) -> None:
    """Done with."""
    await _said(tx, origin, *enquiry.close(useful, origin.now), origin.now)


async def propose_steps(tx: AsyncConnection, source: str, now: datetime) -> int:
    """Of what nobody acknowledged in time it is said that a next step is due, once for each addressee; how many."""
    origin = Origin(actor="service:contacts", source=source, correlation=uuid4(), now=now)
    late = await store.unacknowledged(tx, now, BATCH)
    for id_ in late:
        enquiry: Enquiry = await store.locked(tx, store.ENQUIRIES, id_)
        # It may have been acknowledged between the look and the lock.
        if enquiry.state in WAITING and enquiry.proposed_at is None:
            after, fact = enquiry.propose(now)
            # No step to go back to: the loop would only repeat what a person took back.
            await advance(tx, origin, store.ENQUIRIES, after, fact, now, standing=False)
    return len(late)


async def _said(tx: AsyncConnection, origin: Origin, after: Enquiry, fact: Event, at: datetime) -> None:
    await advance(tx, origin, store.ENQUIRIES, after, fact, at)


async def _theirs(
    tx: AsyncConnection, origin: Origin, after: Enquiry, fact: Event, at: datetime, *, beside: Mapping[str, Any] | None = None
) -> None:
    """What the country that is asked achieves."""
    await advance(tx, origin, store.ENQUIRIES, after, fact, at, beside=beside, country=after.to_country)
