"""Mails about an entry of the directory: confirm it, or name a successor (U17)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.notifications.domain.contact_point import ContactPoint
from shared.events import Event
from shared.events import contacts as facts


@dataclass(frozen=True, slots=True)
class Notice:
    """Which contact point it is about, and the day by which something is asked."""

    contact_point: UUID
    day: date


def notice_of(fact: Event, contact_point: UUID) -> Notice | None:
    """What a fact of a contact point gives to write about, if anything."""
    match fact:
        case facts.ContactPointVerificationRequested(method="self"):
            return Notice(contact_point, fact.due)
        case facts.ContactPointSuccessorRequested():
            return Notice(contact_point, fact.term_to)
    return None


def written_to(fact: Event, about: ContactPoint, known: Collection[ContactPoint], now: datetime) -> Sequence[ContactPoint]:
    """Whom the notice is for: itself where it shall confirm; for a successor its deputy, else whoever else serves for its country."""
    if isinstance(fact, facts.ContactPointVerificationRequested):
        return [about]
    others = [each for each in known if each.id != about.id and each.serves(now)]
    return [each for each in others if each.id == about.deputy] or [each for each in others if each.country == about.country]
