import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from shared import db


@pytest.mark.parametrize("idle", [3600, -1], ids=["just used", "long idle"])
async def test_connections_that_a_restarted_server_cut_cost_no_failed_statement(
    database: Any, monkeypatch: pytest.MonkeyPatch, idle: int
) -> None:
    monkeypatch.setattr(db, "IDLE_S", idle)
    address = await database("partners")
    engine, other = db.connect(address), db.connect(address)

    async def backend() -> int:
        async with engine.begin() as tx:
            # Held by all at once, so that each is another connection.
            return int((await tx.execute(text("SELECT pg_backend_pid() FROM pg_sleep(0.1)"))).scalar_one())

    try:
        before = set(await asyncio.gather(*(backend() for _ in range(5))))
        async with other.begin() as tx:
            await tx.execute(text("SELECT pg_terminate_backend(pid, 1000) FROM unnest(CAST(:pids AS int[])) pid"), {"pids": list(before)})
        after = set(await asyncio.gather(*(backend() for _ in range(5))))
        again = set(await asyncio.gather(*(backend() for _ in range(5))))
    finally:
        await engine.dispose()
        await other.dispose()
    assert len(before) == 5
    assert not before & after
    assert again == after, "what works is kept"
