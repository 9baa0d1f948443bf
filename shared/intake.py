"""Records taken in one by one: each on its own, the unreadable parked, a parked one tried again; the position moves with them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared import dead_letters, offsets
from shared.events import Malformed
from shared.offsets import Outcome, Record


async def each(
    tx: AsyncConnection, records: Sequence[Record], one: Callable[[Record], Awaitable[None]], outcome: Outcome
) -> list[tuple[Record, str]]:
    """Take in what is unread, in the order given, park what `one` calls `Malformed`, move on; returns what was parked, and why."""
    fresh, unread = await offsets.unread(tx, records), list[tuple[Record, str]]()
    for record in fresh:
        try:
            await one(record)
        except Malformed as reason:
            outcome.parked[record.topic, record.partition] += 1
            unread.append((record, str(reason)))
    await dead_letters.park(tx, unread)
    await offsets.advance(tx, fresh, outcome)
    return unread


async def again(tx: AsyncConnection, id_: UUID, by: str, one: Callable[[Record], Awaitable[Outcome]]) -> None:
    """Take a parked record in once more; where it is `Malformed` again it stays open with the newest reason."""
    # Shaped like a record; only its headers are a tuple where the protocol says sequence.
    parked = cast("Record", await dead_letters.open_letter(tx, id_))
    await offsets.unread(tx, [parked])
    try:
        outcome = await one(parked)
    except Malformed as reason:
        await dead_letters.still_open(tx, id_, str(reason))
    else:
        await dead_letters.resolve(tx, id_, "retried", by)
        await offsets.no_longer_parked(tx, parked, outcome)
