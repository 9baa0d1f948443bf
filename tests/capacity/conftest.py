from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from services.capacity.app import build
from services.capacity.settings import Settings


@pytest.fixture(scope="module")
async def app(database: Callable, environment: Callable[..., dict[str, str]]) -> FastAPI:
    told = environment("capacity", await database("capacity"))
    return build(Settings(**{name.removeprefix("CAPACITY_").lower(): value for name, value in told.items()}))


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Straight into the app: its relay does not run, so the outbox shows what was said."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://capacity") as http:
        yield http
    await app.state.engine.dispose()
