"""An intelligence priority's life (D4): set for a time, set anew, or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from services.operations.domain.life import Life, Steps
from shared.errors import Invalid
from shared.events import Event
from shared.events import operations as facts

STEPS: Steps = {"set": ("set anew", "withdraw"), "withdrawn": ()}


@dataclass(frozen=True, slots=True)
class Priority:
    """What comes first; from one day to another, both included, or without end. Raises `Invalid` where it ends before it begins."""

    life: Life
    title: Mapping[str, str]
    crime_types: tuple[str, ...]
    countries: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    kind: None = None
    """Priorities are all of one kind."""

    def __post_init__(self) -> None:
        """Raises `Invalid` where it ends before it begins."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Invalid("valid_to", "is before the beginning")

    @property
    def at(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.valid_from, time(), UTC)

    def said(self) -> Event:
        """It is one."""
        lists = {"crime_types": list(self.crime_types), "countries": list(self.countries)}
        return facts.PrioritySet(title=dict(self.title), **lists, valid_from=self.valid_from, valid_to=self.valid_to)

    def set_anew(self, other: "Priority", now: datetime) -> tuple["Priority", Event]:
        """It is another than before."""
        self.life.require(STEPS, "set anew")
        after = replace(other, life=self.life.step(now))
        return after, after.said()

    def withdraw(self, reason: str, now: datetime) -> tuple["Priority", Event]:
        """It never was one."""
        self.life.require(STEPS, "withdraw")
        return replace(self, life=self.life.step(now, "withdrawn")), facts.PriorityWithdrawn(reason=reason)
