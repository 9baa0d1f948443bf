"""The directory as a signed file, and who was told of persons by it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import gateways, store
from services.contacts.commands import use
from services.contacts.commands.directory import record_access
from services.contacts.gateways import packs
from shared import outbox
from shared.auth import Caller
from shared.errors import Conflict
from shared.events import Origin
from shared.events.contacts import PackBuilt

MOST = 50_000
"""Entries of one pack: more would open slowly on a small machine."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be in a pack, and for how long it holds."""

    instance: str
    days: int
    countries: Sequence[str]
    """All where none is named."""


async def build(tx: AsyncConnection, origin: Origin, wanted: Wanted, key: Ed25519PrivateKey) -> UUID:
    """A pack without persons, kept until it expires."""
    content = await _content(tx, wanted, origin.now)
    file, signature = packs.write(_told(content, persons=False), key)
    return await _keep(tx, origin, content, file, signature, key, countries=wanted.countries, persons=False)


async def expire(tx: AsyncConnection, source: str, now: datetime) -> int:
    """What has expired is handed out no more; that is no fact, for its day was told when it was built."""
    await store.packs.forget_expired(tx, now)
    return 0


async def build_personal(
    tx: AsyncConnection, origin: Origin, wanted: Wanted, key: Ed25519PrivateKey, reader: Caller, purpose: str
) -> bytes:
    """A pack with the persons whom this reader may be told of: each is logged, and the file is kept nowhere but with the reader."""
    content = await _content(tx, wanted, origin.now)
    for point in content["contact_points"]:
        person = await store.person(tx, UUID(point["person_ref"]))
        if person.jwe is not None and reader.concerns(person.country):
            secret = await record_access(tx, origin, person, purpose=purpose, surface="pack")
            point["person"] = gateways.plain_details(gateways.unseal(secret, person.ref, person.jwe))
    file, signature = packs.write(_told(content, persons=True), key)
    await _keep(tx, origin, content, file, signature, key, countries=wanted.countries, persons=True)
    await use.used(tx, origin, reader, surface="pack", given={"countries": wanted.countries}, results=_entries(content))
    return file


async def hand_out(tx: AsyncConnection, origin: Origin, id_: UUID, reader: Caller) -> bytes:
    """A pack that is kept; raises `NotFound` where there is none, or none any more."""
    file, entries, countries = await store.packs.file(tx, id_)
    await use.used(tx, origin, reader, surface="pack", given={"countries": countries}, results=entries)
    return file


async def hand_out_delta(tx: AsyncConnection, origin: Origin, id_: UUID, reader: Caller, key: Ed25519PrivateKey) -> bytes:
    """What turns a pack into the newest of the same countries; raises `NotFound`, and `Conflict` where nothing leads on."""
    earlier, _, _ = await store.packs.file(tx, id_)
    newer = await store.packs.newer(tx, id_)
    if newer is None:
        raise Conflict("Nothing is newer: build a pack of the same countries first")
    later = await hand_out(tx, origin, newer, reader)
    try:
        return await asyncio.to_thread(packs.delta, earlier, later, key)
    except packs.Elsewhere as error:
        raise Conflict("The page of packs or their key has changed since this one was built: take the newer one as a whole") from error


async def _content(tx: AsyncConnection, wanted: Wanted, now: datetime) -> dict[str, Any]:
    authorities, points = await store.packs.entries(tx, wanted.countries, MOST)
    made = now.replace(microsecond=0)
    told = {"made_at": made.isoformat(), "expires_at": (made + timedelta(days=wanted.days)).isoformat(), "instance": wanted.instance}
    return {**told, "authorities": authorities, "contact_points": points}


def _told(content: Mapping[str, Any], *, persons: bool) -> dict[str, Any]:
    """Without the persons' references: nobody offline could do anything with them."""
    points = [{name: value for name, value in point.items() if name != "person_ref"} for point in content["contact_points"]]
    return {**content, "persons": persons, "contact_points": points}


def _entries(content: Mapping[str, Any]) -> int:
    return len(content["authorities"]) + len(content["contact_points"])


async def _keep(
    tx: AsyncConnection, origin: Origin, content: Mapping[str, Any], file: bytes, signature: str, key: Ed25519PrivateKey, **beside: Any
) -> UUID:
    id_, digest = uuid4(), sha256(file).hexdigest()
    entries, expires = _entries(content), datetime.fromisoformat(content["expires_at"])
    await store.packs.add(
        tx,
        id=id_,
        made_at=datetime.fromisoformat(content["made_at"]),
        expires_at=expires,
        entries=entries,
        bytes=len(file),
        sha256=digest,
        signature=signature,
        fingerprint=packs.fingerprint(key.public_key()),
        actor=origin.actor,
        content=None if beside["persons"] else file,
        **beside | {"countries": list(beside["countries"])},
    )
    fact = PackBuilt(entries=entries, expires_at=expires, sha256=digest, signature=signature)
    await outbox.add(tx, origin, fact, subject=id_, version=1, time=origin.now, recorded=origin.now)
    return id_
