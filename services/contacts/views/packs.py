"""Packs that were built, and the key that proves them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.tables import packs
from shared.errors import Invalid, NotFound
from shared.web import Page, cursor_of


class PackRow(BaseModel):
    """A signed file of the directory; `there`: whether it can be fetched still."""

    id: UUID
    made_at: AwareDatetime
    expires_at: AwareDatetime
    entries: int
    countries: list[str]
    """All where none is named."""
    persons: bool
    """With persons' details: then it was handed to the reader alone who asked."""
    bytes: int
    sha256: str
    signature: str
    fingerprint: str
    actor: str
    there: bool
    newer: UUID | None
    """The newest pack of the same countries under the same key: there is a delta from this one to it."""


class PackKey(BaseModel):
    """The public key as a JWK (RFC 8037), and what people compare: SHA-256 of its 32 bytes, in hexadecimal."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: str
    fingerprint: str


_told = [packs.c[name] for name in PackRow.model_fields if name not in ("there", "newer")]
_COLUMNS = [*_told, packs.c.content.is_not(None).label("there"), store.packs.NEWER.label("newer")]


async def listed(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None) -> Page[PackRow]:
    """The newest first."""
    mine = select(*_COLUMNS)
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
    row = (await tx.execute(select(*_COLUMNS).where(packs.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No pack {id_}")
    return PackRow.model_validate(dict(row._mapping))
