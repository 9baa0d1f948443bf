"""HTTP in: routes and their request models, a module per kind of thing."""

from services.contacts.api import authorities, contact_points, domains, liaisons, networks, persons, structures, whom

ROUTES = (
    authorities.router,
    contact_points.router,
    persons.router,
    networks.router,
    structures.router,
    domains.router,
    liaisons.router,
    whom.router,
)
