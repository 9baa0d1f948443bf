"""Who is written to when something happens to a meeting (A11): whoever is named on a seat, else the country's designated contact points."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.contact_point import ContactPoint
from services.notifications.domain.letter import Letter
from services.notifications.domain.meeting import Meeting, Seat
from shared.events import Event
from shared.events import meetings as facts


def tells(fact: Event, meeting: Meeting) -> bool:
    """Is there anything to write about, now that the meeting is as that fact left it?"""
    match fact:
        case facts.MeetingScheduled() | facts.MeetingCancelled():
            return True
        case facts.MeetingDelegationAdded():
            return meeting.state == "scheduled"
    return False


def letters(
    fact: Event, meeting: Meeting, known: Mapping[UUID, ContactPoint], invited: Collection[UUID], now: datetime
) -> Sequence[Letter]:
    """The mails that follow from a fact, the meeting being as it left it.

    `known`: every contact point of the seats' countries, all named on a seat, and all of `invited`, who were asked to this
    meeting before. A newcomer is invited, whatever happened to the meeting before; seats given later change nothing for others.
    """
    before = [known[id_] for id_ in sorted(invited) if id_ in known]
    if isinstance(fact, facts.MeetingCancelled):
        return [Letter("cancelled", each, each.country) for each in before]
    wanted = list(_seated(meeting.seats, known, now))
    ids = {letter.contact_point.id for letter in wanted if letter.contact_point}
    released = [Letter("released", each, each.country) for each in before if each.id not in ids]
    if isinstance(fact, facts.MeetingDelegationAdded):
        given = [seat for seat in meeting.seats if seat.country == fact.country]
        return [*(letter for letter in _seated(given, known, now) if not _asked(letter, invited)), *released]
    return [*(replace(letter, kind="changed") if _asked(letter, invited) else letter for letter in wanted), *released]


def _asked(letter: Letter, invited: Collection[UUID]) -> bool:
    return letter.contact_point is not None and letter.contact_point.id in invited


def _seated(seats: Sequence[Seat], known: Mapping[UUID, ContactPoint], now: datetime) -> Iterator[Letter]:
    """Whom the seats concern, each once."""
    seen: set[UUID] = set()
    for seat in seats:
        named = known.get(seat.contact_point) if seat.contact_point else None
        theirs = (each for each in known.values() if each.country == seat.country and each.serves(now))
        found = [named] if named and named.serves(now) else list(theirs)
        if not found:
            yield Letter("invited", None, seat.country)
        yield from (Letter("invited", each, seat.country) for each in found if each.id not in seen)
        seen |= {each.id for each in found}
