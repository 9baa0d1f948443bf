"""An operation's life (D1-D3; `events.md` §6.3 *operation*): each step gives the new state and the fact that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.operations.domain import results
from services.operations.domain.life import Life, Steps, require_past, require_span
from services.operations.domain.results import Key, Results, Tally
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import operations as facts

_AGENCIES = ("join agency", "leave agency", "set priorities")
_RESULTS = ("report result", "certify results", "correct result")
STEPS: Steps = {
    "proposed": ("approve", *_AGENCIES),
    "approved": ("launch", "plan action day", *_AGENCIES),
    "launched": ("complete", "plan action day", *_RESULTS, "suspend", *_AGENCIES, "retract"),
    "suspended": ("resume", "complete", *_RESULTS, *_AGENCIES),
    "completed": ("evaluate", *_RESULTS, "set priorities", "correct", "retract"),
    "evaluated": (*_RESULTS, "set priorities", "correct", "retract"),
    "retracted": (),
}
LONGEST = timedelta(days=20 * 366)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that takes part, by its kind and country, and what for."""

    institution_kind: str
    country: str
    role: str

    def said(self) -> facts.Agency:
        """As facts carry it."""
        return facts.Agency(institution_kind=self.institution_kind, country=self.country, role=self.role)


@dataclass(frozen=True, slots=True)
class Mandate:
    """What it may do, on what, with whom, and from when until when; raises `Invalid` where it ends before it begins."""

    kind: str
    crime_types: tuple[str, ...]
    countries: tuple[str, ...]
    mandate_from: date | None = None
    mandate_to: date | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where it ends before it begins."""
        if self.mandate_from and self.mandate_to and self.mandate_to < self.mandate_from:
            raise Invalid("mandate_to", "is before the beginning")

    def said(self) -> dict[str, Any]:
        """As facts carry it."""
        lists = {"crime_types": list(self.crime_types), "countries": list(self.countries)}
        return {"kind": self.kind, **lists, "mandate_from": self.mandate_from, "mandate_to": self.mandate_to}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation or a task force; `launched_event` and `completed_event` are the facts by which it is counted."""

    life: Life
    title: Mapping[str, str]
    mandate: Mandate
    agencies: tuple[Agency, ...] = ()
    priorities: tuple[UUID, ...] = ()
    results: Results = ()
    approved: bool = False
    launched: datetime | None = None
    launched_event: UUID | None = None
    ended: datetime | None = None
    completed_event: UUID | None = None
    evaluated: datetime | None = None

    @property
    def kind(self) -> str:
        """What sort it is of."""
        return self.mandate.kind

    @property
    def crime_types(self) -> tuple[str, ...]:
        """What it is about."""
        return self.mandate.crime_types

    @property
    def countries(self) -> tuple[str, ...]:
        """Who takes part."""
        return self.mandate.countries

    @property
    def at(self) -> datetime | None:
        """When it ended, else began, else may begin."""
        planned = self.mandate.mandate_from
        return self.ended or self.launched or (datetime.combine(planned, time(), UTC) if planned else None)

    def proposed(self) -> Event:
        """Somebody asks for it."""
        return facts.OperationProposed(**self._said())

    def approve(self, now: datetime) -> tuple["Operation", Event]:
        """It may be launched."""
        after = self._after("approve", now, "approved", approved=True)
        return after, facts.OperationApproved(**after._said())

    def launch(self, at: datetime, now: datetime) -> tuple["Operation", Event]:
        """It begins."""
        require_past("launched", at, now)
        after = self._after("launch", now, "launched", launched=at)
        return after, facts.OperationLaunched(**after._said())

    def recorded(self) -> Event:
        """It was launched before anybody planned it here: the first that is said of it."""
        assert self.launched is not None  # noqa: S101 - made with it
        require_past("launched", self.launched, self.life.recorded_at)
        return facts.OperationLaunched(**self._said())

    def suspend(self, now: datetime) -> tuple["Operation", Event]:
        """It rests."""
        after = self._after("suspend", now, "suspended")
        return after, facts.OperationSuspended(**after._said())

    def resume(self, now: datetime) -> tuple["Operation", Event]:
        """It goes on."""
        after = self._after("resume", now, "launched")
        return after, facts.OperationResumed(**after._said())

    def join(self, agency: Agency, now: datetime) -> tuple["Operation", Event]:
        """An agency takes part, or takes another part (D2)."""
        if agency in self.agencies:
            raise Conflict("This agency takes part already")
        after = self._after("join agency", now, agencies=(*self._without(agency), agency))
        return after, facts.OperationAgencyJoined(**after._said(), agency=agency.said())

    def leave(self, agency: Agency, now: datetime) -> tuple["Operation", Event]:
        """An agency takes part no longer; raises `Conflict` where it does not."""
        others = self._without(agency)
        if len(others) == len(self.agencies):
            raise Conflict("This agency does not take part")
        after = self._after("leave agency", now, agencies=others)
        return after, facts.OperationAgencyLeft(**after._said(), agency=agency.said())

    def serve(self, priorities: tuple[UUID, ...], now: datetime) -> tuple["Operation", Event]:
        """These are the intelligence priorities that it serves (D4); they replace those before."""
        after = self._after("set priorities", now, priorities=priorities)
        return after, facts.OperationPrioritised(**after._said())

    def report(self, key: Key, tally: Tally, now: datetime) -> tuple["Operation", Event]:
        """A country tells its total of a kind of measure (D3)."""
        self._require_part(key[0])
        after = self._after("report result", now, results=results.reported(self.results, key, tally))
        return after, facts.OperationResultReported(**after._said(), **_told(key, tally))

    def certify(self, country: str, now: datetime) -> tuple["Operation", Event]:
        """A country stands by all it reported: from now on that is counted."""
        self._require_part(country)
        after = self._after("certify results", now, results=results.certified(self.results, country))
        return after, facts.OperationResultCertified(**after._said(), country=country)

    def correct_result(self, corrects: UUID, key: Key, tally: Tally, reason: str, now: datetime) -> tuple["Operation", Event]:
        """What a country had certified was otherwise: what is counted changes at once, up or down."""
        self._require_part(key[0])
        after = self._after("correct result", now, results=results.corrected(self.results, key, corrects, tally))
        return after, facts.OperationResultCorrected(**after._said(), **_told(key, tally), corrects=corrects, reason=reason)

    def complete(self, at: datetime, now: datetime) -> tuple["Operation", Event]:
        """It is over; what is certified then is counted, what is certified later is counted from then on."""
        after = self._after("complete", now, "completed", ended=at)
        after._require_order(now)
        return after, facts.OperationCompleted(**after._said())

    def evaluate(self, at: datetime, now: datetime) -> tuple["Operation", Event]:
        """It is looked back upon."""
        after = self._after("evaluate", now, "evaluated", evaluated=at)
        after._require_order(now)
        return after, facts.OperationEvaluated(**after._said())

    def correct(
        self, corrects: UUID, mandate: Mandate, launched: datetime | None, ended: datetime | None, reason: str, now: datetime
    ) -> tuple["Operation", Event]:
        """It went otherwise than was said; a moment that is left out stays."""
        after = self._after("correct", now, mandate=mandate, launched=launched or self.launched, ended=ended or self.ended)
        if corrects not in (self.launched_event, self.completed_event):
            raise Invalid("corrects", "is not the fact that this operation was launched or completed")
        for each in self.results:
            after._require_part(each.country)
        after._require_order(now)
        return after, facts.OperationCorrected(**after._said(), corrects=corrects, reason=reason)

    def retract(self, corrects: UUID, reason: str, now: datetime) -> tuple["Operation", Event]:
        """It was not completed, or not launched, after all: it is again as it was before that."""
        if corrects == self.completed_event:
            after = self._after("retract", now, "launched", ended=None, evaluated=None, completed_event=None)
        elif corrects == self.launched_event and self.ended is None:
            after = self._after("retract", now, "approved" if self.approved else "retracted", launched=None, launched_event=None)
        else:
            self.life.require(STEPS, "retract")
            raise Invalid("corrects", "is not the newest fact that this operation was launched or completed")
        return after, facts.OperationRetracted(**after._said(), corrects=corrects, reason=reason)

    def _after(self, step: str, now: datetime, state: str | None = None, **changed: Any) -> "Operation":
        self.life.require(STEPS, step)
        return replace(self, life=self.life.step(now, state), **changed)

    def _without(self, agency: Agency) -> tuple[Agency, ...]:
        who = (agency.institution_kind, agency.country)
        return tuple(each for each in self.agencies if (each.institution_kind, each.country) != who)

    def _require_part(self, country: str) -> None:
        if country not in self.mandate.countries:
            raise Invalid("country", f"{country} does not take part in this operation")

    def _require_order(self, now: datetime) -> None:
        """Launched, ended, evaluated: in this order, and all in the past; raises `Invalid`."""
        given = {name: at for name in ("launched", "ended", "evaluated") if (at := getattr(self, name)) is not None}
        for name, at in given.items():
            require_past(name, at, now)
        for (_, before), (name, at) in zip(list(given.items()), list(given.items())[1:], strict=False):
            require_span(name, before, at, LONGEST)

    def _said(self) -> dict[str, Any]:
        whole = {"title": dict(self.title), **self.mandate.said(), "agencies": [each.said() for each in self.agencies]}
        moments = {"launched": self.launched, "ended": self.ended, "evaluated": self.evaluated}
        return {**whole, **moments, "results": results.said(self.results), "priorities": list(self.priorities)}


def _told(key: Key, tally: Tally) -> dict[str, Any]:
    country, measure_kind, day = key
    return {"country": country, "measure_kind": measure_kind, "action_day_ref": day, **tally.said()}
