"""Who works beside the requests is called as soon as something is asked for, by whichever process, and idles without looking."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.contacts import due, store
from services.contacts.api.rows import ROWS
from services.contacts.app import build
from tests.statements import statements
from tests.system.world import until

SOON_S = 5.0
"""Far below how often one looks uncalled."""


@pytest.fixture
async def worker(app: FastAPI, settled: Any) -> AsyncIterator[FastAPI]:
    """Another process, as far as its connections tell: it does the work, and takes no request."""
    await settled()
    other = build(app.state.settings)
    works = (due.imports(ROWS), due.packs("test", app.state.pack_key))
    tasks = [asyncio.create_task(due.work_on(other, work)) for work in works]
    await until(lambda: _listening(app, 2), "both listen")
    yield other
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await until(lambda: _listening(app, 0), "the connections are closed")
    await other.state.engine.dispose()


async def _listening(app: FastAPI, many: int) -> bool:
    async with app.state.engine.connect() as tx:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        return await tx.scalar(text(query)) == many


async def _becomes(ask: Any, path: str, state: str) -> None:
    async def there() -> bool:
        return bool((await ask("GET", path)).json()["state"] == state)

    await until(there, f"{path} becomes {state}", SOON_S, every=0.01)


async def _list(ask: Any) -> str:
    sent = f"reference,kind,country,zone,name.en\nlist:{uuid4().hex},court,AL,Europe/Tirane,Court\n".encode()
    made = await ask("POST", "/imports", data={"kind": "authorities"}, files={"file": ("list.csv", sent)})
    assert made.status_code == 201, made.text
    return f"/imports/{made.json()['id']}"


async def test_what_is_asked_for_is_done_at_once_and_nobody_looks_meanwhile(app: FastAPI, ask: Any, worker: FastAPI) -> None:
    await asyncio.sleep(0.5)
    with statements(worker) as looked:
        await asyncio.sleep(1.5)
    assert looked == []
    for _ in range(2):
        pack = (await ask("POST", "/packs", json={"countries": ["AL"]})).json()
        await _becomes(ask, f"/packs/{pack['id']}", "ready")
        path = await _list(ask)
        await _becomes(ask, path, "checked")
        assert (await ask("POST", f"{path}/apply", json={})).status_code == 200
        await _becomes(ask, path, "applied")


async def test_who_listens_in_vain_listens_anew(app: FastAPI, ask: Any, worker: FastAPI) -> None:
    async with app.state.engine.connect() as tx:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        assert len(list(await tx.execute(text(query)))) == 2
    pack = (await ask("POST", "/packs", json={"countries": ["AL"]})).json()
    await _becomes(ask, f"/packs/{pack['id']}", "ready")
    await until(lambda: _listening(app, 2), "both listen again")


async def test_who_finds_another_at_work_goes_on_where_it_dies(app: FastAPI, ask: Any, worker: FastAPI) -> None:
    async with app.state.engine.connect() as busy:
        assert await store.leads.lead(busy, store.leads.PACKS)
        assert await due.do_next(app.state.engine, "/", due.packs("test", app.state.pack_key)) is None
        pack = (await ask("POST", "/packs", json={"countries": ["AL"]})).json()
        await asyncio.sleep(0.5)
        assert (await ask("GET", f"/packs/{pack['id']}")).json()["state"] == "building"
        await busy.invalidate()
    await _becomes(ask, f"/packs/{pack['id']}", "ready")


async def test_what_is_taken_back_calls_nobody(app: FastAPI, worker: FastAPI) -> None:
    with statements(worker) as looked:
        async with app.state.engine.connect() as tx:
            await store.leads.ask(tx, store.leads.PACKS)
            await tx.rollback()
        await asyncio.sleep(0.3)
        assert looked == []
        async with app.state.engine.begin() as tx:
            await store.leads.ask(tx, store.leads.PACKS)
        begun = datetime.now(UTC)
        await until(lambda: _any(looked), "it looks", SOON_S, every=0.01)
    assert (datetime.now(UTC) - begun).total_seconds() < SOON_S


async def _any(looked: list[str]) -> bool:
    return bool(looked)
