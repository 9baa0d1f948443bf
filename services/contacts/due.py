"""What falls due: terms end, who was not verified lapses, who is unheard of is flagged, a successor is asked for.

And what is done beside the requests: lists that were sent, packs that were asked for.
What no search finds yet is entered when the service starts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts import commands, store, views
from services.contacts.commands.imports.look import Rows
from services.contacts.domain import Question
from shared import bell, db

EVERY_S = 60.0
Step = Callable[[AsyncConnection, str, datetime], Awaitable[int]]
STEPS: tuple[Step, ...] = (
    commands.end_terms,
    commands.lapse_overdue,
    commands.flag_dormant,
    commands.ask_successors,
    commands.suspend_left_behind,
    commands.packs.expire,
    commands.enquiries.propose_steps,
)
LOOK_S = 30.0
"""How often one looks for what waits though nobody has asked for anything."""
STAND_BY_S = 1.0
"""How soon another goes on where one who works has died."""
KEPT = timedelta(days=7)
"""After so long a list that was looked through and not taken in is cancelled: it may hold persons' details."""
ENTERED = 500
"""So many entries of the search in one transaction."""


async def run(app: FastAPI) -> None:
    """Look once a minute, for ever; with several processes one of them does the work."""
    source = f"/instances/{app.state.instance}/services/{app.state.service}"
    await enter_missing(app.state.engine)
    while True:
        if await fall_due(app.state.engine, source, datetime.now(UTC)):
            app.state.wake.set()
        await asyncio.sleep(EVERY_S)


async def rehearse(engine: AsyncEngine, rules: views.whom.Rules) -> None:
    """Search and ask once over every connection: the first time takes ten times as long as the next, and nobody shall wait for it."""
    now = datetime.now(UTC)
    question = Question(country="NL", measure=None, crime_type=None, urgency="normal", language="en", on=now.date(), now=now)

    async def once(tx: AsyncConnection) -> None:
        word = await store.search.any_word(tx)
        # With a word that is there, and with one more that is not: both ways of finding.
        for asked in (word, f"{word} qqzz"):
            await views.search.found(tx, asked, kinds=views.search.KINDS, limit=1, after=None)
        await views.whom.whom_to_ask(tx, question, rules)

    await db.on_each(engine, once)


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


@dataclass(frozen=True, slots=True)
class Work:
    """What waits in a table to be done beside the requests."""

    lock: int
    """One of `store.leads`: of several processes one at a time works."""
    do_next: Callable[[AsyncEngine, str, datetime], Awaitable[bool]]
    """Does what the oldest one waits for, if there is one; was there one?"""


def imports(rows: Rows) -> Work:
    """Lists that were sent; `rows`: how a row of each kind is read."""
    return Work(store.leads.IMPORTS, partial(_next_import, rows=rows))


def packs(instance: str, key: Ed25519PrivateKey | None) -> Work:
    """Packs that were asked for, to be signed with this key."""
    return Work(store.leads.PACKS, partial(_next_pack, instance=instance, key=key))


async def work_on(app: FastAPI, work: Work) -> None:
    """Do what waits as soon as somebody asks for it, for ever; of several processes one works, and another goes on where it dies."""
    source = f"/instances/{app.state.instance}/services/{app.state.service}"
    url = db.direct_url(app.state.engine, app.state.search_path)
    async with aclosing(bell.rung(url, store.leads.bell_of(work.lock), LOOK_S)) as rung:
        async for _ in rung:
            while (done := await do_next(app.state.engine, source, work)) is not False:
                if done:
                    app.state.wake.set()
                else:
                    await asyncio.sleep(STAND_BY_S)


async def do_next(engine: AsyncEngine, source: str, work: Work) -> bool | None:
    """Do what the oldest waits for, if there is one; was there one? None while another process works."""
    async with engine.connect() as lead:
        if not await store.leads.lead(lead, work.lock):
            return None
        try:
            await lead.commit()
            return await work.do_next(engine, source, datetime.now(UTC))
        finally:
            # A connection that was lost has let go of the lock already.
            with suppress(DBAPIError):
                await store.leads.leave(lead, work.lock)


async def _next_import(engine: AsyncEngine, source: str, now: datetime, *, rows: Rows) -> bool:
    async with engine.begin() as tx:
        for id_ in await store.imports.abandoned(tx, now - KEPT):
            await commands.imports.cancel(tx, await store.imports.import_locked(tx, id_), now)
        job = await store.imports.next_import(tx)
    if job is None:
        return False
    if job.state == "validating":
        await commands.imports.look_through(engine, job.id, rows, now)
    else:
        await commands.imports.take_in(engine, job.id, source, now)
    return True


async def _next_pack(engine: AsyncEngine, source: str, now: datetime, *, instance: str, key: Ed25519PrivateKey | None) -> bool:
    """What leads from earlier packs to later ones is worked out where no pack waits."""
    async with engine.connect() as tx:
        pack = await store.packs.next_pack(tx)
        pair = None if pack is not None or key is None else await store.packs.next_delta(tx)
    if pack is not None:
        await commands.packs.make(engine, pack, source, instance, key, now)
    elif pair is not None and key is not None:
        await commands.packs.make_delta(engine, *pair, key)
    else:
        return False
    return True


async def enter_missing(engine: AsyncEngine) -> int:
    """Everything that was there before there was a search, or before its rules were these; how many were entered."""
    entered = 0
    for kind in store.search.KINDS:
        done = ENTERED
        while done == ENTERED:
            async with engine.begin() as tx:
                done = await store.search.enter_missing(tx, kind, ENTERED) if await store.lead_due(tx) else 0
            entered += done
    return entered
