"""The rules of contacts: what an entry may become, and what each step says. No clock, no store, no web."""

from services.contacts.domain.authority import Authority, folded, known_zone
from services.contacts.domain.calendars import Calendar, Calendars, Rule, Span, State, Weekday, span
from services.contacts.domain.clocks import day_at, days_at, end_of
from services.contacts.domain.competence import Competence, Scope, spoken_of
from services.contacts.domain.contact_point import (
    ASKED_BEFORE,
    DORMANT,
    NEXT,
    SERVING,
    ContactPoint,
    Post,
    Skill,
    as_it_was,
    possible,
)
from services.contacts.domain.enquiry import ASKED as ASKED_STEPS
from services.contacts.domain.enquiry import NEXT as ENQUIRY_STEPS
from services.contacts.domain.enquiry import WAITING, Addressee, Enquiry, diplomatic_channel
from services.contacts.domain.history import Happened, Step
from services.contacts.domain.liaison import NEXT as LIAISON_STEPS
from services.contacts.domain.liaison import Liaison
from services.contacts.domain.network import NEXT as NETWORK_STEPS
from services.contacts.domain.network import Link, Membership, Network, PriorityDomain, require_past
from services.contacts.domain.person import Details, Person
from services.contacts.domain.standing import Said, Standing, standing
from services.contacts.domain.structure import Role, Structure
from services.contacts.domain.verification_link import LinkReply, LinkState, VerificationLink
from services.contacts.domain.whom import Answer, Candidate, Freshness, Place, Posting, Question, Seat, rank

__all__ = [
    "ASKED_BEFORE",
    "ASKED_STEPS",
    "DORMANT",
    "ENQUIRY_STEPS",
    "LIAISON_STEPS",
    "NETWORK_STEPS",
    "NEXT",
    "SERVING",
    "WAITING",
    "Addressee",
    "Answer",
    "Authority",
    "Calendar",
    "Calendars",
    "Candidate",
    "Competence",
    "ContactPoint",
    "Details",
    "Enquiry",
    "Freshness",
    "Happened",
    "Liaison",
    "Link",
    "LinkReply",
    "LinkState",
    "Membership",
    "Network",
    "Person",
    "Place",
    "Post",
    "Posting",
    "PriorityDomain",
    "Question",
    "Role",
    "Rule",
    "Said",
    "Scope",
    "Seat",
    "Skill",
    "Span",
    "Standing",
    "State",
    "Step",
    "Structure",
    "VerificationLink",
    "Weekday",
    "as_it_was",
    "day_at",
    "days_at",
    "diplomatic_channel",
    "end_of",
    "folded",
    "known_zone",
    "possible",
    "rank",
    "require_past",
    "span",
    "spoken_of",
    "standing",
]
