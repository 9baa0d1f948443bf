"""Enquiries: who asked whom in another country for which measure, and what came of it; never a word of the case (B7, M4, A10)."""

from datetime import datetime
from uuid import UUID

from shared.events.base import Event

ENQUIRIES = "contacts.enquiry.v1"
COUNTED = ("iK1", "iK2", "iK4")


class EnquiryOpened(Event):
    """A country asks another. Each of these facts carries the enquiry as it stands, so that it can be read alone."""

    type = "contacts.enquiry.opened.v1"
    topic = ENQUIRIES
    feeds = COUNTED

    from_country: str
    to_country: str
    measure: str
    """What is sought: a measure of cooperation."""
    crime_types: list[str]
    urgency: str
    channel: str
    case_ref: str | None = None
    """Opaque: whose case it is, its owner alone knows."""
    asker_ref: UUID | None = None
    """The contact point that asks, where one does."""
    opened: datetime
    addressee_ref: UUID | None = None
    """The contact point, authority, network or liaison posting that is asked now; absent before anybody is."""
    addressee_kind: str | None = None
    """What it is; a `channel` is the diplomatic one to that country, whose reference names nothing else."""
    step: int
    """How many were asked so far, this one included."""


class EnquiryRouted(EnquiryOpened):
    """It went to somebody: their clock runs."""

    type = "contacts.enquiry.routed.v1"

    acknowledge_by: datetime | None = None
    """When, in the addressee's working time, the next step is proposed."""


class EnquiryEscalated(EnquiryRouted):
    """It went on to the next, who is asked in place of the one before."""

    type = "contacts.enquiry.escalated.v1"


class EnquiryStepProposed(EnquiryOpened):
    """Nobody acknowledged it in time: the next step is proposed, never forced (P1)."""

    type = "contacts.enquiry.step_proposed.v1"


class EnquiryAcknowledged(EnquiryOpened):
    """Whoever was asked has it in hand."""

    type = "contacts.enquiry.acknowledged.v1"

    working_minutes: int | None = None
    """Since it was opened, in the working time of those who were asked."""
    step_minutes: int | None = None
    """Since it went to this addressee, likewise."""


class EnquiryAnswered(EnquiryAcknowledged):
    """It is answered."""

    type = "contacts.enquiry.answered.v1"


class EnquiryRefused(EnquiryAcknowledged):
    """It is refused."""

    type = "contacts.enquiry.refused.v1"

    reason: str


class EnquiryClosed(EnquiryOpened):
    """Whoever asked has done with it."""

    type = "contacts.enquiry.closed.v1"

    useful: bool | None = None


class EnquiryWithdrawn(EnquiryOpened):
    """Whoever asked wants no answer any more."""

    type = "contacts.enquiry.withdrawn.v1"


class EnquiryRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "contacts.enquiry.retracted.v1"
    topic = ENQUIRIES
    feeds = COUNTED

    corrects: UUID
    reason: str


PUBLISHED = {
    ENQUIRIES: (
        EnquiryOpened,
        EnquiryRouted,
        EnquiryEscalated,
        EnquiryStepProposed,
        EnquiryAcknowledged,
        EnquiryAnswered,
        EnquiryRefused,
        EnquiryClosed,
        EnquiryWithdrawn,
        EnquiryRetracted,
    )
}
