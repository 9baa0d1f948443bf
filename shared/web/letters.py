"""Dead letters over HTTP, alike in every service that reads: listed, tried again, left aside for good."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, StringConstraints
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import dead_letters
from shared.db import Tx
from shared.errors import NotFound
from shared.web import route
from shared.web.paging import Page, Paging, cursor_of, text_of
from shared.web.route import Caused
from shared.web.values import Id

Retry = Callable[[AsyncConnection, UUID, str], Awaitable[None]]
"""`(tx, id, by)`: take a parked record in once more; where it fails again it stays open with the newest reason."""


class DeadLetter(BaseModel):
    """A record nothing could be made of; its bytes stay inside."""

    id: UUID
    topic: str
    partition: int
    offset: int
    event_type: str | None
    reason: str
    state: dead_letters.Status
    note: str | None
    resolved_by: str | None
    parked_at: datetime
    resolved_at: datetime | None
    bytes: int | None


class Decision(BaseModel):
    """Why."""

    reason: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]


async def listed(tx: AsyncConnection, status: dead_letters.Status | None, limit: int, after: tuple[Any, ...] | None) -> Page[DeadLetter]:
    """Parked records, newest first."""
    where = "CAST(:status AS text) IS NULL OR status = :status"
    total = (await tx.execute(text(f"SELECT count(*) FROM dead_letters WHERE {where}"), {"status": status})).scalar_one()  # noqa: S608
    page = text(f"""SELECT id, topic, partition, "offset", event_type, reason, status AS state, note, resolved_by, parked_at, resolved_at,
        length(value) AS bytes FROM dead_letters WHERE ({where}) AND (CAST(:after AS text) IS NULL OR CAST(id AS text) < :after)
        ORDER BY CAST(id AS text) DESC LIMIT :limit""")  # noqa: S608 - words of ours
    rows = (await tx.execute(page, {"status": status, "after": text_of(after), "limit": limit + 1})).mappings().all()
    items = [DeadLetter(**row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(rows) > limit else None, total=total)


async def letter(tx: AsyncConnection, id_: UUID) -> DeadLetter:
    """One parked record; raises `NotFound`."""
    wanted = text("SELECT *, status AS state, length(value) AS bytes FROM dead_letters WHERE id = :id")
    row = (await tx.execute(wanted, {"id": id_})).mappings().first()
    if row is None:
        raise NotFound(f"No dead letter {id_}")
    return DeadLetter(**{name: row[name] for name in DeadLetter.model_fields})


async def _parked(id: Annotated[Id, Path()], tx: Tx) -> DeadLetter:
    return await letter(tx, id)


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Parked = Annotated[DeadLetter, Depends(_parked)]


def router(retry: Retry) -> APIRouter:
    """The three routes, with a service's own way to take a record in once more."""
    made = route.router("", "dead letters")

    @made.get("/dead-letters")
    async def list_dead_letters(tx: Tx, paging: Paging, state: dead_letters.Status | None = None) -> Page[DeadLetter]:
        """Records nothing could be made of."""
        return await listed(tx, state, paging.limit, paging.after)

    @made.post("/dead-letters/{id}/retry")
    async def retry_dead_letter(parked: Parked, tx: Tx, origin: Caused) -> DeadLetter:
        """Take it in once more."""
        await retry(tx, parked.id, origin.actor)
        return await letter(tx, parked.id)

    @made.post("/dead-letters/{id}/skip")
    async def skip_dead_letter(parked: Parked, tx: Tx, origin: Caused, given: Decision) -> DeadLetter:
        """Leave it aside for good, saying why."""
        await dead_letters.skip(tx, parked.id, origin.actor, given.reason)
        return await letter(tx, parked.id)

    return made
