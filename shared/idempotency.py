"""`Idempotency-Key`: a command sent twice is done once and answered twice, the answer kept 30 days in the command's own transaction."""

import hashlib
import hmac
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import Invalid

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
KEPT = text("interval '30 days'")


def table(metadata: MetaData) -> Table:
    """One row per actor and key; the answer is there as soon as the command's transaction is."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("actor", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer),
        Column("headers", JSONB),
        Column("body", LargeBinary),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


_keys = table(MetaData())
_MINE = (_keys.c.actor == bindparam("asker")) & (_keys.c.key == bindparam("named"))
_CLAIM = insert(_keys).on_conflict_do_nothing().returning(_keys.c.key)
_KEEP = update(_keys).where(_MINE)


class Answered(Exception):
    """Carries the kept answer past the handler."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def claim(tx: AsyncConnection, request: Request, key: str) -> None:
    """Take the key for this command, or raise `Answered` with what was answered; the same key for another request is `Invalid`.

    A second request of the same key waits here until the first has committed.
    """
    if not 1 <= len(key) <= 200 or not (key.isascii() and key.isprintable()):
        raise Invalid("Idempotency-Key", "1 to 200 printable ASCII characters")
    actor, fingerprint, name = request.state.caller.actor, await _fingerprint(request, key), _name(key)
    if (await tx.execute(_CLAIM, {"actor": actor, "key": name, "fingerprint": fingerprint})).first():
        request.state.idempotency_key = name
        return
    kept = (await tx.execute(select(_keys).where(_MINE), {"asker": actor, "named": name})).one()
    if kept.fingerprint != fingerprint:
        raise Invalid("Idempotency-Key", "was used for another request")
    raise Answered(Response(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"}))


async def keep(request: Request, response: Response) -> None:
    """Store the answer beside what the command did."""
    key: str | None = getattr(request.state, "idempotency_key", None)
    if key is None:
        return
    headers = {name: value for name, value in response.headers.items() if name in ("content-type", "etag", "location")}
    answer: dict[str, Any] = {"status": response.status_code, "headers": headers, "body": bytes(response.body)}
    await request.state.tx.execute(_KEEP, answer | {"asker": request.state.caller.actor, "named": key})


async def forget(tx: AsyncConnection) -> None:
    """Drop what is older than 30 days."""
    await tx.execute(delete(_keys).where(_keys.c.created_at < func.now() - KEPT))


# The key itself is never stored, so that only its sender can tell what body a fingerprint is of: a plain hash of a body
# with a person's name in it could be found by trying names, even after that person was erased.
def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


async def _fingerprint(request: Request, key: str) -> bytes:
    beside = [request.headers.get(name, "") for name in ("if-match", "concord-mode", "concord-recorded-at")]
    told = f"{request.method} {request.url.path}?{request.url.query} {beside}\n".encode()
    return hmac.digest(key.encode(), told + await request.body(), "sha256")
