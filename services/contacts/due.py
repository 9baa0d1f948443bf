"""What falls due: a verification nobody gave in time lapses, who is unheard of is flagged, who leaves needs a successor."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts import commands, store

EVERY_S = 60.0
Step = Callable[[AsyncConnection, str, datetime], Awaitable[int]]
STEPS: tuple[Step, ...] = (commands.lapse_overdue, commands.flag_dormant, commands.ask_successors)


async def run(app: FastAPI) -> None:
    """Look once a minute, for ever; with several processes one of them does the work."""
    source = f"/instances/{app.state.instance}/services/{app.state.service}"
    while True:
        if await fall_due(app.state.engine, source, datetime.now(UTC)):
            app.state.wake.set()
        await asyncio.sleep(EVERY_S)


async def fall_due(engine: AsyncEngine, source: str, now: datetime) -> int:
    """All that is due at that moment, in one transaction a batch under an advisory lock; how many facts came of it."""
    return sum([await _all(engine, source, now, step) for step in STEPS])


async def _all(engine: AsyncEngine, source: str, now: datetime, step: Step) -> int:
    total = 0
    while True:
        async with engine.begin() as tx:
            if not await store.lead_due(tx):
                return total
            done = await step(tx, source, now)
        total += done
        if not done:
            return total
