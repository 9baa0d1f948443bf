"""What all histories here have in common: a step is possible or not, it has the next version, and the newest can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.errors import Conflict, Invalid


class Kept(Protocol):
    """Something with a history of facts."""

    @property
    def id(self) -> UUID:
        """The subject of its facts."""

    @property
    def country(self) -> str | None:
        """Whose achievement it is; None above countries."""

    @property
    def state(self) -> str:
        """Where it stands."""

    @property
    def version(self) -> int:
        """How many facts there are."""

    @property
    def recorded_at(self) -> datetime:
        """When the newest became known."""


K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True)
class Step:
    """A fact that still stands, and the state it led to."""

    event_id: UUID
    type: str
    after: Any


@dataclass(frozen=True, slots=True)
class Happened(Step):
    """A step with its day, and the step it corrects."""

    time: datetime
    corrects: UUID | None


def stepped(kept: K, now: datetime, **changes: Any) -> K:
    """Its next version."""
    return replace(kept, version=kept.version + 1, recorded_at=max(now, kept.recorded_at), **changes)  # type: ignore[type-var]


def require(kept: Kept, possible: Mapping[str, Sequence[str]], intent: str) -> None:
    """Raises `Conflict` naming the state and what is possible in it."""
    steps = possible[kept.state]
    if intent not in steps:
        detail = f"In state {kept.state} one cannot {intent}; possible: {', '.join(steps) or 'nothing more'}"
        raise Conflict(detail, id=str(kept.id), possible=list(steps))


def taken_back(kept: K, corrects: UUID, standing: Sequence[Step], now: datetime, **gone: Any) -> K:
    """The state before the newest standing fact (`standing`: newest first), or `gone` where it was the first. Later ones go first."""
    if corrects not in [step.event_id for step in standing]:
        raise Invalid("corrects", "is no standing fact of it")
    newest = standing[0]
    if newest.event_id != corrects:
        raise Conflict(f"It rests upon this: take back {newest.event_id} ({verb(newest.type)}) first", first=str(newest.event_id))
    before: K = standing[1].after if len(standing) > 1 else replace(kept, state="retracted", **gone)  # type: ignore[type-var]
    return replace(before, version=kept.version + 1, recorded_at=max(now, kept.recorded_at))  # type: ignore[type-var]


def verb(event_type: str) -> str:
    """What a fact says, in a word or two."""
    return event_type.split(".")[2].replace("_", " ")
