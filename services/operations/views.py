"""What is shown of operations: SQL to page-shaped answers."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.tables import centres, steps
from shared.errors import NotFound
from shared.latest import latest
from shared.web import Page
from shared.web.paging import Asked


class Step(BaseModel):
    """One fact of a history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    corrects: UUID | None
    reason: str | None


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


class CentreRow(Row):
    """A coordination centre as a list shows it."""

    form: str


class CentrePage(CentreRow):
    """A coordination centre in full, with every step that led here."""

    room: str | None
    opens: AwareDatetime | None
    opened: AwareDatetime | None
    closed: AwareDatetime | None
    opened_event: UUID | None
    history: list[Step]


def _centre(row: Any) -> dict[str, Any]:
    return {**row.whole, **row.whole["work"], **row._mapping}


async def centre(tx: AsyncConnection, id_: UUID) -> CentrePage:
    """One centre; raises `NotFound`."""
    row = await _row(tx, centres, id_)
    return CentrePage.model_validate(_centre(row) | {"history": await _history(tx, id_)})


async def listed_centres(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[CentreRow]:
    """Centres that match, the latest first; those without a time before all others."""
    rows, following, total = await latest(tx, centres, _conditions(centres, asked), paging)
    return Page(items=[CentreRow.model_validate(_centre(row)) for row in rows], next=following, total=total)


async def _row(tx: AsyncConnection, table: Table, id_: UUID) -> Any:
    row = (await tx.execute(select(table).where(table.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No {table.name.removesuffix('s')} {id_}")
    return row


async def _history(tx: AsyncConnection, id_: UUID) -> list[dict[str, Any]]:
    found = await tx.execute(select(steps).where(steps.c.subject == id_).order_by(steps.c.version))
    return [dict(step._mapping) for step in found]


def _conditions(table: Table, asked: dict[str, Any]) -> list[Any]:
    found = [table.c[name] == asked[name] for name in ("kind", "state", "country", "exercise") if asked.get(name) is not None]
    if asked.get("crime_type"):
        found.append(table.c.crime_types.contains([asked["crime_type"]]))
    if asked.get("participant"):
        found.append(table.c.countries.contains([asked["participant"]]))
    if asked.get("since"):
        found.append(table.c.at >= asked["since"])
    if asked.get("until"):
        found.append(table.c.at < asked["until"])
    if asked.get("q"):
        found.append(table.c.whole["title"].astext.icontains(asked["q"], autoescape=True))
    return found
