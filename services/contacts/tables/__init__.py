"""Where contacts keeps what it owns. No column holds a person's details in clear: `persons.jwe` opens with the key in `person_keys`."""

from services.contacts.tables.directory import (
    access_log,
    authorities,
    campaign_members,
    campaigns,
    competences,
    contact_point_steps,
    contact_points,
    person_keys,
    persons,
    verification_links,
)
from services.contacts.tables.exchange import import_faults, import_parts, import_rows, imports, pack_deltas, packs, partner_facts
from services.contacts.tables.metadata import metadata
from services.contacts.tables.registers import domains, enquiries, liaisons, memberships, networks, steps, structures
from services.contacts.tables.search import search_entries, search_words

__all__ = [
    "access_log",
    "authorities",
    "campaign_members",
    "campaigns",
    "competences",
    "contact_point_steps",
    "contact_points",
    "domains",
    "enquiries",
    "import_faults",
    "import_parts",
    "import_rows",
    "imports",
    "liaisons",
    "memberships",
    "metadata",
    "networks",
    "pack_deltas",
    "packs",
    "partner_facts",
    "person_keys",
    "persons",
    "search_entries",
    "search_words",
    "steps",
    "structures",
    "verification_links",
]
