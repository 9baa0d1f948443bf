"""What stands in a pack: the directory at one moment, read batch by batch, so that it can be told how far it is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.gateways import packs
from shared.errors import Invalid

MOST = 50_000
"""Entries of one pack: more would open slowly on a small machine."""
BATCH = 1000
Told = Callable[[int, int], Awaitable[None]]
"""Is told how many entries of how many were read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be in a pack, and for how long it holds."""

    instance: str
    days: int
    countries: Sequence[str]
    """All where none is named."""


@dataclass(frozen=True, slots=True)
class Built:
    """A pack's file, and what is known of it."""

    file: bytes
    signature: str
    entries: int
    made_at: datetime
    expires_at: datetime
    fingerprint: str

    @property
    def told(self) -> dict[str, Any]:
        """What is kept of it whether its file is or not."""
        dates = {"made_at": self.made_at, "expires_at": self.expires_at, "fingerprint": self.fingerprint}
        counted = {"entries": self.entries, "done": self.entries, "bytes": len(self.file)}
        return {**dates, **counted, "sha256": sha256(self.file).hexdigest(), "signature": self.signature}


async def read(tx: AsyncConnection, wanted: Wanted, now: datetime, tell: Told | None = None) -> dict[str, Any]:
    """Authorities and who serves there; raises `Invalid` where that is more than a pack holds."""
    total, done = await store.packs.count(tx, wanted.countries), 0
    if total > MOST:
        raise Invalid("countries", f"these are {total} entries; a pack holds {MOST}: name fewer countries")
    found: dict[str, list[Any]] = {"authorities": [], "contact_points": []}
    for kind in found:
        async for batch in store.packs.entries(tx, kind, wanted.countries, BATCH):
            found[kind] += batch
            done += len(batch)
            if tell is not None:
                await tell(done, total)
    made = now.replace(microsecond=0)
    dates = {"made_at": made.isoformat(), "expires_at": (made + timedelta(days=wanted.days)).isoformat()}
    return {**dates, "instance": wanted.instance, **found}


def write(content: Mapping[str, Any], key: Ed25519PrivateKey, *, persons: bool) -> Built:
    """The signed file. Without the persons' references: nobody offline could do anything with them."""
    points = [{name: value for name, value in point.items() if name != "person_ref"} for point in content["contact_points"]]
    file, signature = packs.write({**content, "persons": persons, "contact_points": points}, key)
    made, expires = (datetime.fromisoformat(content[name]) for name in ("made_at", "expires_at"))
    entries = len(content["authorities"]) + len(points)
    return Built(file, signature, entries, made, expires, packs.fingerprint(key.public_key()))
