"""Notifications on a real PostgreSQL: a batch taken in, and the mails that follow."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.notifications.projections import Taken, take
from tests.notifications.world import YOUNG
from tests.records import Record


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
