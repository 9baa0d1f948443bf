"""What all that has a life here shares: who it is, what may be done with it, and a version for each step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared import states
from shared.errors import Invalid

Steps = Mapping[str, Sequence[str]]
"""State -> what may be done in it."""


@dataclass(frozen=True, slots=True)
class Life:
    """Identity, state and version; `country` is whose achievement it is, None for what stands above countries."""

    id: UUID
    reference: str | None
    country: str | None
    state: str
    recorded_at: datetime
    exercise: bool = False
    version: int = 1

    def step(self, now: datetime, state: str | None = None) -> "Life":
        """The next version, perhaps in another state; knowledge time never runs backwards."""
        return replace(self, state=state or self.state, version=self.version + 1, recorded_at=max(now, self.recorded_at))

    def require(self, steps: Steps, step: str) -> None:
        """Raises `Conflict` with what is possible, where this is not."""
        states.require(steps, self.state, step)


def require_said(corrects: UUID, said: UUID | None, what: str) -> None:
    """Raises `Invalid` where the fact that is named is not the one that said this."""
    if corrects != said:
        raise Invalid("corrects", f"is not the fact that {what}")


def require_past(name: str, at: datetime, now: datetime) -> None:
    """Raises `Invalid` where it lies in the future."""
    if at > now:
        raise Invalid(name, "lies in the future")


def require_span(name: str, start: datetime, end: datetime, longest: timedelta) -> None:
    """Raises `Invalid` where it ends before it begins, or never."""
    if end <= start:
        raise Invalid(name, "is not after the beginning")
    if end - start > longest:
        raise Invalid(name, f"is more than {longest.days} days after the beginning")
