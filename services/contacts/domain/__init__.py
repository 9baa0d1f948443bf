"""The rules of contacts: what an entry may become, and what each step says. No clock, no store, no web."""

from services.contacts.domain.authority import Authority, folded, identity, known_zone
from services.contacts.domain.contact_point import NEXT, ContactPoint, Post, Skill, Step, end_of, start_of
from services.contacts.domain.person import Details, Person

__all__ = [
    "NEXT",
    "Authority",
    "ContactPoint",
    "Details",
    "Person",
    "Post",
    "Skill",
    "Step",
    "end_of",
    "folded",
    "identity",
    "known_zone",
    "start_of",
]
