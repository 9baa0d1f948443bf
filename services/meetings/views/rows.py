"""What everything here has in common when it is shown."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.tables import steps
from shared.errors import NotFound

_HISTORY = select(steps).where(steps.c.subject == bindparam("of")).order_by(steps.c.version)


class Step(BaseModel):
    """One fact of a history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    corrects: UUID | None
    reason: str | None


async def one(tx: AsyncConnection, table: Table, id_: UUID, word: str) -> Any:
    """The row of one thing; raises `NotFound`, calling it `word`."""
    row = (await tx.execute(select(table).where(table.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No {word} {id_}")
    return row


async def history(tx: AsyncConnection, id_: UUID) -> list[dict[str, Any]]:
    """Every step that led here."""
    return [dict(step._mapping) for step in await tx.execute(_HISTORY, {"of": id_})]
