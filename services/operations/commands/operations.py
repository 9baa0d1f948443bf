"""What one can ask of operations and task forces."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.operations import store
from services.operations.commands.steps import advance, born
from services.operations.domain import Agency, Key, Mandate, Operation, Tally, results
from shared import outbox
from shared.events import Event, Origin


async def propose(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any]) -> UUID:
    """Somebody asks for it; raises `Conflict` where its reference is known already."""
    await store.require_priorities(tx, described["priorities"])
    operation = _new(origin, described, state="proposed")
    await advance(tx, origin, operation, operation.proposed())
    return operation.life.id


async def record(
    tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], launched: datetime, ended: datetime | None, told: Mapping[Key, Tally]
) -> UUID:
    """One that was launched before it was known here, perhaps over, with results that the countries stand by.

    Raises `Conflict` where its reference is known already.
    """
    await store.require_priorities(tx, described["priorities"])
    operation = _new(origin, described, state="launched", launched=launched)
    operation = await _launched(tx, origin, operation, operation.recorded(), launched)
    for key, tally in told.items():
        operation = await report(tx, origin, operation, key, tally)
    for country in sorted({country for country, _, _ in told}):
        operation = await certify(tx, origin, operation, country)
    if ended is not None:
        await complete(tx, origin, operation, ended)
    return operation.life.id


async def approve(tx: AsyncConnection, origin: Origin, operation: Operation) -> None:
    """It may be launched."""
    await advance(tx, origin, *operation.approve(origin.now))


async def launch(tx: AsyncConnection, origin: Origin, operation: Operation, at: datetime) -> None:
    """It begins."""
    after, fact = operation.launch(at, origin.now)
    await _launched(tx, origin, after, fact, at)


async def suspend(tx: AsyncConnection, origin: Origin, operation: Operation) -> None:
    """It rests."""
    await advance(tx, origin, *operation.suspend(origin.now))


async def resume(tx: AsyncConnection, origin: Origin, operation: Operation) -> None:
    """It goes on."""
    await advance(tx, origin, *operation.resume(origin.now))


async def join(tx: AsyncConnection, origin: Origin, operation: Operation, agency: Agency) -> None:
    """An agency takes part."""
    await advance(tx, origin, *operation.join(agency, origin.now))


async def leave(tx: AsyncConnection, origin: Origin, operation: Operation, agency: Agency) -> None:
    """An agency takes part no longer."""
    await advance(tx, origin, *operation.leave(agency, origin.now))


async def serve(tx: AsyncConnection, origin: Origin, operation: Operation, priorities: tuple[UUID, ...]) -> None:
    """It serves these intelligence priorities; raises `Invalid` where one is none."""
    await store.require_priorities(tx, priorities)
    await advance(tx, origin, *operation.serve(priorities, origin.now))


async def report(tx: AsyncConnection, origin: Origin, operation: Operation, key: Key, tally: Tally) -> Operation:
    """A country tells its total of a kind of measure; raises `Invalid` where its action day is none of this operation."""
    if key[2] is not None:
        await store.require_day(tx, operation, key[2])
    after, fact = operation.report(key, tally, origin.now)
    await advance(tx, origin, after, fact)
    return after


async def certify(tx: AsyncConnection, origin: Origin, operation: Operation, country: str) -> Operation:
    """A country stands by all it reported."""
    after, fact = operation.certify(country, origin.now)
    return await _certified(tx, origin, after, fact)


async def correct_result(
    tx: AsyncConnection, origin: Origin, operation: Operation, *, corrects: UUID, key: Key, tally: Tally, reason: str
) -> None:
    """What a country had certified was otherwise."""
    after, fact = operation.correct_result(corrects, key, tally, reason, origin.now)
    await _certified(tx, origin, after, fact, corrects=corrects, reason=reason)


async def complete(tx: AsyncConnection, origin: Origin, operation: Operation, at: datetime) -> None:
    """It is over."""
    after, fact = operation.complete(at, origin.now)
    event_id = outbox.new_id()
    await advance(tx, origin, replace(after, completed_event=event_id), fact, at, event_id)


async def evaluate(tx: AsyncConnection, origin: Origin, operation: Operation, at: datetime) -> None:
    """It is looked back upon."""
    after, fact = operation.evaluate(at, origin.now)
    await advance(tx, origin, after, fact, at)


async def correct(
    tx: AsyncConnection,
    origin: Origin,
    operation: Operation,
    *,
    corrects: UUID,
    mandate: Mandate,
    launched: datetime | None,
    ended: datetime | None,
    reason: str,
) -> None:
    """It went otherwise than was said."""
    after, fact = operation.correct(corrects, mandate, launched, ended, reason, origin.now)
    await advance(tx, origin, after, fact, after.ended, corrects=corrects, reason=reason)


async def retract(tx: AsyncConnection, origin: Origin, operation: Operation, corrects: UUID, reason: str) -> None:
    """It was not completed, or not launched, after all."""
    after, fact = operation.retract(corrects, reason, origin.now)
    await advance(tx, origin, after, fact, corrects=corrects, reason=reason)


def _new(origin: Origin, described: Mapping[str, Any], state: str, **more: Any) -> Operation:
    life = born(origin, "operation", state, reference=described["reference"], country=described["country"])
    return Operation(life, described["title"], described["mandate"], described["agencies"], described["priorities"], **more)


async def _launched(tx: AsyncConnection, origin: Origin, after: Operation, fact: Event, at: datetime) -> Operation:
    event_id = outbox.new_id()
    counted = replace(after, launched_event=event_id)
    await advance(tx, origin, counted, fact, at, event_id)
    return counted


async def _certified(tx: AsyncConnection, origin: Origin, after: Operation, fact: Event, **beside: Any) -> Operation:
    event_id = outbox.new_id()
    counted = replace(after, results=results.said_by(after.results, event_id))
    await advance(tx, origin, counted, fact, event_id=event_id, **beside)
    return counted
