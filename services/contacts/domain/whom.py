"""Whom to ask first, and then whom (flow P1): one order over everybody who may be asked, with the reasons for each place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.contacts.domain.calendars import Calendars, State
from services.contacts.domain.clocks import day_at, days_at
from services.contacts.domain.competence import Scope

Rung = Literal["contact_point", "competent_authority", "network", "liaison", "round_the_clock", "central_authority", "diplomatic_channel"]
RUNGS: tuple[Rung, ...] = (
    "contact_point",
    "competent_authority",
    "network",
    "liaison",
    "round_the_clock",
    "central_authority",
    "diplomatic_channel",
)
FIT = {"measure_declared": 4, "crime_declared": 2, "specialised": 2, "general_competence": 1}
"""What speaks for a place, and how much: who is competent for the measure goes before who knows the crime."""
ROLES = {"gateway": 3, "correspondent": 2, "chair": 1}
"""In a network, before its other members."""
SHOWN, SHOWN_OUT = 4, 40
"""So many of each rung are answered, and so many of those that cannot be asked: whoever is looked for shall be there with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for; `now` is None where it is asked of another day than this."""

    country: str
    measure: str | None
    crime_type: str | None
    urgency: str
    language: str
    on: date
    """The day it is in that country, where it is asked of now."""
    now: datetime | None

    def day(self, zone: str | None) -> date:
        """The day that counts for who is on a clock: by it they are on leave or back, in office or not."""
        return day_at(self.now, zone) if self.now and zone else self.on

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that counts for anybody."""
        return days_at(self.now) if self.now else (self.on, self.on)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Since when an entry that nobody verified is stale, and since when it is never the first choice."""

    stale: timedelta
    overdue: timedelta


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a network."""

    network: UUID
    name: Mapping[str, str]
    role: str


