"""Whether a contact point can be relied upon: away for a while, suspended, unheard of, or at the end of its term (U17)."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event
from shared.events.contacts.directory import CONTACT_POINTS


class ContactPointAbsenceNoted(Event):
    """The contact point is away from the first day to the last, both included; the newest such fact replaces those before it."""

    type = "contacts.contact_point.absence_noted.v1"
    topic = CONTACT_POINTS

    absent_from: date
    absent_to: date
    deputy_ref: UUID | None = None
    """Another contact point that answers meanwhile; the deputy of the post where none is named."""


class ContactPointSuspended(Event):
    """It is asked no longer, until it is verified: nobody answers there, or its mandate rests."""

    type = "contacts.contact_point.suspended.v1"
    topic = CONTACT_POINTS
    feeds = ("iA8",)

    since: date


class ContactPointDormantFlagged(Event):
    """Nothing was heard of it for 365 days; whatever is heard of it afterwards lifts the flag."""

    type = "contacts.contact_point.dormant_flagged.v1"
    topic = CONTACT_POINTS
    feeds = ("iA8",)

    since: date
    last_activity: datetime


class ContactPointSuccessorRequested(Event):
    """Its term ends within 60 days: whoever appointed it is asked for a successor."""

    type = "contacts.contact_point.successor_requested.v1"
    topic = CONTACT_POINTS

    term_to: date


PUBLISHED = (ContactPointAbsenceNoted, ContactPointSuspended, ContactPointDormantFlagged, ContactPointSuccessorRequested)
