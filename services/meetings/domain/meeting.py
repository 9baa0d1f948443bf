"""A meeting's life (`events.md` §6.3 *meeting*): each step gives the new state and the fact that says it. No clock, no store, no web."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.meetings.domain.agreements import Decision
from services.meetings.domain.support import Support
from shared import states
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import meetings as facts

NEXT: Mapping[str, tuple[str, ...]] = {
    "proposed": ("add delegation", "request support", "confirm support", "schedule", "cancel"),
    "scheduled": ("add delegation", "request support", "confirm support", "reschedule", "hold", "cancel"),
    "held": ("record attendance", "adopt decision", "amend decision", "confirm support", "reclassify", "correct", "retract"),
    "cancelled": (),
    "retracted": (),
}
"""What may be done in each state."""
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Seats of one country."""

    country: str
    categories: tuple[str, ...]
    seats: int
    contact_point: UUID | None = None

    def said(self) -> facts.Delegation:
        """As facts carry it."""
        seats = facts.Delegation(country=self.country, categories=list(self.categories), seats=self.seats)
        return seats if self.contact_point is None else {**seats, "contact_point_ref": self.contact_point}


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where, on whose clock."""

    start: datetime
    end: datetime
    zone: str
    place: str | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where it ends before it begins, or never."""
        _require_span("end", self.start, self.end)


@dataclass(frozen=True, slots=True)
class Held:
    """How it took place."""

    started: datetime
    ended: datetime
    countries: tuple[str, ...]
    format: str

    def __post_init__(self) -> None:
        """Raises `Invalid` where it ended before it began."""
        _require_span("ended", self.started, self.ended)


