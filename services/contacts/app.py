"""The whole of contacts, put together."""

from fastapi import FastAPI

from services.contacts import api, due, projections, store, subscribers
from services.contacts.settings import Settings
from shared import web
from shared.events.contacts import PUBLISHED
from shared.web import letters


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out, partners' facts in, and a loop for what falls due."""
    settings = settings or Settings()
    return web.app(
        "contacts",
        settings,
        title="Concord contacts",
        routes=(*api.ROUTES, letters.router(projections.retry)),
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        reads=subscribers.reads,
        tasks=(due.run,),
    )
