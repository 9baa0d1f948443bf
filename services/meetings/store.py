"""Meetings and action items in and out. A row read for change is locked: the lock orders the facts of one subject."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.domain import ActionItem, Meeting
from services.meetings.tables import action_items, meetings
from shared import rows
from shared.events.meetings import ACTION_ITEMS, MEETINGS

VERSIONS = {MEETINGS: meetings.c.version, ACTION_ITEMS: action_items.c.version}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""
_whole = TypeAdapter(Meeting)
_item = TypeAdapter(ActionItem)


async def meeting(tx: AsyncConnection, id_: UUID) -> Meeting:
    """The meeting, locked; raises `NotFound`."""
    return _whole.validate_python((await rows.locked(tx, meetings, id_, "meeting")).meeting)


async def save(tx: AsyncConnection, kept: Meeting) -> None:
    """Keep a meeting's newest state; raises `Conflict` where a new one's reference is known already."""
    row = {
        "id": kept.id,
        "reference": kept.reference,
        "country": kept.country,
        "kind": kept.kind,
        "state": kept.state,
        "crime_types": list(kept.crime_types),
        "countries": list(kept.held.countries if kept.held else kept.countries),
        "at": kept.held.started if kept.held else kept.slot.start if kept.slot else None,
        "meeting": _whole.dump_python(kept, mode="json"),
        "version": kept.version,
        "recorded_at": kept.recorded_at,
    }
    await rows.save(tx, meetings, row, new=kept.version == 1)


async def action_item(tx: AsyncConnection, id_: UUID) -> ActionItem:
    """The action item, locked; raises `NotFound`."""
    return _item.validate_python((await rows.locked(tx, action_items, id_, "action item")).whole)


async def save_item(tx: AsyncConnection, kept: ActionItem) -> None:
    """Keep an action item's newest state."""
    row = {name: getattr(kept, name) for name in ("id", "meeting", "decision", "country", "state", "due", "version", "recorded_at")}
    await rows.save(tx, action_items, row | {"whole": _item.dump_python(kept, mode="json")}, new=kept.version == 1)
