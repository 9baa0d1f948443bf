"""The rules: what a meeting and a contact point are as told by facts, who is written to, and when a mail is tried again."""

from services.notifications.domain.contact_point import ContactPoint, clock, folded
from services.notifications.domain.delivery import LONGEST_TRY_S, Delivery, Kind, Recipient, State, next_try, silence
from services.notifications.domain.invitations import Letter, letters, tells
from services.notifications.domain.meeting import Meeting, Seat
from services.notifications.domain.notices import Notice, notice_of, written_to

__all__ = [
    "LONGEST_TRY_S",
    "ContactPoint",
    "Delivery",
    "Kind",
    "Letter",
    "Meeting",
    "Notice",
    "Recipient",
    "Seat",
    "State",
    "clock",
    "folded",
    "letters",
    "next_try",
    "notice_of",
    "silence",
    "tells",
    "written_to",
]
