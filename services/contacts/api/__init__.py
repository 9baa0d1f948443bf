"""HTTP in: routes and their request models, a module per kind of thing."""

from services.contacts.api import (
    authorities,
    campaigns,
    contact_points,
    countries,
    domains,
    enquiries,
    imports,
    liaisons,
    networks,
    packs,
    persons,
    search,
    structures,
    vacancies,
    whom,
)

ROUTES = (
    authorities.router,
    contact_points.router,
    countries.router,
    vacancies.router,
    campaigns.router,
    persons.router,
    networks.router,
    structures.router,
    domains.router,
    liaisons.router,
    whom.router,
    imports.router,
    packs.router,
    enquiries.router,
    enquiries.times,
    search.router,
)
