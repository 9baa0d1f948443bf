"""Sessions in and out; what they hold is sealed, so that neither a dump nor a backup carries a usable token or a name."""

import hashlib
import json
from datetime import datetime

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.portal.domain import Session
from services.portal.tables import sessions


class Seal:
    """Authenticated encryption under a key of one purpose, derived from the portal's secret."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = OctKey.import_key(hashlib.sha256(f"concord|{purpose}|{secret}".encode()).digest())

    def close(self, content: dict[str, object]) -> str:
        """Text only this portal can read again."""
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, json.dumps(content).encode(), self._key)

    def open(self, sealed: str) -> dict[str, object] | None:
        """The content, or nothing if it was sealed by another key or changed."""
        try:
            plain = jwe.decrypt_compact(sealed, self._key).plaintext
            content = json.loads(plain or b"null")
        except (JoseError, ValueError):
            return None
        return content if isinstance(content, dict) else None


def key_of(cookie: str) -> str:
    """The row's id of a cookie's value."""
    return hashlib.sha256(cookie.encode()).hexdigest()


async def save(tx: AsyncConnection, seal: Seal, cookie: str, session: Session) -> None:
    """Store a new session."""
    sealed = seal.close(session.as_json())
    await tx.execute(insert(sessions).values(id=key_of(cookie), sealed=sealed, ends_at=session.ends_at))


async def get(tx: AsyncConnection, seal: Seal, cookie: str, now: datetime) -> Session | None:
    """The session of a cookie while it lasts."""
    found = await tx.execute(select(sessions.c.sealed).where(sessions.c.id == key_of(cookie), sessions.c.ends_at > now))
    sealed = found.scalar_one_or_none()
    content = seal.open(sealed) if sealed else None
    return Session.from_json(content) if content else None


async def forget(tx: AsyncConnection, cookie: str) -> None:
    """End one session."""
    await tx.execute(delete(sessions).where(sessions.c.id == key_of(cookie)))


async def forget_ended(tx: AsyncConnection, now: datetime) -> None:
    """Remove what is over."""
    await tx.execute(delete(sessions).where(sessions.c.ends_at <= now))
