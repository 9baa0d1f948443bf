"""HTTP in: routes and their request models, a module per kind of thing."""

from services.operations.api import action_days, centres, operations, priorities, results

ROUTES = (operations.router, results.router, action_days.router, centres.router, priorities.router)
