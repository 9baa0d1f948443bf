"""Tools in and out. A row read for change is locked: the lock orders the facts of one subject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.capacity.domain import Step, Tool
from services.capacity.tables import tool_steps, tools
from shared import rows
from shared.events.capacity import TOOLS

VERSIONS = {TOOLS: tools.c.version}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""
_whole = TypeAdapter(Tool)


async def tool(tx: AsyncConnection, id_: UUID) -> Tool:
    """The tool, locked; raises `NotFound`."""
    return _whole.validate_python((await rows.locked(tx, tools, id_, "tool")).tool)


async def save(tx: AsyncConnection, kept: Tool, beside: Mapping[str, Any] | None) -> None:
    """Keep a tool's newest state; `beside` goes on no topic. Raises `Conflict` where a new one's reference is known already."""
    row = {
        "id": kept.id,
        "reference": kept.reference,
        "kind": kept.kind,
        "state": kept.state,
        "languages": list(kept.languages),
        "measures": list(kept.measures),
        "countries": sorted(kept.adoptions),
        "tool": _whole.dump_python(kept, mode="json"),
        "version": kept.version,
        "recorded_at": kept.recorded_at,
    } | ({} if beside is None else {"beside": dict(beside)})
    await rows.save(tx, tools, row, new=kept.version == 1)


async def add_step(tx: AsyncConnection, after: Tool, event_id: UUID, event_type: str, time: datetime, **beside: Any) -> None:
    """Remember a step for ever: what happened when, and since when we knew."""
    row = {"tool_id": after.id, "version": after.version, "event_id": event_id, "type": event_type, "time": time}
    await tx.execute(insert(tool_steps).values(row | {"recorded_at": after.recorded_at} | beside))


async def step(tx: AsyncConnection, id_: UUID, event_id: UUID) -> Step | None:
    """A fact of the tool that was never taken back."""
    wanted = select(tool_steps).where(tool_steps.c.tool_id == id_, tool_steps.c.event_id == event_id, tool_steps.c.retracted_at.is_(None))
    row = (await tx.execute(wanted)).one_or_none()
    return None if row is None else Step(row.event_id, row.type, row.country)


async def take_back(tx: AsyncConnection, corrects: UUID, at: datetime) -> None:
    """Mark a step as one that counts no longer."""
    await tx.execute(update(tool_steps).where(tool_steps.c.event_id == corrects).values(retracted_at=at))
