"""What makes a meeting possible (EJ-05; `indicators.md` iK8): rooms, interpretation, expertise, travel, asked for and confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound
from shared.events import Event
from shared.events import meetings as facts
from shared.events.money import Money

if TYPE_CHECKING:
    from services.meetings.domain.meeting import Meeting

INTERPRETATION = "interpretation"


@dataclass(frozen=True, slots=True)
class Pair:
    """From which language into which; by way of a third where nobody interprets directly."""

    source: str
    target: str
    relay: str | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where nothing is interpreted."""
        if self.source == self.target or self.relay in (self.source, self.target):
            raise Invalid("pairs", f"{self.source} into {self.target} is no interpretation")

    def said(self) -> facts.Pair:
        """As facts carry it."""
        told: facts.Pair = {"from": self.source, "to": self.target}
        return told if self.relay is None else {**told, "relay": self.relay}


@dataclass(frozen=True, slots=True)
class Support:
    """Something that is asked for, and what of it there will be; `confirmed` None while nobody has said."""

    id: UUID
    kind: str
    pairs: tuple[Pair, ...] = ()
    booths: int = 0
    note: str | None = None
    confirmed: tuple[Pair, ...] | None = None
    cost: Money | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where languages are named for what is no interpretation, or none for what is."""
        if (self.kind == INTERPRETATION) != bool(self.pairs):
            raise Invalid("pairs", "are needed for interpretation" if self.kind == INTERPRETATION else "are for interpretation alone")

    def said(self) -> dict[str, Any]:
        """As facts carry what was asked for; a note stays here."""
        asked = {"support_id": self.id, "kind": self.kind, "booths": self.booths}
        return {**asked, "pairs": [pair.said() for pair in self.pairs]}


def request(meeting: "Meeting", support: Support, now: datetime) -> tuple["Meeting", Event]:
    """Somebody asks for it."""
    meeting.require("request support")
    return meeting.step(now, support=(*meeting.support, support)), facts.MeetingSupportRequested(**support.said())


def confirm(meeting: "Meeting", id_: UUID, pairs: Sequence[Pair] | None, cost: Money | None, now: datetime) -> tuple["Meeting", Event]:
    """There will be this of it, all where no pairs are named; said again it replaces that. Raises `NotFound`, `Invalid`, `Conflict`."""
    meeting.require("confirm support")
    asked = next((each for each in meeting.support if each.id == id_), None)
    if asked is None:
        raise NotFound(f"No support {id_} was asked for")
    there = asked.pairs if pairs is None else tuple(pairs)
    if unasked := [pair for pair in there if (pair.source, pair.target) not in {(each.source, each.target) for each in asked.pairs}]:
        raise Invalid("pairs", f"{unasked[0].source} into {unasked[0].target} was not asked for")
    confirmed = replace(asked, confirmed=there, cost=cost)
    if confirmed == asked:
        raise Conflict("It is confirmed like this already")
    after = meeting.step(now, support=tuple(confirmed if each.id == id_ else each for each in meeting.support))
    said = asked.said() | {"pairs": [pair.said() for pair in there]}
    return after, facts.MeetingSupportConfirmed(**said, cost=cost)
