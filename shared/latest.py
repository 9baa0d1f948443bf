"""Rows the latest first, in pages: by a moment that may be missing (then before all others), and by id among equals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, and_, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import Invalid
from shared.web.paging import Asked, cursor_of, texts_of


async def latest(tx: AsyncConnection, table: Table, conditions: Sequence[Any], paging: Asked) -> tuple[list[Any], str | None, int]:
    """A page of a table with columns `at` and `id`: its rows, the cursor of the next page, and how many match in all."""
    when = func.coalesce(table.c.at, cast(literal("infinity"), table.c.at.type))
    total = (await tx.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one()
    wanted = select(table, cast(when, Text).label("when")).where(*conditions)
    if paging.after is not None:
        at, id_ = _place(paging.after)
        moment = cast(literal(at), table.c.at.type)
        wanted = wanted.where(or_(when < moment, and_(when == moment, table.c.id < id_)))
    rows = list((await tx.execute(wanted.order_by(when.desc(), table.c.id.desc()).limit(paging.limit + 1))).all())
    last = rows[paging.limit - 1] if len(rows) > paging.limit else None
    return rows[: paging.limit], cursor_of(last.when, last.id) if last else None, total


def _place(after: tuple[Any, ...]) -> tuple[str, UUID]:
    at, id_ = texts_of(after, 2)
    try:
        if at != "infinity":
            datetime.fromisoformat(str(at))
        return str(at), UUID(id_)
    except ValueError as error:
        raise Invalid("after", "not a cursor of this list") from error
