"""What falls due: a verification nobody gave in time lapses by itself."""

import asyncio
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.contacts import commands, store

EVERY_S = 60.0


async def run(app: FastAPI) -> None:
    """Look once a minute, for ever; with several processes one of them does the work."""
    source = f"/instances/{app.state.instance}/services/{app.state.service}"
    while True:
        if await fall_due(app.state.engine, source, datetime.now(UTC)):
            app.state.wake.set()
        await asyncio.sleep(EVERY_S)


async def fall_due(engine: AsyncEngine, source: str, now: datetime) -> int:
    """All that is due at that moment, in one transaction a batch under an advisory lock; how many lapsed."""
    lapsed = 0
    while True:
        async with engine.begin() as tx:
            if not await store.lead_due(tx):
                return lapsed
            done = await commands.lapse_overdue(tx, source, now)
        lapsed += done
        if not done:
            return lapsed
