"""The whole of reporting, put together."""

from fastapi import FastAPI

from services.reporting import api, store, subscribers
from services.reporting.settings import SEARCH_PATH, Settings
from shared import web
from shared.events.reporting import PUBLISHED


def build(settings: Settings | None = None) -> FastAPI:
    """One app: facts in, figures out."""
    return web.app(
        "reporting",
        settings or Settings(),
        title="Concord reporting",
        routes=(api.router,),
        publishes=PUBLISHED,
        version_of=store.version_of,
        reads=subscribers.reads,
        search_path=SEARCH_PATH,
        tasks=(subscribers.watch_gaps,),
    )
