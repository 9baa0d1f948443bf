"""The whole of contacts, put together."""

from fastapi import FastAPI

from services.contacts import api, due, store
from services.contacts.settings import Settings
from shared import web
from shared.events.contacts import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out, and a loop for what falls due."""
    settings = settings or Settings()
    return web.app(
        "contacts",
        settings,
        title="Concord contacts",
        routes=api.ROUTES,
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        tasks=(due.run,),
    )
