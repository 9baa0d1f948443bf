"""HTTP in: routes and their request models, a module per kind of thing."""

from services.contacts.api import authorities, contact_points, persons

ROUTES = (authorities.router, contact_points.router, persons.router)
