"""What lives here, in and out. A row read for change is locked: the lock orders the facts of one subject."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.domain import ActionDay, Centre, Operation, Priority
from services.operations.tables import action_days, centres, operations, priorities, word
from shared import rows
from shared.errors import Invalid
from shared.events.operations import ACTION_DAYS, CENTRES, OPERATIONS, PRIORITIES

VERSIONS = {
    OPERATIONS: operations.c.version,
    ACTION_DAYS: action_days.c.version,
    CENTRES: centres.c.version,
    PRIORITIES: priorities.c.version,
}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""
T = TypeVar("T", Operation, ActionDay, Centre, Priority)
KEPT: Mapping[type, tuple[Table, TypeAdapter[Any]]] = {
    Operation: (operations, TypeAdapter(Operation)),
    ActionDay: (action_days, TypeAdapter(ActionDay)),
    Centre: (centres, TypeAdapter(Centre)),
    Priority: (priorities, TypeAdapter(Priority)),
}
"""Where things of a kind are kept, and how they are written down whole."""


async def load(tx: AsyncConnection, kind: type[T], id_: UUID) -> T:
    """One of a kind, locked; raises `NotFound`."""
    table, whole = KEPT[kind]
    found: T = whole.validate_python((await rows.locked(tx, table, id_, word(table))).whole)
    return found


async def save(tx: AsyncConnection, kept: T) -> None:
    """Keep the newest state; raises `Conflict` where a new one's reference is known already."""
    table, life = KEPT[type(kept)][0], kept.life
    row = {name: getattr(life, name) for name in ("id", "reference", "country", "state", "exercise", "version", "recorded_at")}
    row |= {"kind": kept.kind, "crime_types": list(kept.crime_types), "countries": list(kept.countries), "at": kept.at}
    row |= {"whole": _whole(kept)} | _found_by(kept)
    await rows.save(tx, table, row, new=life.version == 1)


def _found_by(kept: T) -> dict[str, Any]:
    """What things of this kind alone are found by."""
    match kept:
        case ActionDay():
            return {"operation": kept.operation}
        case Operation():
            return {"priorities": list(kept.priorities)}
        case _:
            return {}


def _whole(kept: T) -> Any:
    return KEPT[type(kept)][1].dump_python(kept, mode="json")


async def require_day(tx: AsyncConnection, operation: Operation, id_: UUID) -> None:
    """Raises `Invalid` where the operation has no such action day."""
    wanted = select(action_days.c.id).where(action_days.c.id == id_, action_days.c.operation == operation.life.id)
    if (await tx.execute(wanted)).first() is None:
        raise Invalid("action_day_ref", "is no action day of this operation")


async def require_priorities(tx: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Raises `Invalid` where one of them is no intelligence priority, or is withdrawn."""
    there = select(priorities.c.id).where(priorities.c.id.in_(ids), priorities.c.state != "withdrawn")
    known = {row.id for row in await tx.execute(there)} if ids else set()
    if missing := [str(id_) for id_ in ids if id_ not in known]:
        raise Invalid("priorities", f"{missing[0]} is no intelligence priority")
