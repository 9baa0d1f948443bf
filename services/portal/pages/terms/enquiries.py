"""What contacts says of enquiries, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "addressee_kind": {
        "contact_point": N_("Contact point"),
        "authority": N_("Authority"),
        "network": N_("Network"),
        "liaison": N_("Liaison"),
        "channel": N_("Diplomatic channel"),
    },
    "enquiry_channel": {
        "direct": N_("Directly"),
        "ejn": N_("European Judicial Network"),
        "ejn_secretariat": N_("Secretariat of the European Judicial Network"),
        "eurojust": N_("Eurojust"),
        "europol": N_("Europol"),
        "interpol": N_("Interpol"),
        "liaison": N_("Liaison officer or magistrate"),
        "central_authority": N_("Central authority"),
        "diplomatic": N_("Diplomatic channel"),
    },
    "enquiry_state": {
        "opened": N_("Not sent yet"),
        "routed": N_("Sent"),
        "escalated": N_("Sent to the next"),
        "acknowledged": N_("Acknowledged"),
        "answered": N_("Answered"),
        "refused": N_("Refused"),
        "closed": N_("Closed"),
        "withdrawn": N_("Withdrawn by its asker"),
        "retracted": N_("Taken back"),
    },
    "enquiry_direction": {"asked": N_("Asked of us"), "asking": N_("Asked by us")},
    "enquiry_clock": {"overdue": N_("Not acknowledged in time"), "running": N_("Still in time")},
    "refusal_reason": {
        "NO_BASIS": N_("No legal basis"),
        "OUT_OF_SCOPE": N_("Out of scope"),
        "NATIONAL_SECURITY": N_("National security"),
        "ONGOING_INVESTIGATION": N_("Ongoing investigation"),
        "RIGHTS_OF_PERSON": N_("Rights of a person"),
        "CAPACITY": N_("No capacity"),
        "WRONG_ADDRESSEE": N_("Wrong addressee"),
        "OTHER": N_("Another reason"),
    },
    "enquiry_turn": {
        "send": N_("send it to somebody"),
        "acknowledge": N_("acknowledge it"),
        "pass_on": N_("send it to the next, or wait"),
        "answer": N_("answer it"),
        "close": N_("close it"),
        "decide": N_("send it to the next, or close it"),
    },
    "enquiry_step": {
        "route": N_("Send it to somebody"),
        "acknowledge": N_("Acknowledge it"),
        "answer": N_("It is answered"),
        "refuse": N_("Refuse it"),
        "escalate": N_("Send it to the next"),
        "withdraw": N_("Withdraw the enquiry"),
        "close": N_("Close it"),
        "retract enquiry": N_("Take it back"),
    },
    "useful": {"yes": N_("Yes, it helped"), "no": N_("No, it did not help")},
}
EVENTS = {
    "contacts.enquiry.opened.v1": N_("Opened"),
    "contacts.enquiry.routed.v1": N_("Sent"),
    "contacts.enquiry.step_proposed.v1": N_("Next step proposed"),
    "contacts.enquiry.acknowledged.v1": N_("Acknowledged"),
    "contacts.enquiry.answered.v1": N_("Answered"),
    "contacts.enquiry.refused.v1": N_("Refused"),
    "contacts.enquiry.escalated.v1": N_("Sent to the next"),
    "contacts.enquiry.withdrawn.v1": N_("Withdrawn by its asker"),
    "contacts.enquiry.closed.v1": N_("Closed"),
    "contacts.enquiry.retracted.v1": N_("Taken back"),
}
"""Type of an event -> what happened."""
REASONS = {
    "is who asks": N_("This is who asks: choose another."),
    "is asked already": N_("It is asked already: choose another."),
    "nobody who can be asked": N_("It can be asked no longer: choose another."),
    "suspended: not to be asked until it is verified": N_("It is suspended: choose another, or wait until it is verified."),
    "lapsed: not to be asked until it is verified": N_("It has lapsed, unverified: choose another, or wait until it is verified."),
    "lies before the step that it follows": N_("This lies before the step that it follows."),
    "is needed where the reason is another": N_("Say in a few words what the reason is."),
}
"""Reasons contacts gives, in words for people."""
WRONG = {
    "to_country": N_("Choose one of the list."),
    "measure": N_("Choose one of the list."),
    "addressee_ref": N_("Choose one of the country that is asked."),
    "at": N_("Give a date and a time."),
    "told": N_("Use at most 200 letters, on one line."),
}
"""What to say of a field whose reason only a programmer can read."""
