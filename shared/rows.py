"""An aggregate's row, in and out: locked to be changed, kept whole, new only once.

The statements are made once for each table: with SQLAlchemy their making costs as much as their execution.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Row, Select, Table, TextClause, Update, bindparam, select, text, update
from sqlalchemy.dialects import postgresql
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


async def add_many(tx: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many new rows in one statement, in this order, each with the same columns: several times as fast as one by one."""
    if rows:
        await tx.execute(_many(table, tuple(rows[0])), {"rows": msgspec.json.encode(rows, enc_hook=str).decode()})


def binary(content: bytes | None) -> str | None:
    """Bytes as `add_many` takes them."""
    return None if content is None else f"\\x{content.hex()}"


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
def _many(table: Table, columns: tuple[str, ...]) -> TextClause:
    named = ", ".join(f'"{name}"' for name in columns)
    typed = ", ".join(f'"{name}" {table.c[name].type.compile(postgresql.dialect())}' for name in columns)  # type: ignore[no-untyped-call]
    given = f"json_to_recordset(CAST(CAST(:rows AS text) AS json)) AS given({typed})"
    return text(f"INSERT INTO {table.name} ({named}) SELECT {named} FROM {given}")  # noqa: S608 - names of our own tables


@cache
def _new(table: Table) -> ReturningInsert[Any]:
    return insert(table).on_conflict_do_nothing().returning(_key(table))
