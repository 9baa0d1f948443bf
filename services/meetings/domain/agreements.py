"""What a meeting agreed (EJ-03; `events.md` §6.3 *decision*): adopted, put in other words, replaced by another."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound
from shared.events import Event
from shared.events import meetings as facts

if TYPE_CHECKING:
    from services.meetings.domain.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Decision:
    """An agreement on a legal or practical issue, an action to take or a measure to apply; its text stays here."""

    id: UUID
    kind: str
    text: Mapping[str, str]
    superseded_by: UUID | None = None

    def said(self) -> dict[str, Any]:
        """As facts carry it: free text is on no fact topic, only what proves which text it was."""
        written = json.dumps(dict(self.text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        told = {"decision_id": self.id, "kind": self.kind, "languages": sorted(self.text)}
        return told | {"text_sha256": hashlib.sha256(written.encode()).hexdigest()}


def decision_of(meeting: "Meeting", id_: UUID) -> Decision:
    """One that holds; raises `NotFound`, or `Conflict` where another took its place."""
    found = next((each for each in meeting.decisions if each.id == id_), None)
    if found is None:
        raise NotFound(f"No decision {id_} was adopted here")
    if found.superseded_by is not None:
        raise Conflict("Another decision took its place", superseded_by=str(found.superseded_by))
    return found


def adopt(meeting: "Meeting", decision: Decision, supersedes: UUID | None, now: datetime) -> tuple["Meeting", Event]:
    """The meeting agreed; with `supersedes` in place of what it agreed before, which `supersede` then says. Raises `Invalid`."""
    meeting.require("adopt decision")
    if supersedes is not None and supersedes not in {each.id for each in meeting.decisions if each.superseded_by is None}:
        raise Invalid("supersedes", "is no decision of this meeting that holds")
    after = meeting.step(now, decisions=(*meeting.decisions, decision))
    return after, facts.DecisionAdopted(**decision.said(), supersedes=supersedes)


def supersede(meeting: "Meeting", id_: UUID, by: UUID, now: datetime) -> tuple["Meeting", Event]:
    """Another decision took its place."""
    after = _with(meeting, replace(decision_of(meeting, id_), superseded_by=by), now)
    return after, facts.DecisionSuperseded(decision_id=id_, by=by)


def amend(meeting: "Meeting", id_: UUID, text: Mapping[str, str], now: datetime) -> tuple["Meeting", Event]:
    """The same in other words; raises `Conflict` where they are the same."""
    meeting.require("amend decision")
    before = decision_of(meeting, id_)
    if dict(before.text) == dict(text):
        raise Conflict("It says so already")
    amended = replace(before, text=text)
    return _with(meeting, amended, now), facts.DecisionAmended(**amended.said())


def _with(meeting: "Meeting", decision: Decision, now: datetime) -> "Meeting":
    return meeting.step(now, decisions=tuple(decision if each.id == decision.id else each for each in meeting.decisions))
