"""What meetings agree and what follows from it: decisions, on the meeting's own topic, and action items, each with a life of its own."""

from datetime import date
from uuid import UUID

from shared.events.base import Event
from shared.events.meetings.meeting import MEETINGS

ACTION_ITEMS = "meetings.action_item.v1"
FULFILLED = ("iK5", "iK5o", "iK5d")


class _Decision(Event):
    topic = MEETINGS

    decision_id: UUID
    kind: str
    text_sha256: str
    """Of what was agreed, in words: they stay with meetings, as free text is on no fact topic. Hexadecimal, of JSON with sorted keys."""
    languages: list[str]
    """In which it is written down."""


class DecisionAdopted(_Decision):
    """The meeting agreed on a legal or practical issue, an action to take or a measure to apply."""

    type = "meetings.decision.adopted.v1"
    feeds = FULFILLED

    supersedes: UUID | None = None


class DecisionAmended(_Decision):
    """The same decision in other words."""

    type = "meetings.decision.amended.v1"


class DecisionSuperseded(Event):
    """Another decision took its place."""

    type = "meetings.decision.superseded.v1"
    topic = MEETINGS

    decision_id: UUID
    by: UUID


class _ActionItem(Event):
    """The whole task as it stands, but for its words, so that each fact can be read alone."""

    topic = ACTION_ITEMS
    feeds = FULFILLED

    meeting_ref: UUID
    decision_ref: UUID
    owner_country: str
    owner_ref: UUID | None = None
    """A contact point or an authority of the directory."""
    due: date
    """A day where its owner is."""
    first_due: date
    """The day that was agreed first."""
    percent: int
    completed: date | None = None


class ActionItemAssigned(_ActionItem):
    """A country is given a task."""

    type = "meetings.action_item.assigned.v1"


class ActionItemAccepted(_ActionItem):
    """It takes it on."""

    type = "meetings.action_item.accepted.v1"


class ActionItemProgressed(_ActionItem):
    """So much of it is done."""

    type = "meetings.action_item.progressed.v1"


class ActionItemDueChanged(_ActionItem):
    """It has until another day."""

    type = "meetings.action_item.due_changed.v1"

    reason: str


class ActionItemCompleted(_ActionItem):
    """Its owner calls it done."""

    type = "meetings.action_item.completed.v1"


class ActionItemVerified(_ActionItem):
    """Whoever convened the meeting has seen that it is done."""

    type = "meetings.action_item.verified.v1"


class ActionItemCancelled(_ActionItem):
    """Nobody need do it any more."""

    type = "meetings.action_item.cancelled.v1"

    reason: str
