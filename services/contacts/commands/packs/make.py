"""Packs that were asked for are built beside the requests, and what leads to them from earlier ones."""

import asyncio
from datetime import datetime
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts import store
from services.contacts.commands.packs.content import Built, Wanted, read, write
from services.contacts.gateways import packs
from shared import outbox
from shared.errors import Invalid
from shared.events import Origin
from shared.events.contacts import PackBuilt

NO_KEY = "this instance has no key to sign packs with"
BROKEN = "it could not be built; the operator's log tells why"
ELSEWHERE = "The page of packs or their key has changed since this one was built: take the newer one as a whole"
log = structlog.get_logger(__name__)


async def make(engine: AsyncEngine, id_: UUID, source: str, instance: str, key: Ed25519PrivateKey | None, now: datetime) -> None:
    """Its file and the fact that it is there; where a process dies in the middle, the next one begins anew."""
    async with engine.connect() as tx:
        job = await store.packs.row(tx, id_)
    origin = Origin(actor=job.actor, source=source, correlation=job.correlation, now=now, mode=job.mode)
    wanted = Wanted(instance, job.days, job.countries)
    try:
        built = await _built(engine, id_, wanted, key, now)
    except Invalid as why:
        await _settle(engine, id_, state="failed", problem=why.errors[0]["reason"])
    except (SQLAlchemyError, OSError):
        raise  # The database is away, and nothing is wrong with the pack.
    except Exception:
        # Whatever it was, those that wait behind it are to be built.
        log.exception("pack failed")
        await _settle(engine, id_, state="failed", problem=BROKEN)
    else:
        async with engine.begin() as tx:
            if await store.packs.settle(tx, id_, state="ready", content=built.file, **built.told):
                await say(tx, origin, id_, built)


async def _built(engine: AsyncEngine, id_: UUID, wanted: Wanted, key: Ed25519PrivateKey | None, now: datetime) -> Built:
    if key is None:
        raise Invalid("key", NO_KEY)

    async def tell(done: int, total: int) -> None:
        async with engine.begin() as beside:
            await store.packs.tell_progress(beside, id_, done=done, entries=total)

    # One moment for all of it: no contact point without its authority, and as many as were counted.
    async with engine.execution_options(isolation_level="REPEATABLE READ").connect() as tx:
        content = await read(tx, wanted, now, tell)
    return await asyncio.to_thread(write, content, key, persons=False)


async def _settle(engine: AsyncEngine, id_: UUID, **found: object) -> None:
    async with engine.begin() as tx:
        await store.packs.settle(tx, id_, **found)


async def say(tx: AsyncConnection, origin: Origin, id_: UUID, built: Built) -> None:
    """It was built: said in the transaction that makes it so."""
    told = built.told
    fact = PackBuilt(entries=built.entries, expires_at=built.expires_at, sha256=told["sha256"], signature=built.signature)
    await outbox.add(tx, origin, fact, subject=id_, version=1, time=origin.now, recorded=origin.now)


async def make_delta(engine: AsyncEngine, earlier: UUID, later: UUID, key: Ed25519PrivateKey) -> None:
    """What leads from the one to the other, or why nothing does."""
    async with engine.connect() as tx:
        before, after = [await store.packs.file(tx, each) for each in (earlier, later)]
    try:
        made, why = await asyncio.to_thread(packs.delta, before, after, key), None
    except packs.Elsewhere:
        made, why = None, ELSEWHERE
    async with engine.begin() as tx:
        await store.packs.keep_delta(tx, earlier, later, made, why)
