"""Notifications on a real PostgreSQL: a batch taken in, and the mails that follow."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.notifications.app import build
from services.notifications.projections import Taken, take
from services.notifications.settings import Settings
from tests.notifications.world import YOUNG, Record


@pytest.fixture(scope="module")
async def app(database: Callable, environment: Callable[..., dict[str, str]]) -> AsyncIterator[FastAPI]:
    told = environment("notifications", await database("notifications"))
    app = build(Settings(**{name.removeprefix("NOTIFICATIONS_").lower(): value for name, value in told.items()}))
    yield app
    await app.state.engine.dispose()


@pytest.fixture
def taken(app: FastAPI) -> Any:
    async def batch(*records: Record) -> Taken:
        async with app.state.engine.begin() as tx:
            return await take(tx, records, datetime.now(UTC), YOUNG)  # type: ignore[arg-type]

    return batch


@pytest.fixture
def rows(app: FastAPI) -> Any:
    async def found(meeting: UUID) -> list[Any]:
        async with app.state.engine.connect() as tx:
            wanted = text("SELECT * FROM deliveries WHERE subject_id = :meeting ORDER BY number")
            return list(await tx.execute(wanted, {"meeting": meeting}))

    return found
