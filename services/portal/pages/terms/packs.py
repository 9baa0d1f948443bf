"""What contacts says of packs that are built, in words."""

from services.portal.pages.terms.marked import N_

TERMS: dict[str, dict[str, str]] = {
    "pack_state": {"building": N_("Being built"), "ready": N_("Ready"), "failed": N_("Could not be built")},
}

FAULTS = {
    r"these are (?P<count>\d+) entries; a pack holds (?P<most>\d+): name fewer countries": N_(
        "These are %(count)s entries, and a pack holds %(most)s: choose fewer countries."
    ),
    "this instance has no key to sign packs with": N_("This instance has no key to sign packs with; its operator can give it one."),
    "it could not be built; the operator's log tells why": N_("Try again; if it happens again, tell the operator when it was."),
}
"""What contacts says, as a pattern, and the words for it."""
