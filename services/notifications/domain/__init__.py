"""The rules: what a meeting, a contact point and an enquiry are as told by facts, who is written to, and when a mail is tried again."""

from services.notifications.domain.contact_point import ContactPoint, clock, folded
from services.notifications.domain.delivery import LONGEST_TRY_S, About, Delivery, Recipient, State, SubjectType, next_try, silence
from services.notifications.domain.enquiries import TO_ADDRESSEE, TO_ASKER, Enquiry, enquiry_letters, enquiry_of
from services.notifications.domain.invitations import letters, tells
from services.notifications.domain.letter import Kind, Letter
from services.notifications.domain.meeting import Meeting, Seat
from services.notifications.domain.notices import Notice, notice_of, written_to
from services.notifications.domain.reach import through_whom

__all__ = [
    "LONGEST_TRY_S",
    "TO_ADDRESSEE",
    "TO_ASKER",
    "About",
    "ContactPoint",
    "Delivery",
    "Enquiry",
    "Kind",
    "Letter",
    "Meeting",
    "Notice",
    "Recipient",
    "Seat",
    "State",
    "SubjectType",
    "clock",
    "enquiry_letters",
    "enquiry_of",
    "folded",
    "letters",
    "next_try",
    "notice_of",
    "silence",
    "tells",
    "through_whom",
    "written_to",
]
