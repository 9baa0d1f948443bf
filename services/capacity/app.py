"""The whole of capacity, put together."""

from fastapi import FastAPI

from services.capacity import api, store
from services.capacity.settings import Settings
from shared import web
from shared.events.capacity import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out."""
    settings = settings or Settings()
    return web.app("capacity", settings, title="Concord capacity", routes=(api.router,), publishes=PUBLISHED, versions=store.VERSIONS)
