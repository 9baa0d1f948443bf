"""Lists on their way in, as they stand, and what cannot be in their rows."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain.lists import NEXT, Kind
from services.contacts.tables import import_faults, imports
from shared.errors import Invalid, NotFound
from shared.web import Page, cursor_of


class Effects(BaseModel):
    """What the rows make of the directory: entries that are new, changed, or stay as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0


class ImportRow(BaseModel):
    """A list and how far it is. `checked` of `rows` were looked through, `applied` of those without error taken in."""

    id: UUID
    kind: Kind
    format: str
    state: str
    version: int
    begun_at: AwareDatetime
    recorded_at: AwareDatetime
    actor: str
    bytes: int
    sha256: str
    rows: int | None
    checked: int
    failed: int
    applied: int
    effects: Effects
    left_out: list[str]
    """Letters of the columns that nobody knows."""
    problem: str | None
    possible: list[str]


class FaultRow(BaseModel):
    """What cannot be in which column of which row, counted as a spreadsheet does."""

    row: int
    column: str
    reason: str


def _shown(row: Any) -> ImportRow:
    return ImportRow.model_validate({**row._mapping, "possible": list(NEXT[row.state])})


async def imports_page(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, kind: str | None) -> Page[ImportRow]:
    """The newest first."""
    mine = select(imports).where(imports.c.kind == kind) if kind else select(imports)
    total = await tx.scalar(select(func.count()).select_from(mine.subquery()))
    if after is not None:
        try:
            _, id_ = after
            last = select(imports.c.begun_at).where(imports.c.id == UUID(str(id_))).scalar_subquery()
        except ValueError as error:
            raise Invalid("after", "not a cursor of this list") from error
        mine = mine.where(or_(imports.c.begun_at < last, (imports.c.begun_at == last) & (imports.c.id < UUID(str(id_)))))
    rows = list(await tx.execute(mine.order_by(imports.c.begun_at.desc(), imports.c.id.desc()).limit(limit + 1)))
    items = [_shown(row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of("id", str(items[-1].id)) if len(rows) > limit else None, total=total or 0)


async def one_import(tx: AsyncConnection, id_: UUID) -> ImportRow:
    """One of them; raises `NotFound`."""
    row = (await tx.execute(select(imports).where(imports.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No import {id_}")
    return _shown(row)


async def faults(tx: AsyncConnection, id_: UUID, *, limit: int, after: tuple[Any, ...] | None) -> Page[FaultRow]:
    """What is wrong in an import's rows, in the order of the file; raises `NotFound`."""
    await one_import(tx, id_)
    if after is not None and not isinstance(after[0], int):
        raise Invalid("after", "not a cursor of this list")
    mine = select(import_faults).where(import_faults.c.import_id == id_)
    total = await tx.scalar(select(func.count()).select_from(mine.subquery()))
    more = mine.where(import_faults.c.id > after[0]) if after else mine
    rows = list(await tx.execute(more.order_by(import_faults.c.id).limit(limit + 1)))
    items = [FaultRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(rows[limit - 1].id) if len(rows) > limit else None, total=total or 0)


async def all_faults(tx: AsyncConnection, id_: UUID) -> list[tuple[int, str, str]]:
    """All of them; raises `NotFound`."""
    await one_import(tx, id_)
    columns = (import_faults.c.row, import_faults.c.column, import_faults.c.reason)
    wanted = select(*columns).where(import_faults.c.import_id == id_).order_by(import_faults.c.id)
    return [(row.row, row.column, row.reason) for row in await tx.execute(wanted)]
