"""What one can ask of packs; those for everybody are built beside the requests, by `make`."""

import asyncio
from datetime import datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import gateways, store
from services.contacts.commands import use
from services.contacts.commands.directory import record_access
from services.contacts.commands.packs.content import Wanted, read, write
from services.contacts.commands.packs.make import say
from shared.auth import Caller
from shared.errors import Conflict
from shared.events import Origin


async def ask(tx: AsyncConnection, origin: Origin, wanted: Wanted) -> UUID:
    """A pack without persons shall be built, and be kept until it expires."""
    id_ = await _add(tx, origin, wanted, state="building", persons=False, done=0)
    await store.leads.ask(tx, store.leads.PACKS)
    return id_


async def _add(tx: AsyncConnection, origin: Origin, wanted: Wanted, **beside: object) -> UUID:
    asked = {"begun_at": origin.now, "actor": origin.actor, "correlation": origin.correlation, "mode": origin.mode}
    id_ = uuid4()
    await store.packs.add(tx, id=id_, days=wanted.days, countries=list(wanted.countries), **asked, **beside)
    return id_


async def expire(tx: AsyncConnection, source: str, now: datetime) -> int:
    """What has expired is handed out no more; that is no fact, for its day was told when it was built."""
    await store.packs.forget_expired(tx, now)
    return 0


async def build_personal(
    tx: AsyncConnection, origin: Origin, wanted: Wanted, key: Ed25519PrivateKey, reader: Caller, purpose: str
) -> bytes:
    """A pack with the persons whom this reader may be told of: each is logged, and the file is kept nowhere but with the reader."""
    content = await read(tx, wanted, origin.now)
    for point in content["contact_points"]:
        person = await store.person(tx, UUID(point["person_ref"]))
        if person.jwe is not None and reader.concerns(person.country):
            secret = await record_access(tx, origin, person, purpose=purpose, surface="pack")
            point["person"] = gateways.plain_details(gateways.unseal(secret, person.ref, person.jwe))
    built = await asyncio.to_thread(write, content, key, persons=True)
    await say(tx, origin, await _add(tx, origin, wanted, state="ready", persons=True, **built.told), built)
    await use.used(tx, origin, reader, surface="pack", given={"countries": wanted.countries}, results=built.entries)
    return built.file


async def hand_out(tx: AsyncConnection, origin: Origin, id_: UUID, reader: Caller) -> bytes:
    """A pack that is kept; raises `NotFound` where there is none, or none any more, and `Conflict` while it is being built."""
    pack = await store.packs.kept(tx, id_)
    await use.used(tx, origin, reader, surface="pack", given={"countries": pack.countries}, results=pack.entries)
    return await store.packs.file(tx, id_)


async def hand_out_delta(tx: AsyncConnection, origin: Origin, id_: UUID, reader: Caller) -> bytes:
    """What turns a pack into the newest of the same countries; raises `NotFound`, and `Conflict` where nothing leads on, or not yet."""
    await store.packs.kept(tx, id_)
    newer = await store.packs.newer(tx, id_)
    if newer is None:
        raise Conflict("Nothing is newer: build a pack of the same countries first")
    delta = await store.packs.delta(tx, id_, newer)
    if delta is None:
        raise Conflict("It is being worked out: ask again in a moment")
    if delta.content is None:
        raise Conflict(delta.problem)
    later = await store.packs.kept(tx, newer)
    await use.used(tx, origin, reader, surface="pack", given={"countries": later.countries}, results=later.entries)
    return bytes(delta.content)
