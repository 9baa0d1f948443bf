"""A meeting as its facts tell it: when, where, and whose seats."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.events import Event
from shared.events import meetings as facts

State = Literal["proposed", "scheduled", "held", "cancelled", "retracted"]


@dataclass(frozen=True, slots=True)
class Seat:
    """A country's seats, and the contact point who answers for them, where one is named."""

    country: str
    contact_point: UUID | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; version 0 is one of which nothing was heard yet."""

    id: UUID
    version: int = 0
    state: State = "proposed"
    title: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    format: str = ""
    seats: tuple[Seat, ...] = ()
    sequence: int = 0
    """As calendars want it (RFC 5545): it rises with each change of what was planned."""
    start: datetime | None = None
    end: datetime | None = None
    zone: str = "UTC"
    """IANA name of the host's clock."""
    place: str | None = None

    def after(self, fact: Event, version: int) -> "Meeting":
        """As that fact left it; itself where the fact is older than what is known: an outdated invitation must not go out."""
        if version <= self.version:
            return self
        return replace(self, version=version, **self._changed(fact))

    def _changed(self, fact: Event) -> dict[str, Any]:
        match fact:
            case facts.MeetingScheduled():
                when = {"start": fact.start, "end": fact.end, "zone": fact.zone, "place": fact.place}
                return {**_planned(fact), **when, "state": "scheduled", "sequence": fact.sequence}
            case facts.MeetingCancelled():
                return {**_planned(fact), "state": "cancelled", "sequence": fact.sequence}
            case facts.MeetingProposed():
                return _planned(fact)
            case facts.MeetingDelegationAdded():
                others = (seat for seat in self.seats if seat.country != fact.country)
                return {"seats": (*others, Seat(fact.country, fact.contact_point_ref))}
            case facts.MeetingHeld():
                return {"state": "held"}
            case facts.MeetingRetracted():
                return {"state": "scheduled" if self.start else "retracted"}
        return {}


def _planned(fact: Any) -> dict[str, Any]:
    seats = tuple(Seat(each["country"], each.get("contact_point_ref")) for each in fact.delegations)
    return {"title": dict(fact.title), "kind": fact.kind, "format": fact.format, "seats": seats}
