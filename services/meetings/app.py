"""The whole of meetings, put together."""

from fastapi import FastAPI

from services.meetings import api, store
from services.meetings.settings import Settings
from shared import web
from shared.events.meetings import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out."""
    settings = settings or Settings()
    return web.app(
        "meetings",
        settings,
        title="Concord meetings",
        routes=api.ROUTES,
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        exercises=True,
    )
