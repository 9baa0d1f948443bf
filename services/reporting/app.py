"""The whole of reporting, put together."""

from fastapi import FastAPI

from services.reporting import api, projections, store, subscribers
from services.reporting.settings import SEARCH_PATH, Settings
from shared import web
from shared.events.reporting import PUBLISHED
from shared.web import letters


def build(settings: Settings | None = None) -> FastAPI:
    """One app: facts in, figures out."""
    return web.app(
        "reporting",
        settings or Settings(),
        title="Concord reporting",
        routes=(api.router, letters.router(projections.retry)),
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        reads=subscribers.reads,
        search_path=SEARCH_PATH,
        tasks=(subscribers.watch_gaps,),
    )
