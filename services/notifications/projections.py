"""How others' facts change whom to write to, and which mails follow from them.

Whom to write to is real: what contacts said in an exercise is left out. Only what was said of a person holds whatever the mode, for what
was erased is erased. A meeting may be an exercise, and nobody is written to about it (`silence`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications import store
from services.notifications.domain import (
    TO_ADDRESSEE,
    TO_ASKER,
    Kind,
    Letter,
    enquiry_letters,
    enquiry_of,
    letters,
    notice_of,
    silence,
    tells,
    written_to,
)
from shared import db, inbox, intake
from shared.events import Attributes, Event, Malformed, careful
from shared.events import contacts as of_contacts
from shared.events import meetings as of_meetings
from shared.offsets import Outcome, Record
from shared.records import known

TOPICS = (
    of_contacts.AUTHORITIES,
    of_contacts.CONTACT_POINTS,
    of_contacts.PERSONAL,
    of_contacts.PERSONS,
    of_contacts.NETWORKS,
    of_contacts.LIAISONS,
    of_meetings.MEETINGS,
    of_contacts.ENQUIRIES,
)
"""In the order in which a batch is taken in: whom to write to is known before what to write about."""
TAKEN_IN: tuple[type[Event], ...] = (
    of_contacts.AuthorityRegistered,
    of_contacts.AuthorityAmended,
    of_contacts.ContactPointNominated,
    of_contacts.ContactPointDesignated,
    of_contacts.ContactPointUpdated,
    of_contacts.ContactPointVerificationRequested,
    of_contacts.ContactPointSuccessorRequested,
    of_contacts.ContactPointEnded,
    of_contacts.ContactPointCorrected,
    of_contacts.ContactPointRetracted,
    of_contacts.PersonSealed,
    of_contacts.PersonErased,
    of_contacts.NetworkFounded,
    of_contacts.NetworkActivated,
    of_contacts.NetworkSilentFlagged,
    of_contacts.NetworkDissolved,
    of_contacts.NetworkMembershipGranted,
    of_contacts.NetworkMembershipEnded,
    of_contacts.NetworkRetracted,
    of_contacts.LiaisonPosted,
    of_contacts.LiaisonEnded,
    of_contacts.LiaisonFunded,
    of_contacts.LiaisonRetracted,
    of_meetings.MeetingProposed,
    of_meetings.MeetingDelegationAdded,
    of_meetings.MeetingScheduled,
    of_meetings.MeetingRescheduled,
    of_meetings.MeetingCancelled,
    of_meetings.MeetingHeld,
    of_meetings.MeetingRetracted,
    *TO_ADDRESSEE,
    *TO_ASKER,
)
READ = {event: careful(event) for event in TAKEN_IN}
REAL = (of_contacts.AUTHORITIES, of_contacts.CONTACT_POINTS, of_contacts.NETWORKS, of_contacts.LIAISONS, of_contacts.ENQUIRIES)
"""Topics of which nothing that was said in an exercise is taken in."""


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    outcome: Outcome = field(default_factory=Outcome)
    unread: list[tuple[Record, str]] = field(default_factory=list)
    """Records nothing could be made of, and why."""
    suppressed: Counter[str] = field(default_factory=Counter)
    """Mails that nobody gets, by the reason."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a batch is taken in, and which facts are news then."""

    now: datetime
    began: datetime
    young: timedelta


async def take(tx: AsyncConnection, records: Sequence[Record], now: datetime, young: timedelta) -> Taken:
    """Take in what is unread, park what cannot be read, move on: all or nothing."""
    taken, moment = Taken(), Moment(now, await store.telling_since(tx), young)
    ordered = sorted(records, key=lambda record: TOPICS.index(record.topic))
    taken.unread = await intake.each(tx, ordered, lambda record: _one(tx, record, moment, taken), taken.outcome)
    return taken


async def retry(tx: AsyncConnection, id_: UUID, by: str, *, young: timedelta) -> None:
    """Take a parked record in once more; where it fails again it stays open with the newest reason."""

    async def one(record: Record) -> Outcome:
        taken = Taken()
        await _one(tx, record, Moment(datetime.now(UTC), await store.telling_since(tx), young), taken)
        return taken.outcome

    await intake.again(tx, id_, by, one)


