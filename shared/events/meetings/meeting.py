"""Meetings: planned, held, counted, corrected."""

from datetime import datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from shared.events.base import Event

MEETINGS = "meetings.meeting.v1"
COUNTED = ("iEJ1", "iEJ2", "iEJ3", "iEJ4", "iA1", "iA5", "iA6")


# A TypedDict, not a model: the fast decoder mirrors it and knows no nested pydantic class.
class Delegation(TypedDict):
    """Seats of one country: which professions, how many, and the contact point who answers for them."""

    country: str
    categories: list[str]
    seats: int
    contact_point_ref: NotRequired[UUID]


class _Meeting(Event):
    """The whole meeting as planned, so that each fact can be read alone."""

    topic = MEETINGS

    kind: str
    title: dict[str, str]
    """Language -> short title; it names no person."""
    crime_types: list[str]
    countries: list[str]
    """Whose delegations take part."""
    format: str
    delegations: list[Delegation]
    networks: list[UUID] = []  # noqa: RUF012 - pydantic copies it
    """Networks whose meeting it is; several where they meet jointly."""


class MeetingProposed(_Meeting):
    """Somebody asks for a meeting."""

    type = "meetings.meeting.proposed.v1"
    feeds = ("iA1", "iEJ1")

    duration_minutes: int
    case_ref: str | None = None
    """Opaque: the case itself stays elsewhere."""
    series: str | None = None
    session_no: int | None = None


class MeetingDelegationAdded(Event):
    """A country is given seats, or other seats than before."""

    type = "meetings.meeting.delegation_added.v1"
    topic = MEETINGS
    feeds = ("iEJ2",)

    country: str
    categories: list[str]
    seats: int
    contact_point_ref: UUID | None = None


class MeetingScheduled(_Meeting):
    """It has a time; `sequence` rises with each change, as calendars want it (RFC 5545)."""

    type = "meetings.meeting.scheduled.v1"
    feeds = ("iK7",)

    start: datetime
    end: datetime
    zone: str
    """IANA name of the host's clock."""
    place: str | None = None
    sequence: int


class MeetingRescheduled(MeetingScheduled):
    """It has another time."""

    type = "meetings.meeting.rescheduled.v1"


class MeetingCancelled(_Meeting):
    """It will not take place."""

    type = "meetings.meeting.cancelled.v1"

    reason: str
    sequence: int
    start: datetime | None = None
    end: datetime | None = None
    zone: str | None = None


class _Held(Event):
    """The whole meeting as it took place: what is counted."""

    topic = MEETINGS
    feeds = COUNTED

    kind: str
    crime_types: list[str]
    countries: list[str]
    format: str
    started: datetime
    ended: datetime
    networks: list[UUID] = []  # noqa: RUF012 - pydantic copies it
    """Networks whose meeting it was; several where they met jointly."""


class MeetingHeld(_Held):
    """It took place."""

    type = "meetings.meeting.held.v1"


class MeetingReclassified(_Held):
    """It was about other crime types than was said."""

    type = "meetings.meeting.reclassified.v1"

    reason: str


class MeetingCorrected(_Held):
    """It took place otherwise than was said; `corrects` names the fact that was wrong."""

    type = "meetings.meeting.corrected.v1"

    corrects: UUID
    reason: str


class MeetingRetracted(Event):
    """It should never have been said that it took place: it counts no longer, from now on."""

    type = "meetings.meeting.retracted.v1"
    topic = MEETINGS
    feeds = COUNTED

    corrects: UUID
    reason: str


class MeetingAttendanceRecorded(Event):
    """Who was there: numbers by profession, countries and organisations, never persons."""

    type = "meetings.meeting.attendance_recorded.v1"
    topic = MEETINGS
    feeds = ("iA2", "iA9")

    categories: dict[str, int]
    countries: list[str]
    organisations: list[str]
