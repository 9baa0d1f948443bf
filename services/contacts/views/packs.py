"""Packs, built or to be built, and the key that proves them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import case, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.tables import pack_deltas, packs
from shared.errors import Invalid, NotFound
from shared.web import Page, cursor_of


class PackRow(BaseModel):
    """A signed file of the directory, and how far it is: `done` of `entries` were read. What is not known before it is ready is null."""

    id: UUID
    state: Literal["building", "ready", "failed"]
    begun_at: AwareDatetime
    actor: str
    countries: list[str]
    """All where none is named."""
    days: int
    """For so long it holds."""
    persons: bool
    """With persons' details: then it was handed to the reader alone who asked."""
    entries: int | None
    done: int
    problem: str | None
    """Why it failed."""
    made_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    bytes: int | None
    sha256: str | None
    signature: str | None
    fingerprint: str | None
    there: bool
    """Whether it can be fetched still."""
    newer: UUID | None
    """The newest pack of the same countries under the same key: a delta leads from this one to it."""
    delta: Literal["building", "ready", "failed"] | None
    """How far that delta is."""


class PackKey(BaseModel):
    """The public key as a JWK (RFC 8037), and what people compare: SHA-256 of its 32 bytes, in hexadecimal."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: str
    fingerprint: str


_APART = ("there", "newer", "delta")
_NEWER = store.packs.NEWER
_DELTA = case(
    (_NEWER.c.id.is_(None), None),
    (pack_deltas.c.later.is_distinct_from(_NEWER.c.id), "building"),
    (pack_deltas.c.content.is_(None), "failed"),
    else_="ready",
)
_COLUMNS = [
    *(packs.c[name] for name in PackRow.model_fields if name not in _APART),
    packs.c.content.is_not(None).label("there"),
    _NEWER.c.id.label("newer"),
    _DELTA.label("delta"),
]
_SHOWN = select(*_COLUMNS).outerjoin_from(packs, _NEWER, true()).outerjoin(pack_deltas, pack_deltas.c.earlier == packs.c.id)


async def listed(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None) -> Page[PackRow]:
    """The newest first."""
    mine = _SHOWN
    if after is not None:
        if len(after) != 1 or not isinstance(after[0], int):
            raise Invalid("after", "not a cursor of this list")
        mine = mine.where(packs.c.number < after[0])
    rows = list(await tx.execute(mine.add_columns(packs.c.number).order_by(packs.c.number.desc()).limit(limit + 1)))
    total = await tx.scalar(select(func.count()).select_from(packs))
    items = [PackRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(rows[limit - 1].number) if len(rows) > limit else None, total=total or 0)


async def one(tx: AsyncConnection, id_: UUID) -> PackRow:
    """One of them; raises `NotFound`."""
    row = (await tx.execute(_SHOWN.where(packs.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No pack {id_}")
    return PackRow.model_validate(dict(row._mapping))