def _require_span(name: str, start: datetime, end: datetime) -> None:
    if end <= start:
        raise Invalid(name, "is not after the beginning")
    if end - start > LONGEST:
        raise Invalid(name, f"is more than {LONGEST.days} days after the beginning")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; `country` is who convenes it, None for what stands above countries."""

    id: UUID
    reference: str | None
    country: str | None
    kind: str
    title: Mapping[str, str]
    crime_types: tuple[str, ...]
    format: str
    duration_minutes: int
    state: str
    version: int
    recorded_at: datetime
    case_ref: str | None = None
    series: str | None = None
    session_no: int | None = None
    delegations: tuple[Delegation, ...] = ()
    slot: Slot | None = None
    sequence: int = 0
    held: Held | None = None
    held_event: UUID | None = None
    attendance: Mapping[str, Any] = field(default_factory=dict)
    networks: tuple[UUID, ...] = ()
    support: tuple[Support, ...] = ()
    decisions: tuple[Decision, ...] = ()
    exercise: bool = False

    def proposed(self) -> Event:
        """Somebody asks for it."""
        return facts.MeetingProposed(
            **self._planned(),
            duration_minutes=self.duration_minutes,
            case_ref=self.case_ref,
            series=self.series,
            session_no=self.session_no,
        )

    def add(self, delegation: Delegation, now: datetime) -> tuple["Meeting", Event]:
        """Seats for a country; seats it had before are replaced."""
        self.require("add delegation")
        others = tuple(each for each in self.delegations if each.country != delegation.country)
        after = self.step(now, delegations=(*others, delegation))
        return after, facts.MeetingDelegationAdded(**delegation.said())

    def schedule(self, slot: Slot, now: datetime) -> tuple["Meeting", Event]:
        """Give it a time, or another time; raises `Conflict` where it is the same."""
        again = self.state == "scheduled"
        self.require("reschedule" if again else "schedule")
        if slot == self.slot:
            raise Conflict("It is scheduled for this time already")
        after = self.step(now, state="scheduled", slot=slot, sequence=self.sequence + 1 if again else self.sequence)
        fact = facts.MeetingRescheduled if again else facts.MeetingScheduled
        return after, fact(**after._planned(), start=slot.start, end=slot.end, zone=slot.zone, place=slot.place, sequence=after.sequence)

    def cancel(self, reason: str, now: datetime) -> tuple["Meeting", Event]:
        """It will not take place."""
        self.require("cancel")
        after = self.step(now, state="cancelled", sequence=self.sequence + 1)
        when = {"start": self.slot.start, "end": self.slot.end, "zone": self.slot.zone} if self.slot else {}
        return after, facts.MeetingCancelled(**after._planned(), reason=reason, sequence=after.sequence, **when)

    def hold(self, held: Held, now: datetime) -> tuple["Meeting", Event]:
        """It took place; raises `Invalid` where that lies in the future."""
        self.require("hold")
        _require_past(held, now)
        after = self.step(now, state="held", held=held)
        return after, facts.MeetingHeld(**after._took_place())

    def recorded(self) -> Event:
        """It was held before anybody planned it here: the first that is said of it."""
        if self.held is None:
            raise Invalid("started", "is needed")
        _require_past(self.held, self.recorded_at)
        return facts.MeetingHeld(**self._took_place())

    def record_attendance(
        self, categories: Mapping[str, int], countries: Sequence[str], organisations: Sequence[str], now: datetime
    ) -> tuple["Meeting", Event]:
        """Who was there, whole."""
        self.require("record attendance")
        present = {"categories": dict(categories), "countries": list(countries), "organisations": list(organisations)}
        return self.step(now, attendance=present), facts.MeetingAttendanceRecorded(**present)

    def reclassify(self, crime_types: Sequence[str], reason: str, now: datetime) -> tuple["Meeting", Event]:
        """It was about other crime types."""
        self.require("reclassify")
        if set(crime_types) == set(self.crime_types):
            raise Conflict("It is about these crime types already")
        after = self.step(now, crime_types=tuple(crime_types))
        return after, facts.MeetingReclassified(**after._took_place(), reason=reason)

    def correct(self, corrects: UUID, held: Held, kind: str, reason: str, now: datetime) -> tuple["Meeting", Event]:
        """It took place otherwise than was said."""
        self.require("correct")
        self._require_held_fact(corrects)
        _require_past(held, now)
        after = self.step(now, held=held, kind=kind)
        return after, facts.MeetingCorrected(**after._took_place(), corrects=corrects, reason=reason)

    def retract(self, corrects: UUID, reason: str, now: datetime) -> tuple["Meeting", Event]:
        """It did not take place after all, and agreed nothing: a planned one is again as it was scheduled, another is gone."""
        self.require("retract")
        self._require_held_fact(corrects)
        after = self.step(now, state="scheduled" if self.slot else "retracted", held=None, held_event=None, attendance={}, decisions=())
        return after, facts.MeetingRetracted(corrects=corrects, reason=reason)

    @property
    def countries(self) -> tuple[str, ...]:
        """Who takes part, as planned."""
        return tuple(sorted({each.country for each in self.delegations}))

    def _planned(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": dict(self.title),
            "crime_types": list(self.crime_types),
            "countries": list(self.countries),
            "format": self.format,
            "delegations": [each.said() for each in self.delegations],
            "networks": list(self.networks),
        }

    def _took_place(self) -> dict[str, Any]:
        assert self.held is not None  # noqa: S101 - asked for only where it was held
        return {
            "kind": self.kind,
            "crime_types": list(self.crime_types),
            "countries": list(self.held.countries),
            "format": self.held.format,
            "started": self.held.started,
            "ended": self.held.ended,
            "networks": list(self.networks),
        }

    def step(self, now: datetime, **changed: Any) -> "Meeting":
        """Its next version; knowledge time never runs backwards."""
        return replace(self, **changed, version=self.version + 1, recorded_at=max(now, self.recorded_at))

    def require(self, step: str) -> None:
        """Raises `Conflict` with what is possible, where this is not."""
        states.require(NEXT, self.state, step)

    def _require_held_fact(self, corrects: UUID) -> None:
        if corrects != self.held_event:
            raise Invalid("corrects", "is not the fact that this meeting was held")


def _require_past(held: Held, now: datetime) -> None:
    if held.started > now:
        raise Invalid("started", "lies in the future")