@dataclass(frozen=True, slots=True)
class Posting:
    """Whom a country or an organisation has sent there."""

    kind: str
    country: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be asked, as it stood that day."""

    rung: Rung
    kind: Literal["contact_point", "authority", "liaison", "channel"]
    id: UUID | None = None
    authority: UUID | None = None
    name: Mapping[str, str] = field(default_factory=dict)
    institution: str | None = None
    country: str | None = None
    subdivision: str | None = None
    zone: str | None = None
    languages: tuple[str, ...] = ()
    mailbox: str | None = None
    phone_24x7: str | None = None
    duty: str | None = None
    specialisations: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    seat: Seat | None = None
    posting: Posting | None = None
    state: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    absent: tuple[date, date] | None = None
    """Its first and its last day away."""
    verified_on: date | None = None
    due: date | None = None
    through: "Candidate | None" = None
    """The contact point by which a posting is reached: what rules that one out rules the posting out."""

    @property
    def reached(self) -> "Candidate":
        """Whose entry is kept up to date: its own, or the one of the contact point by which it is reached."""
        return self.through or self

    @property
    def always(self) -> bool:
        """Does it answer round the clock?"""
        return self.duty == "24x7" or self.phone_24x7 is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate where it stands, and why: codes of the list `placement`."""

    candidate: Candidate
    reasons: tuple[str, ...]
    usable: bool
    stale: bool | None
    state: State | None
    opens: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The first choice, where there is one, and the chain that follows."""

    first: Place | None
    chain: tuple[Place, ...]


def rank(question: Question, candidates: Iterable[Candidate], calendars: Calendars, fresh: Freshness) -> Answer:
    """Everybody in order. Who is on leave, suspended, lapsed, ended, overdue or out of office comes last and is never the first choice."""
    places = [_placed(question, candidate, calendars, fresh) for candidate in _once(candidates)]
    chain = _shown(sorted(places, key=lambda place: _order(question, place)))
    if chain and chain[0].usable:
        return Answer(chain[0], tuple(chain[1:]))
    return Answer(None, tuple(chain))


def _once(candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    """Each of them on its first rung, with the seat it has on another."""
    seen: dict[tuple[str, UUID | None], Candidate] = {}
    for candidate in sorted(candidates, key=lambda each: RUNGS.index(each.rung)):
        before = seen.setdefault((candidate.kind, candidate.id), candidate)
        seen[candidate.kind, candidate.id] = replace(before, seat=before.seat or candidate.seat)
    return seen.values()


def _shown(places: Sequence[Place]) -> list[Place]:
    left = {(rung, usable): SHOWN if usable else SHOWN_OUT for rung in RUNGS for usable in (True, False)}
    kept = []
    for place in places:
        place_of = (place.candidate.rung, place.usable)
        left[place_of] -= 1
        if left[place_of] >= 0:
            kept.append(place)
    return kept


def _placed(question: Question, candidate: Candidate, calendars: Calendars, fresh: Freshness) -> Place:
    state, opens = _clock(question, candidate, calendars)
    against = _against(question, candidate, fresh)
    reasons = [*against, *_competence(question, candidate), *_further(question, candidate, state, fresh)]
    reached = candidate.reached
    stale = _age(question, reached) > fresh.stale if reached.kind == "contact_point" else None
    return Place(candidate, tuple(dict.fromkeys(reasons)), not against, stale, state, opens)


def _clock(question: Question, candidate: Candidate, calendars: Calendars) -> tuple[State | None, datetime | None]:
    """What it is there now, and when it opens; nothing for another day than this."""
    if question.now is None or candidate.zone is None:
        return None, None
    calendar = calendars.of(candidate.country, candidate.zone, duty="24x7" if candidate.always else None, subdivision=candidate.subdivision)
    state = calendar.state(question.now, question.language)
    return state, None if state.kind == "working" else calendar.opens(question.now)


def _against(question: Question, candidate: Candidate, fresh: Freshness) -> list[str]:
    """Why it can never be the first choice."""
    on, found = question.day(candidate.zone), _against(question, candidate.through, fresh) if candidate.through else []
    over = candidate.valid_to is not None and candidate.valid_to <= on
    if candidate.absent and candidate.absent[0] <= on <= candidate.absent[1]:
        found.append("on_leave")
    if candidate.state in ("suspended", "lapsed"):
        found.append(candidate.state)
    if candidate.state == "ended" and (over or candidate.valid_to is None):
        found.append("ended")
    elif over or candidate.state == "retracted":
        found.append("no_longer_valid")
    if candidate.state == "nominated" or (candidate.valid_from is not None and candidate.valid_from > on):
        found.append("not_yet_valid")
    due = candidate.state == "verification_due" and candidate.due is not None and candidate.due < on
    if candidate.kind == "contact_point" and (due or _age(question, candidate) > fresh.overdue):
        found.append("verification_overdue")
    return found


def _age(question: Question, candidate: Candidate) -> timedelta:
    """How long ago somebody last saw that it is right: verified, or else designated."""
    known = candidate.verified_on or candidate.valid_from
    return question.day(candidate.zone) - known if known else timedelta()


def _competence(question: Question, candidate: Candidate) -> list[str]:
    """How it fits what is sought: by what its authority declared, and by its own specialisation."""
    if candidate.kind == "channel":
        return ["last_resort"]
    found = [reason for reason in (_fit(question, scope) for scope in candidate.scopes) if reason]
    if question.crime_type in candidate.specialisations:
        found.append("specialised")
    if found:
        return sorted(set(found), key=lambda reason: -FIT[reason])
    return ["other_competence" if candidate.scopes or (question.crime_type and candidate.specialisations) else "competence_unknown"]


def _fit(question: Question, scope: Scope) -> str | None:
    if question.crime_type and scope.crime_types and question.crime_type not in scope.crime_types:
        return None
    if question.measure and scope.measures and question.measure not in scope.measures:
        return None
    if question.measure and scope.measures:
        return "measure_declared"
    return "crime_declared" if question.crime_type and scope.crime_types else "general_competence"


def _further(question: Question, candidate: Candidate, state: State | None, fresh: Freshness) -> list[str]:
    found, reached = list[str](), candidate.reached
    if candidate.seat:
        found.append("gateway" if candidate.seat.role == "gateway" else "network_member")
    if candidate.rung == "liaison":
        found.append("posted")
    if candidate.always:
        found.append("round_the_clock")
    elif state is not None:
        found.append("working_now" if state.kind == "working" else "not_at_work")
    if question.language in candidate.languages:
        found.append("language_shared")
    if reached.kind == "contact_point":
        if reached.verified_on is None:
            found.append("never_verified")
        elif _age(question, reached) <= fresh.stale:
            found.append("recently_verified")
        if reached.state == "verification_due":
            found.append("verification_due")
    return found


def _order(question: Question, place: Place) -> tuple[object, ...]:
    """First what rules out, then competence for something else, then, where it is urgent, who is there; then the rungs in their order."""
    candidate, reasons, verified_on = place.candidate, place.reasons, place.candidate.reached.verified_on
    away = place.state is not None and place.state.kind != "working"
    return (
        not place.usable,
        candidate.kind == "channel",
        "other_competence" in reasons,
        question.urgency != "normal" and away,
        RUNGS.index(candidate.rung),
        -sum(FIT.get(reason, 0) for reason in reasons),
        -(ROLES.get(candidate.seat.role, 0) if candidate.seat else 0),
        candidate.institution != "central_authority",
        "language_shared" not in reasons,
        "verification_due" in reasons,
        -(verified_on.toordinal() if verified_on else 0),
        away,
        str(candidate.id),
    )
