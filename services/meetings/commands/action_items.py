"""What has to be done after a decision: given to a country, taken on, done, verified."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.commands.steps import advance
from services.meetings.domain import ActionItem, Meeting, agreements
from shared.events import Origin


async def assign(
    tx: AsyncConnection,
    origin: Origin,
    meeting: Meeting,
    decision: UUID,
    *,
    country: str,
    text: Mapping[str, str],
    due: date,
    owner_ref: UUID | None,
) -> UUID:
    """A task for a country; raises `NotFound` or `Conflict` where the meeting has no such decision that holds."""
    agreements.decision_of(meeting, decision)
    given = (country, text, due, due, origin.now, owner_ref)
    item = ActionItem(uuid4(), meeting.id, decision, meeting.country, *given, exercise=meeting.exercise)
    await advance(tx, origin, item, item.assigned())
    return item.id


async def accept(tx: AsyncConnection, origin: Origin, item: ActionItem) -> None:
    """Its owner takes it on."""
    await advance(tx, origin, *item.accept(origin.now))


async def progress(tx: AsyncConnection, origin: Origin, item: ActionItem, percent: int) -> None:
    """So much of it is done."""
    await advance(tx, origin, *item.progress(percent, origin.now))


async def change_due(tx: AsyncConnection, origin: Origin, item: ActionItem, due: date, reason: str) -> None:
    """It has until another day."""
    await advance(tx, origin, *item.change_due(due, reason, origin.now), reason=reason)


async def complete(tx: AsyncConnection, origin: Origin, item: ActionItem, on: date) -> None:
    """Its owner calls it done."""
    await advance(tx, origin, *item.complete(on, origin.now))


async def verify(tx: AsyncConnection, origin: Origin, item: ActionItem) -> None:
    """Whoever convened the meeting has seen that it is done."""
    await advance(tx, origin, *item.verify(origin.now))


async def cancel(tx: AsyncConnection, origin: Origin, item: ActionItem, reason: str) -> None:
    """Nobody need do it any more."""
    await advance(tx, origin, *item.cancel(reason, origin.now), reason=reason)
