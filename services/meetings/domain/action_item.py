"""What somebody has to do after a decision (EJ-03; `events.md` §6.3 *action_item*): each step gives the new state and its fact."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared import states
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import meetings as facts

STEPS: Mapping[str, tuple[str, ...]] = {
    "assigned": ("accept", "change due", "complete", "cancel"),
    "accepted": ("progress", "change due", "complete", "cancel"),
    "in_progress": ("progress", "change due", "complete", "cancel"),
    "done": ("progress", "verify"),
    "verified": (),
    "cancelled": (),
}
"""What may be done in each state; what was done and is not yet verified can turn out to be unfinished."""
OPEN = ("assigned", "accepted", "in_progress")
"""States in which it can be overdue."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """A task of one country after a decision of a meeting; `due` is a day where its owner is, `first_due` the day first agreed."""

    id: UUID
    meeting: UUID
    decision: UUID
    convenor: str | None
    """The country whose meeting it was: it verifies."""
    country: str
    """Whose task it is."""
    text: Mapping[str, str]
    due: date
    first_due: date
    recorded_at: datetime
    owner_ref: UUID | None = None
    state: str = "assigned"
    percent: int = 0
    completed: date | None = None
    version: int = 1
    exercise: bool = False
    """As the meeting was."""

    def assigned(self) -> Event:
        """Somebody is given the task."""
        return facts.ActionItemAssigned(**self._said())

    def accept(self, now: datetime) -> tuple["ActionItem", Event]:
        """Its owner takes it on."""
        after = self._step("accept", now, state="accepted")
        return after, facts.ActionItemAccepted(**after._said())

    def progress(self, percent: int, now: datetime) -> tuple["ActionItem", Event]:
        """So much of it is done; of one that was called done it says that it is not."""
        if self.state == "in_progress" and percent == self.percent:
            raise Conflict("So much of it is done already")
        after = self._step("progress", now, state="in_progress", percent=percent, completed=None)
        return after, facts.ActionItemProgressed(**after._said())

    def change_due(self, due: date, reason: str, now: datetime) -> tuple["ActionItem", Event]:
        """It has until another day; the first is kept, and both are told."""
        if due == self.due:
            raise Conflict("It is due on this day already")
        after = self._step("change due", now, due=due)
        return after, facts.ActionItemDueChanged(**after._said(), reason=reason)

    def complete(self, on: date, now: datetime) -> tuple["ActionItem", Event]:
        """Its owner calls it done; raises `Invalid` where that day lies in the future."""
        if on > now.date():
            raise Invalid("completed", "lies in the future")
        after = self._step("complete", now, state="done", percent=100, completed=on)
        return after, facts.ActionItemCompleted(**after._said())

    def verify(self, now: datetime) -> tuple["ActionItem", Event]:
        """Whoever convened the meeting has seen that it is done."""
        after = self._step("verify", now, state="verified")
        return after, facts.ActionItemVerified(**after._said())

    def cancel(self, reason: str, now: datetime) -> tuple["ActionItem", Event]:
        """Nobody need do it any more."""
        after = self._step("cancel", now, state="cancelled")
        return after, facts.ActionItemCancelled(**after._said(), reason=reason)

    def _step(self, step: str, now: datetime, **changed: Any) -> "ActionItem":
        states.require(STEPS, self.state, step)
        return replace(self, **changed, version=self.version + 1, recorded_at=max(now, self.recorded_at))

    def _said(self) -> dict[str, Any]:
        told = {"meeting_ref": self.meeting, "decision_ref": self.decision, "owner_country": self.country, "owner_ref": self.owner_ref}
        return told | {"due": self.due, "first_due": self.first_due, "percent": self.percent, "completed": self.completed}
