"""An enquiry's life (`events.md` §6.3 *enquiry*; P1): one country asks another, and clocks run in the working time of who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.contacts.domain.calendars import Calendar
from services.contacts.domain.history import Step, require, stepped, taken_back
from shared.errors import Invalid
from shared.events import Event, subject_of
from shared.events import contacts as facts

MINUTE = timedelta(minutes=1)
_RUNNING = ("acknowledge", "answer", "refuse", "escalate", "withdraw", "retract enquiry")
NEXT: Mapping[str, tuple[str, ...]] = {
    "opened": ("route", "withdraw", "retract enquiry"),
    "routed": _RUNNING,
    "escalated": _RUNNING,
    "acknowledged": ("answer", "refuse", "escalate", "withdraw", "retract enquiry"),
    "answered": ("close", "retract enquiry"),
    "refused": ("escalate", "close", "retract enquiry"),
    "closed": ("retract enquiry",),
    "withdrawn": ("retract enquiry",),
    "retracted": (),
}
"""What may be done in each state."""
ASKED = frozenset({"acknowledge", "answer", "refuse"})
"""What the country that is asked says; all else is said by the one that asks, who may also note an answer that came by another way."""
WAITING = ("routed", "escalated")
"""In these the clock runs to the acknowledgement."""

AddresseeKind = Literal["contact_point", "authority", "network", "liaison", "channel"]


def diplomatic_channel(country: str) -> UUID:
    """The way that is always open, asked when all others fail: no entry of the directory, but the same id on every instance."""
    return subject_of("contacts", "diplomatic_channel", country)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked, and the time they work by."""

    id: UUID
    kind: AddresseeKind
    country: str | None
    """Of which country they may be asked: a liaison posting of the one that hosts it. None above countries."""
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Enquiry:
    """An enquiry: `country` asks `to_country`. What the case is about stands nowhere in it."""

    id: UUID
    reference: str
    country: str
    to_country: str
    measure: str
    crime_types: tuple[str, ...]
    urgency: str
    channel: str
    case_ref: str | None
    asker: UUID | None
    opened: datetime
    state: str
    version: int
    recorded_at: datetime
    step: int = 0
    addressee: UUID | None = None
    addressee_kind: AddresseeKind | None = None
    since: datetime | None = None
    """When it went to this addressee."""
    acknowledge_by: datetime | None = None
    proposed_at: datetime | None = None
    """When a next step was proposed, because this addressee did not acknowledge in time."""
    worked_before: int = 0
    """Working minutes that those before this addressee had."""
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    answered_in: int | None = None
    """Working minutes this addressee took."""
    reason: str | None = None
    useful: bool | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where a country would ask itself."""
        if self.country == self.to_country:
            raise Invalid("to_country", "is who asks")

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return self.reference

    def opening(self) -> Event:
        """It is asked."""
        return facts.EnquiryOpened(**self._whole())

    def route(self, addressee: Addressee, within: timedelta, now: datetime) -> "tuple[Enquiry, Event]":
        """It goes to the first who is asked; `within` is the working time they have to acknowledge it."""
        require(self, NEXT, "route")
        after = self._sent("routed", addressee, within, now, worked_before=0)
        return after, facts.EnquiryRouted(**after._whole(), acknowledge_by=after.acknowledge_by)

    def escalate(self, calendar: Calendar, addressee: Addressee, within: timedelta, now: datetime) -> "tuple[Enquiry, Event]":
        """It goes to the next; `calendar` is that of the one before. Raises `Invalid` where that is the same."""
        require(self, NEXT, "escalate")
        if addressee.id == self.addressee:
            raise Invalid("addressee_ref", "is asked already")
        after = self._sent("escalated", addressee, within, now, worked_before=self._worked(calendar, now))
        return after, facts.EnquiryEscalated(**after._whole(), acknowledge_by=after.acknowledge_by)

    def propose(self, now: datetime) -> "tuple[Enquiry, Event]":
        """Nobody acknowledged it in time; its state stays, for nothing is forced."""
        return stepped(self, now, proposed_at=now), facts.EnquiryStepProposed(**self._whole())

    def acknowledge(self, calendar: Calendar, at: datetime, now: datetime) -> "tuple[Enquiry, Event]":
        """Whoever was asked has it in hand, since that moment."""
        require(self, NEXT, "acknowledge")
        self._hold_order(at, now)
        after = stepped(self, now, state="acknowledged", acknowledged_at=at)
        return after, facts.EnquiryAcknowledged(**after._whole(), **self._taken(calendar, at))

    def answer(self, calendar: Calendar, at: datetime, now: datetime) -> "tuple[Enquiry, Event]":
        """It is answered; who answers at once need not acknowledge before."""
        require(self, NEXT, "answer")
        self._hold_order(at, now)
        taken = self._taken(calendar, at)
        after = stepped(self, now, state="answered", answered_at=at, answered_in=taken["step_minutes"])
        return after, facts.EnquiryAnswered(**after._whole(), **taken)

    def refuse(self, reason: str, calendar: Calendar, at: datetime, now: datetime) -> "tuple[Enquiry, Event]":
        """It is refused, for a reason."""
        require(self, NEXT, "refuse")
        self._hold_order(at, now)
        after = stepped(self, now, state="refused", reason=reason)
        return after, facts.EnquiryRefused(**after._whole(), **self._taken(calendar, at), reason=reason)

    def withdraw(self, now: datetime) -> "tuple[Enquiry, Event]":
        """No answer is wanted any more."""
        require(self, NEXT, "withdraw")
        after = stepped(self, now, state="withdrawn")
        return after, facts.EnquiryWithdrawn(**after._whole())

    def close(self, useful: bool | None, now: datetime) -> "tuple[Enquiry, Event]":
        """Done with; whether it helped, where that is said."""
        require(self, NEXT, "close")
        after = stepped(self, now, state="closed", useful=useful)
        return after, facts.EnquiryClosed(**after._whole(), useful=useful)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[Enquiry, Event]":
        """Take the newest standing fact back (`standing`: newest first)."""
        require(self, NEXT, "retract enquiry")
        return taken_back(self, corrects, standing, now), facts.EnquiryRetracted(corrects=corrects, reason=reason)

    def _sent(self, state: str, addressee: Addressee, within: timedelta, now: datetime, **more: Any) -> "Enquiry":
        if addressee.country not in (None, self.to_country):
            raise Invalid("addressee_ref", f"is of {addressee.country}, the enquiry goes to {self.to_country}")
        due = addressee.calendar.after(now, within)
        told = {"addressee": addressee.id, "addressee_kind": addressee.kind, "since": now, "acknowledge_by": due, "step": self.step + 1}
        gone = {"proposed_at": None, "acknowledged_at": None, "reason": None}
        return stepped(self, now, state=state, **told, **gone, **more)

    def _worked(self, calendar: Calendar, at: datetime) -> int:
        """Working minutes since it was opened: the first who is asked answers for the time before it was sent, too."""
        begins = self.opened if self.step == 1 else self.since
        return self.worked_before + calendar.elapsed(begins or self.opened, at) // MINUTE

    def _taken(self, calendar: Calendar, at: datetime) -> dict[str, int]:
        return {"working_minutes": self._worked(calendar, at), "step_minutes": calendar.elapsed(self.since or self.opened, at) // MINUTE}

    def _hold_order(self, at: datetime, now: datetime) -> None:
        if at > now:
            raise Invalid("at", "lies in the future")
        if at < max(self.acknowledged_at or self.opened, self.since or self.opened):
            raise Invalid("at", "lies before the step that it follows")

    def _whole(self) -> dict[str, Any]:
        return {
            "from_country": self.country,
            "to_country": self.to_country,
            "measure": self.measure,
            "crime_types": list(self.crime_types),
            "urgency": self.urgency,
            "channel": self.channel,
            "case_ref": self.case_ref,
            "asker_ref": self.asker,
            "opened": self.opened,
            "addressee_ref": self.addressee,
            "addressee_kind": self.addressee_kind,
            "step": self.step,
        }
