"""The rules of meetings: no clock, no store, no web."""

from services.meetings.domain.action_item import ActionItem
from services.meetings.domain.agreements import Decision
from services.meetings.domain.meeting import NEXT, Delegation, Held, Meeting, Slot
from services.meetings.domain.support import Pair, Support

__all__ = ["NEXT", "ActionItem", "Decision", "Delegation", "Held", "Meeting", "Pair", "Slot", "Support"]
