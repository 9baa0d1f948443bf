"""An aggregate's row, in and out: locked to be changed, kept whole, new only once.

The statements are made once for each table: with SQLAlchemy their making costs as much as their execution.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Select, Table, Update, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from shared.errors import Conflict, NotFound


async def locked(tx: AsyncConnection, table: Table, id_: UUID, word: str) -> Row[Any]:
    """The row, locked until the transaction ends: the lock orders the facts of one subject. Raises `NotFound`, calling it `word`."""
    row: Row[Any] | None = (await tx.execute(_lock(table), {"wanted": id_})).one_or_none()
    if row is None:
        raise NotFound(f"No {word} {id_}")
    return row


async def save(tx: AsyncConnection, table: Table, row: Mapping[str, Any], *, new: bool) -> None:
    """Keep the newest state; raises `Conflict` where a new one's reference, or its id, is known already."""
    id_ = row[_key(table).name]
    if not new:
        await tx.execute(_change(table), {**row, "wanted": id_})
    elif (await tx.execute(_new(table), dict(row))).first() is None:
        raise Conflict("This reference is registered already", id=str(id_))


async def version_of(tx: AsyncConnection, kept: Column[int], subject: UUID) -> int:
    """The newest aggversion known of a subject, from the column that keeps it; 0 where the subject is unknown."""
    version: int | None = (await tx.execute(select(kept).where(_key(kept.table) == subject))).scalar()
    return version or 0


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key
    return key


@cache
def _lock(table: Table) -> Select[Any]:
    return select(table).where(_key(table) == bindparam("wanted")).with_for_update()


@cache
def _change(table: Table) -> Update:
    return update(table).where(_key(table) == bindparam("wanted"))


@cache
def _new(table: Table) -> ReturningInsert[Any]:
    return insert(table).on_conflict_do_nothing().returning(_key(table))
