"""What is shown of capacity: SQL to page-shaped answers."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.capacity.domain import NEXT
from services.capacity.tables import tool_steps, tools
from shared.errors import NotFound
from shared.web import Page, cursor_of, text_of
from shared.web.values import Source


class ToolRow(BaseModel):
    """A tool as a list shows it; `countries` use it."""

    id: UUID
    reference: str
    title: dict[str, str]
    kind: str
    edition: str
    languages: list[str]
    measures: list[str]
    owner: str | None
    address: str | None
    state: str
    countries: list[str]
    version: int


class Translation(BaseModel):
    """A language, and whether it is there in the newest revision."""

    language: str
    source_revision: int
    current: bool


class Adoption(BaseModel):
    """A country that uses it, since when."""

    country: str
    adopted_on: date


class ToolStep(BaseModel):
    """One fact of a tool's history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    country: str | None
    corrects: UUID | None
    reason: str | None
    retracted_at: AwareDatetime | None


class ToolPage(ToolRow):
    """A tool in full, with every step that led here."""

    source_revision: int
    translations: list[Translation]
    adoptions: list[Adoption]
    purpose: str | None = None
    notes: str | None = None
    number: str | None = None
    users: list[str] = []
    networks: list[str] = []
    source: Source | None = None
    possible: list[str]
    history: list[ToolStep]


async def tool(tx: AsyncConnection, id_: UUID) -> ToolPage:
    """One tool; raises `NotFound`."""
    row = (await tx.execute(select(tools).where(tools.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No tool {id_}")
    steps = await tx.execute(select(tool_steps).where(tool_steps.c.tool_id == id_).order_by(tool_steps.c.version))
    whole, newest = row.tool, row.tool["source_revision"]
    translated = [
        {"language": language, "source_revision": revision, "current": revision == newest}
        for language, revision in sorted(whole["translations"].items())
    ]
    adopted = [{"country": country, "adopted_on": on} for country, on in sorted(whole["adoptions"].items())]
    told = {
        **row.beside,
        **whole,
        "countries": row.countries,
        "translations": translated,
        "adoptions": adopted,
        "possible": NEXT[row.state],
    }
    return ToolPage.model_validate(told | {"history": [dict(step._mapping) for step in steps]})


async def listed(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: str | None) -> Page[ToolRow]:
    """Tools in the order of their references; `q` is looked for in titles and purposes, `measure` in what begins with it."""
    wanted = _conditions(asked)
    total = (await tx.execute(select(func.count()).select_from(tools).where(*wanted))).scalar_one()
    place = text_of(after)
    page = select(tools).where(*wanted, *([tools.c.reference > place] if place is not None else []))
    rows = (await tx.execute(page.order_by(tools.c.reference).limit(limit + 1))).all()
    items = [ToolRow.model_validate({**row.tool, "countries": row.countries}) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].reference) if len(rows) > limit else None, total=total)


def _conditions(asked: dict[str, str | None]) -> list[Any]:
    found = [tools.c[name] == asked[name] for name in ("kind", "state") if asked.get(name)]
    if measure := asked.get("measure"):
        below = select(1).where(func.starts_with(func.unnest(tools.c.measures).column_valued("m"), f"{measure}."))
        found.append(or_(tools.c.measures.contains([measure]), below.exists()))
    if asked.get("language"):
        found.append(tools.c.languages.contains([asked["language"]]))
    if asked.get("country"):
        found.append(tools.c.countries.contains([asked["country"]]))
    if q := asked.get("q"):
        texts = (tools.c.tool["title"].astext, tools.c.beside["purpose"].astext, tools.c.reference)
        found.append(or_(*(text.icontains(q, autoescape=True) for text in texts)))
    return found
