"""What is shown of contacts: SQL to page-shaped answers."""

from services.contacts.views import campaigns, countries, enquiries, imports, interconnections, packs, registers, search, vacancies, whom
from services.contacts.views.directory import (
    AuthorityPage,
    AuthorityRow,
    ContactPointPage,
    ContactPointRow,
    authorities,
    authority,
    contact_point,
    contact_point_on,
    contact_points,
)
from services.contacts.views.persons import Access, Erasure, PersonKey, PersonPage, PersonRecord, access_log, card, details, key

__all__ = [
    "Access",
    "AuthorityPage",
    "AuthorityRow",
    "ContactPointPage",
    "ContactPointRow",
    "Erasure",
    "PersonKey",
    "PersonPage",
    "PersonRecord",
    "access_log",
    "authorities",
    "authority",
    "campaigns",
    "card",
    "contact_point",
    "contact_point_on",
    "contact_points",
    "countries",
    "details",
    "enquiries",
    "imports",
    "interconnections",
    "key",
    "packs",
    "registers",
    "search",
    "vacancies",
    "whom",
]
