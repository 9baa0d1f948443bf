"""The whole portal, put together. It has pages instead of an API and no broker, so it takes the kernel's parts one by one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from services.portal import pages, store
from services.portal.gateways import Provider
from services.portal.pages import failures
from services.portal.pages.files import Twofold
from services.portal.pages.imports import UPLOADS
from services.portal.pages.render import Renderer
from services.portal.settings import Settings
from shared import db, log
from shared.metrics import Metrics
from shared.web.middleware import Bounded, Observed

TIMEOUT_S = 8
_log = structlog.get_logger(__name__)


def build(settings: Settings | None = None) -> FastAPI:
    """One app: pages out, forms in."""
    settings = settings or Settings()
    log.configure(settings.log_format, settings.log_level, "portal")
    app = FastAPI(title="Concord portal", lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    state = app.state
    state.service, state.settings, state.metrics = "portal", settings, Metrics("portal")
    state.engine = db.connect(settings.database_url.get_secret_value())
    state.wake = asyncio.Event()
    # Owners and issuer are named in the settings: a proxy from the environment has no business between them.
    state.http = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
    state.renderer = Renderer(settings)
    state.seal = store.Seal(settings.session_secret.get_secret_value(), "session")
    redirect = f"{settings.public_url.rstrip('/')}/signed-in"
    state.provider = Provider(settings.issuer, settings.client_id, settings.client_secret.get_secret_value(), redirect, state.http)
    # Within what `pages` adds: a refusal carries the headers of every page.
    app.add_middleware(Bounded, uploads=UPLOADS, refuse=failures.too_large)
    pages.install(app)
    app.add_middleware(Observed, metrics=state.metrics)
    app.add_middleware(Twofold)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    sweeping = asyncio.create_task(_sweep(app))
    yield
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    await app.state.http.aclose()
    await app.state.engine.dispose()


async def _sweep(app: FastAPI) -> None:
    """Sessions that ended are removed, and it is asked again whether the sign-in is a demonstration."""
    while True:
        app.state.renderer.demo = await app.state.provider.is_demo()
        try:
            async with app.state.engine.begin() as tx:
                await store.forget_ended(tx, datetime.now(UTC))
        except (SQLAlchemyError, OSError) as error:
            _log.warning("database away", reason=type(error).__name__)
        await asyncio.sleep(600 if app.state.renderer.demo else 20)
