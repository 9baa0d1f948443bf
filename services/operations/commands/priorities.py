"""What one can ask of intelligence priorities (D4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations.commands.steps import advance, born
from services.operations.domain import Life, Priority
from shared.events import Origin


async def set_new(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any]) -> UUID:
    """It is one from now on; raises `Conflict` where its reference is known already."""
    priority = _new(born(origin, "priority", "set", reference=described["reference"], country=described["country"]), described)
    await advance(tx, origin, priority, priority.said(), priority.at)
    return priority.life.id


async def set_anew(tx: AsyncConnection, origin: Origin, priority: Priority, described: Mapping[str, Any]) -> None:
    """It is another than before: other dates, crime types or countries."""
    after, fact = priority.set_anew(_new(priority.life, described), origin.now)
    await advance(tx, origin, after, fact, after.at)


async def withdraw(tx: AsyncConnection, origin: Origin, priority: Priority, reason: str) -> None:
    """It should never have been set."""
    after, fact = priority.withdraw(reason, origin.now)
    await advance(tx, origin, after, fact, reason=reason)


def _new(life: Life, described: Mapping[str, Any]) -> Priority:
    return Priority(life, **{name: value for name, value in described.items() if name not in ("reference", "country")})
