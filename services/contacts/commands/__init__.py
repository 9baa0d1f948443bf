"""What one can ask of contacts: a function per intent; load, decide, save, say, all in the caller's transaction."""

from services.contacts.commands import campaigns, competences, enquiries, imports, liaisons, networks, packs, steps
from services.contacts.commands.continuity import ask_successors, flag_dormant, lapse_overdue, note_absence, suspend
from services.contacts.commands.directory import (
    amend_authority,
    correct,
    designate,
    end,
    erase_person,
    nominate,
    record_access,
    record_details,
    register_authority,
    request_verification,
    retract,
    update,
    verify,
)

__all__ = [
    "amend_authority",
    "ask_successors",
    "campaigns",
    "competences",
    "correct",
    "designate",
    "end",
    "enquiries",
    "erase_person",
    "flag_dormant",
    "imports",
    "lapse_overdue",
    "liaisons",
    "networks",
    "nominate",
    "note_absence",
    "packs",
    "record_access",
    "record_details",
    "register_authority",
    "request_verification",
    "retract",
    "steps",
    "suspend",
    "update",
    "verify",
]
