"""What makes a meeting possible: rooms, interpretation, expertise, travel."""

from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from shared.events.base import Event
from shared.events.meetings.meeting import MEETINGS
from shared.events.money import Money

# A TypedDict, not a model: the fast decoder mirrors it and knows no nested pydantic class.
Pair = TypedDict("Pair", {"from": str, "to": str, "relay": NotRequired[str]})
"""From which language into which, perhaps by way of a third."""


class _Support(Event):
    topic = MEETINGS
    feeds = ("iK8",)

    support_id: UUID
    kind: str
    pairs: list[Pair]
    booths: int


class MeetingSupportRequested(_Support):
    """Somebody asks for it."""

    type = "meetings.meeting.support_requested.v1"


class MeetingSupportConfirmed(_Support):
    """There will be this of it; said again it replaces what was said."""

    type = "meetings.meeting.support_confirmed.v1"

    cost: Money | None = None
