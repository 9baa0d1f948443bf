"""HTTP in: routes and their request models, a module per kind of thing."""

from services.meetings.api import action_items, agreements, meetings

ROUTES = (meetings.router, agreements.router, action_items.router)
