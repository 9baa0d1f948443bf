"""The whole of contacts, put together."""

from datetime import timedelta
from functools import partial

from fastapi import FastAPI

from services.contacts import api, commands, due, gateways, projections, store, subscribers, views
from services.contacts.api.imports import UPLOADS
from services.contacts.api.rows import ROWS
from services.contacts.domain import Calendars, Freshness
from services.contacts.settings import Settings
from shared import web
from shared.events.contacts import PUBLISHED
from shared.web import letters


def build(settings: Settings | None = None) -> FastAPI:
    """One app: HTTP in, facts out, partners' facts in, and loops for what falls due and what waits."""
    settings = settings or Settings()
    key = gateways.packs.private_key(settings.pack_key) if settings.pack_key else None
    works = (due.imports(ROWS), due.packs(settings.instance, key))
    app = web.app(
        "contacts",
        settings,
        title="Concord contacts",
        routes=(*api.ROUTES, letters.router(projections.retry)),
        publishes=PUBLISHED,
        versions=store.VERSIONS,
        reads=subscribers.reads,
        tasks=(due.run, _rehearse, *(partial(due.work_on, work=work) for work in works)),
        uploads=UPLOADS,
    )
    app.state.calendars = Calendars(gateways.read_rules(*settings.calendar_files))
    fresh = Freshness(timedelta(days=settings.stale_days), timedelta(days=settings.overdue_days))
    app.state.rules = views.whom.Rules(app.state.calendars, fresh)
    app.state.pack_key = key
    app.state.clocks = commands.enquiries.Clocks(app.state.calendars, settings.acknowledge_within)
    return app


async def _rehearse(app: FastAPI) -> None:
    await due.rehearse(app.state.engine, app.state.rules)
