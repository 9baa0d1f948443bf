"""What contacts says of contact points and authorities, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "verification_method": {
        "self": N_("By the contact point itself"),
        "correspondent": N_("By a correspondent"),
        "call": N_("By a call"),
    },
    "end_reason": {
        "term_ended": N_("Term ended"),
        "replaced": N_("Replaced"),
        "post_abolished": N_("Post abolished"),
        "resigned": N_("Resigned"),
        "error": N_("Error"),
        "other": N_("Other"),
    },
    "surface": {"web": N_("A page"), "api": N_("The interface for programs"), "pack": N_("The offline pack")},
    "contact_point_step": {
        "designate": N_("Designate it"),
        "update": N_("Change its post"),
        "request verification": N_("Ask for verification"),
        "verify": N_("Verify it"),
        "note absence": N_("Note an absence"),
        "suspend": N_("Suspend it"),
        "end": N_("End it"),
        "correct": N_("Say it right"),
        "retract": N_("Take it back"),
    },
    "competence_state": {"declared": N_("Declared"), "withdrawn": N_("Withdrawn"), "retracted": N_("Taken back")},
    "seat": {
        "ministry_justice": N_("Ministry of justice"),
        "prosecutor_general": N_("Prosecutor general"),
        "judiciary": N_("Judiciary"),
    },
    "campaign_progress": {
        "waiting": N_("Waiting"),
        "verified": N_("Verified"),
        "changed": N_("Something changed"),
        "ended": N_("Ended"),
        "lapsed": N_("Lapsed"),
    },
    "campaign_count": {
        "asked": N_("Asked"),
        "verified": N_("Verified"),
        "ended": N_("Ended"),
        "waiting": N_("Waiting"),
        "lapsed": N_("Lapsed"),
        "to_call": N_("To call"),
    },
    "changed_field": {
        "authority_ref": N_("Authority"),
        "specialisations": N_("Specialisations"),
        "languages": N_("Languages"),
        "duty": N_("Duty"),
        "deputy_ref": N_("Deputy"),
        "person": N_("Person"),
    },
}
EVENTS = {
    "contacts.contact_point.nominated.v1": N_("Nominated"),
    "contacts.contact_point.designated.v1": N_("Designated"),
    "contacts.contact_point.updated.v1": N_("Post changed"),
    "contacts.contact_point.verification_requested.v1": N_("Verification asked for"),
    "contacts.contact_point.verified.v1": N_("Verified"),
    "contacts.contact_point.verification_lapsed.v1": N_("Verification lapsed"),
    "contacts.contact_point.absence_noted.v1": N_("Absence noted"),
    "contacts.contact_point.suspended.v1": N_("Suspended"),
    "contacts.contact_point.dormant_flagged.v1": N_("Nothing heard for a year"),
    "contacts.contact_point.successor_requested.v1": N_("Successor asked for"),
    "contacts.contact_point.ended.v1": N_("Ended"),
    "contacts.contact_point.corrected.v1": N_("Corrected"),
    "contacts.contact_point.retracted.v1": N_("Taken back"),
    "contacts.authority.registered.v1": N_("Registered"),
    "contacts.authority.amended.v1": N_("Described anew"),
    "contacts.authority.competence_declared.v1": N_("Competence declared"),
    "contacts.authority.competence_withdrawn.v1": N_("Competence withdrawn"),
    "contacts.authority.competence_retracted.v1": N_("Competence taken back"),
}
"""Type of an event -> what happened."""
REASONS = {
    "lies in the past": N_("This lies in the past."),
    "no contact point is to be asked": N_("No contact point is to be asked."),
    "is the contact point itself": N_("This is the contact point itself."),
    "lies in another country": N_("This lies in another country."),
    "This competence is declared already": N_("This competence is declared already, for some of these days."),
}
"""Reasons contacts gives, in words for people."""
WRONG = {
    "languages": N_("Codes and levels, such as: sq native; en fluent."),
    "language": N_("A code such as fr."),
    "instruments": N_("References in small letters, such as budapest-convention."),
    "territory": N_("Codes such as AL-11."),
}
"""What to say of a field whose reason only a programmer can read."""