async def _one(tx: AsyncConnection, record: Record, moment: Moment, taken: Taken) -> None:
    place, met = (record.topic, record.partition), known(record)
    if met is None or met[1] not in READ:
        taken.outcome.skipped[place] += 1
        return
    said, event = met
    if said.mode == "exercise" and event.topic in REAL:
        await store.leave_out(tx, said)
        taken.outcome.skipped[place] += 1
        return
    try:
        # A value that PostgreSQL refuses takes nothing but itself along.
        async with tx.begin_nested():
            new = await _fact(tx, said, event, record.value, moment, taken)
    except DBAPIError as error:
        if not db.value_refused(error):
            raise
        raise Malformed("a value that cannot be stored") from error
    (taken.outcome.folded if new else taken.outcome.duplicates)[place] += 1
    taken.outcome.recordedtime[place] = max(said.recordedtime, taken.outcome.recordedtime.get(place, said.recordedtime))


async def _fact(tx: AsyncConnection, said: Attributes, event: type[Event], value: bytes | None, moment: Moment, taken: Taken) -> bool:
    """Take one fact in; False where it was taken in before."""
    if event is of_contacts.PersonSealed:
        return await store.keep_sealed(tx, said, _jwe(value))
    if not value:
        raise Malformed("value is empty")
    fact = READ[event](value)
    match fact:
        case of_contacts.AuthorityRegistered():
            return await store.keep_authority(tx, said, fact)
        case of_contacts.PersonErased():
            return await store.forget_person(tx, fact.person_ref)
        case of_contacts.EnquiryOpened():
            return await _enquiry(tx, said, fact, moment, taken)
    if event.topic in (of_contacts.NETWORKS, of_contacts.LIAISONS):
        return await store.keep_reach_fact(tx, said, fact)
    if event.topic == of_contacts.CONTACT_POINTS:
        return await _contact_point(tx, said, fact, moment, taken)
    return await _meeting(tx, said, fact, moment, taken)


async def _contact_point(tx: AsyncConnection, said: Attributes, fact: Event, moment: Moment, taken: Taken) -> bool:
    """Keep it, and queue what is to be written about it: a fact is kept once, so that it is told once."""
    if not await store.keep_contact_point_fact(tx, said, fact):
        return False
    notice = notice_of(fact, said.subject)
    if notice is None:
        return True
    known = await store.contact_points_of(tx, {said.country} if said.country else set(), {said.subject})
    about = known[said.subject]
    deputy = await store.contact_points_of(tx, set(), {about.deputy}) if about.deputy else {}
    kind: Kind = "verify" if isinstance(fact, of_contacts.ContactPointVerificationRequested) else "successor"
    found = written_to(fact, about, [*{**known, **deputy}.values()], moment.now)
    due = [Letter(kind, each, each.country) for each in found] or [Letter(kind, None, about.country)]
    silent = silence(said, moment.began, moment.now, moment.young)
    taken.suppressed.update(await store.queue(tx, said.id, notice, due, moment.now, silent))
    return True


def _jwe(value: bytes | None) -> str | None:
    """The seal; nothing is a tombstone."""
    try:
        return value.decode("ascii") if value else None
    except UnicodeDecodeError as error:
        raise Malformed("value is no compact JWE") from error


async def _enquiry(tx: AsyncConnection, said: Attributes, fact: of_contacts.EnquiryOpened, moment: Moment, taken: Taken) -> bool:
    """Queue the mails that follow: once for each event, however often it comes."""
    if not await inbox.unseen(tx, [said.id]):
        return False
    through = await store.reached(tx, fact.addressee_ref, moment.now.date()) if fact.addressee_ref else set()
    known = await store.contact_points_at(tx, {*through, *({fact.asker_ref} if fact.asker_ref else ())})
    due = enquiry_letters(fact, known.values(), through, moment.now)
    silent = silence(said, moment.began, moment.now, moment.young)
    taken.suppressed.update(await store.queue(tx, said.id, enquiry_of(fact, said.subject), due, moment.now, silent))
    return True


async def _meeting(tx: AsyncConnection, said: Attributes, fact: Event, moment: Moment, taken: Taken) -> bool:
    """Queue the mails that follow: once for each event, however often it comes."""
    if not await inbox.unseen(tx, [said.id]):
        return False
    before = await store.meeting(tx, said.subject)
    meeting = before.after(fact, said.aggversion)
    if meeting is before:
        return True
    await store.save_meeting(tx, meeting)
    if tells(fact, meeting):
        asked = await store.invited(tx, meeting.id)
        named = [seat.contact_point for seat in meeting.seats if seat.contact_point]
        there = await store.contact_points_of(tx, {seat.country for seat in meeting.seats}, {*asked, *named})
        silent = silence(said, moment.began, moment.now, moment.young)
        due = letters(fact, meeting, there, asked, moment.now)
        taken.suppressed.update(await store.queue(tx, said.id, meeting, due, moment.now, silent))
    return True
