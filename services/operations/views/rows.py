"""What everything here has in common when it is shown, and how it is found."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.tables import word
from shared.errors import NotFound


class Row(BaseModel):
    """What lists show of everything; `at` is when it took place, else when it is planned."""

    id: UUID
    reference: str | None
    country: str | None
    title: dict[str, str]
    crime_types: list[str]
    countries: list[str]
    state: str
    exercise: bool
    at: AwareDatetime | None
    version: int


async def one(tx: AsyncConnection, table: Table, id_: UUID) -> Any:
    """The row of one thing; raises `NotFound`."""
    row = (await tx.execute(select(table).where(table.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No {word(table)} {id_}")
    return row


def conditions(table: Table, asked: dict[str, Any]) -> list[Any]:
    """What a list is narrowed by."""
    found = [table.c[name] == asked[name] for name in ("kind", "state", "country", "operation") if asked.get(name) is not None]
    if asked.get("priority"):
        found.append(table.c.priorities.contains([asked["priority"]]))
    if asked.get("crime_type"):
        found.append(table.c.crime_types.contains([asked["crime_type"]]))
    if asked.get("participant"):
        found.append(table.c.countries.contains([asked["participant"]]))
    if asked.get("since"):
        found.append(table.c.at >= asked["since"])
    if asked.get("until"):
        found.append(table.c.at < asked["until"])
    if asked.get("ids"):
        found.append(table.c.id.in_(asked["ids"]))
    if asked.get("q"):
        found.append(table.c.whole["title"].astext.icontains(asked["q"], autoescape=True))
    return found
