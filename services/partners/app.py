"""The whole of partners, put together."""

from fastapi import FastAPI

from services.partners import api, store
from services.partners.settings import Settings
from shared import web
from shared.events.partners import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out."""
    settings = settings or Settings()
    return web.app("partners", settings, title="Concord partners", routes=(api.router,), publishes=PUBLISHED, versions=store.VERSIONS)
