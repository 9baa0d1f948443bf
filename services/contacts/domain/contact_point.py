"""A contact point's life (`events.md` §6.3 *contact_point*): each step gives the new state and the fact that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.contacts.domain.history import Happened, Step, require, stepped, taken_back, verb
from shared.errors import Conflict, Invalid
from shared.events import Event, start_of
from shared.events import contacts as facts

AppointingKind = Literal["country", "organisation", "network"]

_SERVING = ("update", "request verification", "verify", "note absence", "suspend", "end")
NEXT: Mapping[str, tuple[str, ...]] = {
    "nominated": ("designate", "end"),
    "designated": _SERVING,
    "verification_due": ("update", "verify", "note absence", "lapse", "suspend", "end"),
    "verified": _SERVING,
    "lapsed": _SERVING,
    "suspended": ("update", "verify", "end"),
    "ended": (),
    "retracted": (),
}
"""What may be done in each state; `lapse` is done by the passing of time alone."""
ASKED_AGAIN = ("designate", "request verification", "verify")
"""What would have it asked again: not possible once its person's details were erased."""
SERVING = frozenset({"designated", "verification_due", "verified", "lapsed", "suspended"})
"""The states of whoever was designated and is not ended."""
DORMANT = timedelta(days=365)
"""Nothing heard for so long makes a contact point dormant (iA8)."""
ASKED_BEFORE = timedelta(days=60)
"""So long before its term ends a successor is asked for (U17)."""

CORRECTABLE: Mapping[str, str] = {
    facts.ContactPointDesignated.type: "valid_from",
    facts.ContactPointVerified.type: "verified_at",
    facts.ContactPointEnded.type: "valid_to",
}
"""Facts whose day can be corrected, and where the state keeps it."""
ACTIVITY = (
    facts.ContactPointNominated,
    facts.ContactPointDesignated,
    facts.ContactPointUpdated,
    facts.ContactPointVerified,
    facts.ContactPointAbsenceNoted,
)
"""Facts by which something was heard of a contact point."""


def possible(state: str, *, erased: bool) -> list[str]:
    """What may be done in a state; `erased`: its person's details were."""
    return [step for step in NEXT[state] if not (erased and step in ASKED_AGAIN)]


@dataclass(frozen=True, slots=True)
class Skill:
    """A language and how well it is spoken."""

    code: str
    level: str


