"""What one can ask of action days."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations import store
from services.operations.commands.steps import advance, born
from services.operations.domain import ActionDay, Centre, Operation
from services.operations.domain.action_day import require_plannable
from shared import exercises
from shared.events import Origin


async def plan(tx: AsyncConnection, origin: Origin, operation: Operation, described: Mapping[str, Any]) -> UUID:
    """Several countries of an operation are to act at the same moment.

    Raises `Conflict` where the operation is not that far, where it or the centre is of the other mode or the reference is known already,
    `NotFound` where there is no such centre.
    """
    exercises.require(operation.life.exercise, origin.mode)
    require_plannable(operation, [each.country for each in described["places"]])
    if described["centre"] is not None:
        centre = await store.load(tx, Centre, described["centre"])
        exercises.require(centre.life.exercise, origin.mode)
    life = born(origin, "action_day", "planned", reference=described["reference"], country=operation.life.country)
    day = ActionDay(life, described["title"], operation.life.id, described["t_zero"], described["places"], described["centre"])
    await advance(tx, origin, day, day.planned())
    return life.id


async def confirm(tx: AsyncConnection, origin: Origin, day: ActionDay, country: str) -> None:
    """A country is ready."""
    await advance(tx, origin, *day.confirm(country, origin.now))


async def go(tx: AsyncConnection, origin: Origin, day: ActionDay, at: datetime) -> None:
    """All act."""
    after, fact = day.go(at, origin.now)
    await advance(tx, origin, after, fact, at)


async def end(tx: AsyncConnection, origin: Origin, day: ActionDay, at: datetime) -> None:
    """The measures are taken."""
    after, fact = day.end(at, origin.now)
    await advance(tx, origin, after, fact, at)


async def abort(tx: AsyncConnection, origin: Origin, day: ActionDay, reason: str) -> None:
    """It is called off."""
    after, fact = day.abort(reason, origin.now)
    await advance(tx, origin, after, fact, reason=reason)
