"""The whole of operations, put together."""

from fastapi import FastAPI

from services.operations import api, store
from services.operations.settings import Settings
from shared import web
from shared.events.operations import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out."""
    settings = settings or Settings()
    return web.app(
        "operations",
        settings,
        title="Concord operations",
        routes=api.ROUTES,
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        exercises=True,
    )
