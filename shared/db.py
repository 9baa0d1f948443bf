"""The database: engine, naming, and the one transaction of a request or a message."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from shared import idempotency

IDLE_S = 1
"""After so many seconds in the pool a connection is asked whether it still is one."""
KEPT = 10
"""So many connections are kept; as many again are made where all are busy."""
NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def metadata() -> MetaData:
    """Table metadata with the house's names for constraints."""
    return MetaData(naming_convention=NAMING)


def connect(url: str, search_path: str = "public") -> AsyncEngine:
    """An engine that checks a pooled connection before it lends it: a restarted PostgreSQL costs no failed request."""
    driver = {"timeout": 5, "server_settings": {"search_path": search_path, "jit": "off"}}
    engine = create_async_engine(url, pool_size=KEPT, max_overflow=KEPT, pool_timeout=10, connect_args=driver)
    event.listen(engine.sync_engine, "checkin", _returned)
    event.listen(engine.sync_engine, "checkout", _checked)
    return engine


async def on_each(engine: AsyncEngine, job: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    """Do something once over every connection that is kept."""
    async with AsyncExitStack() as held:
        kept = [await held.enter_async_context(engine.connect()) for _ in range(KEPT)]
        for tx in kept:
            await job(tx)


def _returned(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


def _checked(connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
    """A pre-ping for what has been idle. SQLAlchemy's own takes three round trips with asyncpg, of every command's dozen.

    A server that went away has closed the socket, which asyncpg knows without asking; only a network can forget one silently.
    """
    lost = connection.driver_connection.is_closed()
    if not lost and time.monotonic() - record.info.get("returned", 0) > IDLE_S:
        try:
            connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=5))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            lost = True
    if lost:
        raise DisconnectionError


def direct_url(engine: AsyncEngine, search_path: str = "public") -> str:
    """The same database for asyncpg itself, past the pool: for locks and LISTEN that live as long as their connection."""
    # asyncpg takes what it does not know in a URL for a setting of the server.
    direct = engine.url.set(drivername="postgresql").update_query_dict({"search_path": search_path})
    return direct.render_as_string(hide_password=False)


async def transaction(request: Request) -> AsyncIterator[AsyncConnection]:
    """The request's one transaction; others in the same request (guards, idempotency) find it on `request.state`."""
    async with request.app.state.engine.begin() as tx:
        request.state.tx = tx
        key = request.headers.get("idempotency-key")
        if key is not None and request.method in idempotency.UNSAFE:
            await idempotency.claim(tx, request, key)
        yield tx
    request.app.state.wake.set()


# scope="function": committed before the answer leaves, so a 2xx means it is stored.
Tx = Annotated[AsyncConnection, Depends(transaction, scope="function")]


def value_refused(error: DBAPIError | asyncpg.PostgresError) -> bool:
    """Is the value to blame? Class 22: the data; 54: too long for an index, too deep; a text with NUL never reaches the server as such."""
    told = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(told, "sqlstate", None) or ""
    return state.startswith(("22", "54")) or (not state and "invalid" in str(told).lower())
