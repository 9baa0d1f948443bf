"""A coordination centre's life (EJ-09; `events.md` §6.3 *centre*): each step gives the new state and the fact that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.operations.domain.life import Life, Steps, require_past, require_said, require_span
from shared.events import Event
from shared.events import operations as facts

STEPS: Steps = {
    "planned": ("open", "cancel"),
    "open": ("close", "correct", "retract"),
    "closed": ("correct", "retract"),
    "cancelled": (),
    "retracted": (),
}
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Work:
    """What a centre works on, how and who with (EJ-11: in a room, virtually, or both)."""

    form: str
    crime_types: tuple[str, ...]
    countries: tuple[str, ...]
    room: str | None = None

    def said(self) -> dict[str, Any]:
        """As facts carry it."""
        return {"form": self.form, "room": self.room, "crime_types": list(self.crime_types), "countries": list(self.countries)}


@dataclass(frozen=True, slots=True)
class Centre:
    """A coordination centre; `opens` is when it is planned for, `opened_event` the fact by which it is counted."""

    life: Life
    title: Mapping[str, str]
    work: Work
    opens: datetime | None = None
    opened: datetime | None = None
    closed: datetime | None = None
    opened_event: UUID | None = None

    @property
    def kind(self) -> str:
        """In a room, virtually, or both."""
        return self.work.form

    @property
    def crime_types(self) -> tuple[str, ...]:
        """What it is about."""
        return self.work.crime_types

    @property
    def countries(self) -> tuple[str, ...]:
        """Who works in it."""
        return self.work.countries

    @property
    def at(self) -> datetime | None:
        """When it was opened, else when it is planned for."""
        return self.opened or self.opens

    def planned(self) -> Event:
        """It is to be opened."""
        return facts.CentrePlanned(**self._said(), opens=self.opens)

    def cancel(self, reason: str, now: datetime) -> tuple["Centre", Event]:
        """It will not be opened."""
        self.life.require(STEPS, "cancel")
        after = replace(self, life=self.life.step(now, "cancelled"))
        return after, facts.CentreCancelled(**after._said(), opens=self.opens, reason=reason)

    def open(self, at: datetime, now: datetime) -> tuple["Centre", Event]:
        """It works."""
        self.life.require(STEPS, "open")
        require_past("opened", at, now)
        after = replace(self, life=self.life.step(now, "open"), opened=at)
        return after, facts.CentreOpened(**after._worked())

    def recorded(self) -> Event:
        """It was opened before anybody planned it here: the first that is said of it."""
        assert self.opened is not None  # noqa: S101 - made with it
        require_past("opened", self.opened, self.life.recorded_at)
        return facts.CentreOpened(**self._worked())

    def close(self, at: datetime, now: datetime) -> tuple["Centre", Event]:
        """Its work is done."""
        self.life.require(STEPS, "close")
        after = replace(self, life=self.life.step(now, "closed"), closed=at)
        after._require_order(now)
        return after, facts.CentreClosed(**after._worked())

    def correct(
        self, corrects: UUID, work: Work, opened: datetime, closed: datetime | None, now: datetime, reason: str
    ) -> tuple["Centre", Event]:
        """It worked otherwise than was said."""
        self.life.require(STEPS, "correct")
        require_said(corrects, self.opened_event, "this centre was opened")
        after = replace(self, life=self.life.step(now, "closed" if closed else "open"), work=work, opened=opened, closed=closed)
        after._require_order(now)
        return after, facts.CentreCorrected(**after._worked(), corrects=corrects, reason=reason)

    def retract(self, corrects: UUID, reason: str, now: datetime) -> tuple["Centre", Event]:
        """It was not opened after all: a planned one is planned again, another is gone."""
        self.life.require(STEPS, "retract")
        require_said(corrects, self.opened_event, "this centre was opened")
        state = "planned" if self.opens else "retracted"
        after = replace(self, life=self.life.step(now, state), opened=None, closed=None, opened_event=None)
        return after, facts.CentreRetracted(corrects=corrects, reason=reason)

    def _require_order(self, now: datetime) -> None:
        assert self.opened is not None  # noqa: S101 - asked for only where it was opened
        require_past("opened", self.opened, now)
        if self.closed is not None:
            require_past("closed", self.closed, now)
            require_span("closed", self.opened, self.closed, LONGEST)

    def _said(self) -> dict[str, Any]:
        return {"title": dict(self.title), **self.work.said()}

    def _worked(self) -> dict[str, Any]:
        return {**self._said(), "opened": self.opened, "closed": self.closed}
