"""HTTP in: routes and their request models, a module per kind of thing."""

from services.operations.api import centres

ROUTES = (centres.router,)
