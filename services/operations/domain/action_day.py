"""An action day's life (`events.md` §6.3 *action_day*): several countries act at one moment, each on its own clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from services.operations.domain.life import Life, Steps, require_past, require_span
from services.operations.domain.operation import STEPS as OPERATION
from services.operations.domain.operation import Operation
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import operations as facts

STEPS: Steps = {
    "planned": ("confirm", "abort"),
    "ready": ("go", "abort"),
    "running": ("end", "abort"),
    "ended": (),
    "aborted": (),
}
LONGEST = timedelta(days=31)


def require_plannable(operation: Operation, countries: Sequence[str]) -> None:
    """Raises `Conflict` where the operation is not that far or over, `Invalid` where a country does not take part or stands twice."""
    operation.life.require(OPERATION, "plan action day")
    for country in countries:
        if country not in operation.countries:
            raise Invalid("countries", f"{country} does not take part in the operation")
    if len(set(countries)) < len(countries):
        raise Invalid("countries", "a country acts once")


@dataclass(frozen=True, slots=True)
class Place:
    """A country that acts, and the clock it goes by."""

    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class ActionDay:
    """An action day of an operation, perhaps led from a coordination centre."""

    life: Life
    title: Mapping[str, str]
    operation: UUID
    t_zero: datetime
    places: tuple[Place, ...]
    centre: UUID | None = None
    ready: tuple[str, ...] = ()
    began: datetime | None = None
    ended: datetime | None = None

    kind: ClassVar[None] = None
    crime_types: ClassVar[tuple[str, ...]] = ()

    @property
    def countries(self) -> tuple[str, ...]:
        """Who acts."""
        return tuple(each.country for each in self.places)

    @property
    def at(self) -> datetime:
        """When it began, else when it is to begin."""
        return self.began or self.t_zero

    def planned(self) -> Event:
        """Several countries are to act at the same moment."""
        return facts.ActionDayPlanned(**self._said())

    def confirm(self, country: str, now: datetime) -> tuple["ActionDay", Event]:
        """A country is ready; with the last one, all are."""
        if country not in self.countries:
            raise Invalid("country", f"{country} does not act on this day")
        if country in self.ready:
            raise Conflict(f"{country} has confirmed already")
        ready = tuple(sorted((*self.ready, country)))
        after = self._after("confirm", now, "ready" if set(ready) == set(self.countries) else None, ready=ready)
        return after, facts.ActionDayReadyConfirmed(**after._said(), country=country)

    def go(self, at: datetime, now: datetime) -> tuple["ActionDay", Event]:
        """All act."""
        require_past("began", at, now)
        after = self._after("go", now, "running", began=at)
        return after, facts.ActionDayGo(**after._said(), began=at)

    def end(self, at: datetime, now: datetime) -> tuple["ActionDay", Event]:
        """The measures are taken."""
        after = self._after("end", now, "ended", ended=at)
        assert self.began is not None  # noqa: S101 - it is running
        require_past("ended", at, now)
        require_span("ended", self.began, at, LONGEST)
        return after, facts.ActionDayEnded(**after._said(), began=self.began, ended=at)

    def abort(self, reason: str, now: datetime) -> tuple["ActionDay", Event]:
        """It is called off."""
        after = self._after("abort", now, "aborted")
        return after, facts.ActionDayAborted(**after._said(), reason=reason)

    def _after(self, step: str, now: datetime, state: str | None, **changed: Any) -> "ActionDay":
        self.life.require(STEPS, step)
        return replace(self, life=self.life.step(now, state), **changed)

    def _said(self) -> dict[str, Any]:
        places = [facts.Place(country=each.country, zone=each.zone) for each in self.places]
        about = {"operation_ref": self.operation, "centre_ref": self.centre, "title": dict(self.title)}
        return {**about, "t_zero": self.t_zero, "countries": places, "ready": list(self.ready)}
