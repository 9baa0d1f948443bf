"""What one can ask of an import; the work itself is done beside the requests, by `look_through` and `take_in`."""

import hashlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import gateways, store
from services.contacts.domain.lists import Import, Kind, Unreadable
from services.contacts.gateways import sheets
from shared.errors import Invalid
from shared.events import Origin
from shared.sheets import Form

PART = 1024 * 1024
"""Bytes of a file that are held at once while it comes in."""


async def begin(tx: AsyncConnection, origin: Origin, kind: Kind, file: AsyncIterator[bytes], covers: Collection[str]) -> UUID:
    """A list was sent; whoever sent it acts for the countries `covers`. It is kept part by part, hidden under a key of its own."""
    new = Import(uuid4(), kind, "validating", 1, origin.now, (), 0)
    key, size, digest, form = gateways.new_key(), 0, hashlib.sha256(), ""
    await store.imports.add_import(
        tx,
        new,
        begun_at=origin.now,
        actor=origin.actor,
        correlation=origin.correlation,
        covers=sorted(covers),
        key=key,
        format="csv",
        bytes=0,
        sha256="",
    )
    number = 0
    async for part in file:
        form = form or _format_of(part)
        size, number = size + len(part), number + 1
        digest.update(part)
        await store.imports.add_part(tx, new.id, number, gateways.hide(key, part))
    if not size:
        raise Invalid("file", "is empty")
    await store.imports.tell_progress(tx, new.id, bytes=size, sha256=digest.hexdigest(), format=form)
    await store.leads.ask(tx, store.leads.IMPORTS)
    return new.id


def _format_of(head: bytes) -> Form:
    try:
        return sheets.format_of(head)
    except Unreadable as why:
        raise Invalid("file", str(why)) from why


async def apply(tx: AsyncConnection, origin: Origin, given: Import, *, leave_out_failed: bool) -> None:
    """Let it be taken in, all of it in one transaction."""
    await store.imports.keep_import(tx, given.apply(origin.now, leave_out_failed=leave_out_failed), applied=0, problem=None)
    await store.leads.ask(tx, store.leads.IMPORTS)


async def cancel(tx: AsyncConnection, given: Import, now: datetime) -> None:
    """Nothing of it is taken in; what is being worked on stops, and what was sent is gone."""
    await store.imports.keep_import(tx, given.cancel(now))
    await store.imports.forget_file(tx, given.id)
    await store.imports.forget_rows(tx, given.id)
