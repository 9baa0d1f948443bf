"""What one can ask of contacts: a function per intent; load, decide, save, say, all in the caller's transaction."""

from services.contacts.commands import competences, networks
from services.contacts.commands.directory import (
    amend_authority,
    correct,
    designate,
    end,
    erase_person,
    lapse_overdue,
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
    "competences",
    "correct",
    "designate",
    "end",
    "erase_person",
    "lapse_overdue",
    "networks",
    "nominate",
    "record_access",
    "record_details",
    "register_authority",
    "request_verification",
    "retract",
    "update",
    "verify",
]