@dataclass(frozen=True, slots=True)
class Post:
    """Where and how a contact point serves."""

    authority: UUID
    specialisations: tuple[str, ...]
    languages: tuple[Skill, ...]
    duty: str
    deputy: UUID | None = None


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """Somebody whom others may ask, known here by `person_ref` alone."""

    id: UUID
    reference: str | None
    person_ref: UUID
    country: str | None
    appointing_kind: AppointingKind
    appointing_body: UUID | None
    specialisations: tuple[str, ...]
    languages: tuple[Skill, ...]
    state: str
    version: int
    recorded_at: datetime
    authority: UUID | None = None
    duty: str | None = None
    deputy: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    end_reason: str | None = None
    successor: UUID | None = None
    verified_at: datetime | None = None
    due: date | None = None
    term_to: date | None = None
    successor_asked: date | None = None
    """The end of the term for which a successor was asked."""
    absent_from: date | None = None
    absent_to: date | None = None
    absence_deputy: UUID | None = None
    dormant_since: date | None = None
    active_at: datetime | None = None
    """When something was last heard of it."""
    erased_at: datetime | None = None
    """When its person's details were erased: nobody is reached there any more, and nobody else will be."""

    def __post_init__(self) -> None:
        """Raises `Invalid` where it is not clear who appointed: a country is named by its code, others by their id."""
        if self.appointing_kind == "country" and self.country is None:
            raise Invalid("country", "is needed where a country appoints")
        if self.appointing_kind != "country" and self.country is not None:
            raise Invalid("country", "is left out where an organisation or network appoints: it is no country's achievement")
        if self.appointing_kind != "country" and self.appointing_body is None:
            raise Invalid("appointing_body_ref", "is needed where an organisation or network appoints")

    def nominated(self) -> Event:
        """It was put forward."""
        return facts.ContactPointNominated(
            person_ref=self.person_ref,
            appointing_kind=self.appointing_kind,
            appointing_body_ref=self.appointing_body,
            specialisations=list(self.specialisations),
            languages=_spoken(self.languages),
        )

    def designate(
        self, *, valid_from: date, authority: UUID, duty: str, deputy: UUID | None, term_to: date | None = None, now: datetime
    ) -> "tuple[ContactPoint, Event]":
        """It serves from that day on, by default without a term."""
        post = {"valid_from": valid_from, "authority": authority, "duty": duty, "deputy": deputy, "term_to": term_to}
        after = self._step("designate", now, state="designated", **post)
        if term_to is not None and term_to < valid_from:
            raise Invalid("term_to", f"the term would be over before the beginning {valid_from}")
        said = {"valid_from": valid_from, "authority_ref": authority, "duty": duty, "deputy_ref": deputy, "term_to": term_to}
        return after, facts.ContactPointDesignated(**said)

    def update(self, post: Post, now: datetime) -> "tuple[ContactPoint, Event | None]":
        """Its whole new post; no fact where nothing is new."""
        given = {field.name: getattr(post, field.name) for field in fields(Post)}
        changed = [name for name, value in given.items() if value != getattr(self, name)]
        after = self._step("update", now, **given)
        if not changed:
            return self, None
        return after, facts.ContactPointUpdated(
            changed=[{"authority": "authority_ref", "deputy": "deputy_ref"}.get(name, name) for name in changed],
            authority_ref=post.authority,
            specialisations=list(post.specialisations),
            languages=_spoken(post.languages),
            duty=post.duty,
            deputy_ref=post.deputy,
        )

    def request_verification(self, *, due: date, method: str, today: date, now: datetime) -> "tuple[ContactPoint, Event]":
        """It shall be confirmed by the end of that day; `today` is the one it is there."""
        after = self._step("request verification", now, state="verification_due", due=due)
        if due < today:
            raise Invalid("due", "lies in the past")
        return after, facts.ContactPointVerificationRequested(due=due, method=method)

    def verify(self, *, method: str, changed_fields: Sequence[str], at: datetime, now: datetime) -> "tuple[ContactPoint, Event]":
        """It was found right, at that moment."""
        after = self._step("verify", now, state="verified", verified_at=at, due=None)
        if at > now:
            raise Invalid("on", "lies in the future")
        return after, facts.ContactPointVerified(method=method, changed_fields=list(changed_fields), due=self.due)

    def lapse(self, now: datetime) -> "tuple[ContactPoint, Event]":
        """Nobody confirmed it by the day asked for."""
        after = self._step("lapse", now, state="lapsed", due=None)
        assert self.due is not None  # noqa: S101 - the state verification_due has one by construction
        return after, facts.ContactPointVerificationLapsed(due=self.due)

    def suspend(self, today: date, now: datetime) -> "tuple[ContactPoint, Event]":
        """It is asked no longer, until it is verified; `today` is the day it is there."""
        after = self._step("suspend", now, state="suspended")
        return after, facts.ContactPointSuspended(since=today)

    def erase(self, today: date, now: datetime) -> "tuple[ContactPoint, Event | None]":
        """Its person's details are gone: it is asked no longer. No fact where it was not asked anyway."""
        gone = replace(self, erased_at=now)
        return gone.suspend(today, now) if "suspend" in NEXT[self.state] else (gone, None)

    def note_absence(self, *, first: date, last: date, deputy: UUID | None, now: datetime) -> "tuple[ContactPoint, Event]":
        """It is away from the first day to the last, both included; this replaces what was noted before."""
        after = self._step("note absence", now, absent_from=first, absent_to=last, absence_deputy=deputy)
        if last < first:
            raise Invalid("absent_to", f"lies before the first day {first}")
        if deputy == self.id:
            raise Invalid("deputy_ref", "is the contact point itself")
        return after, facts.ContactPointAbsenceNoted(absent_from=first, absent_to=last, deputy_ref=deputy)

    def absent(self, on: date) -> bool:
        """Is it away on that day?"""
        return self.absent_from is not None and self.absent_to is not None and self.absent_from <= on <= self.absent_to

    def dormant(self, now: datetime) -> "tuple[ContactPoint, Event] | None":
        """It is flagged where nothing was heard of it for 365 days; None where it is no longer so, or was said already."""
        if self.state not in SERVING or self.dormant_since or self.active_at is None or self.active_at > now - DORMANT:
            return None
        since = (self.active_at + DORMANT).date()
        return stepped(self, now, dormant_since=since), facts.ContactPointDormantFlagged(since=since, last_activity=self.active_at)

    def ask_successor(self, today: date, now: datetime) -> "tuple[ContactPoint, Event] | None":
        """A successor is asked for, once for each term, from 60 days before its end; None where nothing is to be asked."""
        if self.state not in SERVING or self.term_to is None or self.successor_asked == self.term_to:
            return None
        if self.term_to - ASKED_BEFORE > today:
            return None
        return stepped(self, now, successor_asked=self.term_to), facts.ContactPointSuccessorRequested(term_to=self.term_to)

    def term_over(self, today: date, now: datetime) -> "tuple[ContactPoint, Event] | None":
        """It serves no longer from the day its term ends, for nothing prolongs a term; None where none is over."""
        if self.state not in SERVING or self.term_to is None or self.term_to > today:
            return None
        return self.end(valid_to=self.term_to, reason="term_ended", successor=None, now=now)

    def heard(self, fact: Event, time: datetime) -> "ContactPoint":
        """Itself with what a fact tells of its activity; a day to come is none yet."""
        if not isinstance(fact, ACTIVITY):
            return self
        at = min(time, self.recorded_at)
        return replace(self, active_at=max(at, self.active_at or at), dormant_since=None)

    def end(self, *, valid_to: date, reason: str, successor: UUID | None, now: datetime) -> "tuple[ContactPoint, Event]":
        """It serves no longer from that day on."""
        after = self._step("end", now, state="ended", valid_to=valid_to, end_reason=reason, successor=successor, due=None)
        after._hold_order("valid_to")
        if successor == self.id:
            raise Invalid("successor_ref", "is the contact point itself")
        return after, facts.ContactPointEnded(valid_to=valid_to, reason=reason, successor_ref=successor)

    def correct(self, step: Step, *, on: date, reason: str, now: datetime) -> "tuple[ContactPoint, Event]":
        """An earlier fact happened on another day; only those that have a day of their own can be corrected so."""
        kept = CORRECTABLE.get(step.type)
        if kept is None:
            raise Conflict(f"A {verb(step.type)} has no day of its own; take it back and say it anew")
        if kept == "verified_at" and start_of(on) > now:
            raise Invalid("on", "lies in the future")
        # A later step of the same kind has its own day: then only the record of the earlier one is put right.
        newest = getattr(step.after, kept) == getattr(self, kept)
        changes: dict[str, Any] = {kept: start_of(on) if kept == "verified_at" else on} if newest else {}
        after = stepped(self, now, **changes)
        after._hold_order("on")
        return after, facts.ContactPointCorrected(corrects=step.event_id, reason=reason, on=on)

    def retract(self, corrects: UUID, standing: Sequence[Step], *, reason: str, now: datetime) -> "tuple[ContactPoint, Event]":
        """Take the newest standing fact back (`standing`: newest first). Later ones rest upon earlier ones, so they go first."""
        after = replace(taken_back(self, corrects, standing, now, due=None), erased_at=self.erased_at)
        if self.erased_at and after.state in SERVING:
            after = replace(after, state="suspended")
        return after, facts.ContactPointRetracted(corrects=corrects, reason=reason)

    def _step(self, intent: str, now: datetime, **changes: Any) -> "ContactPoint":
        """The next state; raises `Conflict` naming the state and what is possible in it."""
        require(self, NEXT, intent)
        if self.erased_at and intent in ASKED_AGAIN:
            steps = possible(self.state, erased=True)
            raise Conflict(f"Its person's details were erased, so one cannot {intent}: end it, and nominate who follows", possible=steps)
        return stepped(self, now, **changes)

    def _hold_order(self, field: str) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Invalid(field, f"the end {self.valid_to} would lie before the beginning {self.valid_from}")


def as_it_was(history: Sequence[Happened], by: datetime) -> ContactPoint | None:
    """How it stood by a moment, as its whole history tells it today: what was taken back never was, corrected days are as corrected.

    `history` is in the order of its versions; None where it was not there yet.
    """
    days = {step.corrects: step.time for step in history if step.type == facts.ContactPointCorrected.type}
    told = [step for step in history if step.after is not None and step.type != facts.ContactPointCorrected.type]
    known = [step for step in told if days.get(step.event_id, step.time) <= by]
    if not known:
        return None
    right = {CORRECTABLE[step.type]: days[step.event_id] for step in known if step.event_id in days}
    changes: dict[str, Any] = {name: at if name == "verified_at" else at.date() for name, at in right.items()}
    was: ContactPoint = known[-1].after
    return replace(was, **changes)


def _spoken(languages: Sequence[Skill]) -> list[facts.LanguageSkill]:
    return [facts.LanguageSkill(code=skill.code, level=skill.level) for skill in languages]
