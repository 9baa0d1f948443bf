"""What people decide in reporting: what is covered, and what becomes of a dead letter."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.reporting import projections, store
from shared import dead_letters, outbox
from shared.events import Origin
from shared.events.reporting import CoverageDeclared
from shared.offsets import Record


async def declare_coverage(tx: AsyncConnection, origin: Origin, instance: str, given: dict[str, Any]) -> UUID:
    """Say for what, where and when the facts are complete; returns its id."""
    id_ = uuid7()
    await store.add_coverage(tx, {"id": id_, "instance": instance, "version": 1, "recorded_at": origin.now, **given})
    fact = CoverageDeclared(**given)
    await outbox.add(tx, origin, fact, subject=id_, version=1, time=origin.now, recorded=origin.now, country=given["country"])
    return id_


async def retry(tx: AsyncConnection, id_: UUID, by: str) -> None:
    """Fold a parked record once more; where it fails again it stays open with the newest reason."""
    # Shaped like a record; only its headers are a tuple where the protocol says sequence.
    parked = cast("Record", await dead_letters.open_letter(tx, id_))
    folded = await projections.fold(tx, [parked])
    if folded.letters:
        await dead_letters.still_open(tx, id_, folded.letters[0][1])
        return
    await dead_letters.resolve(tx, id_, "retried", by)
    await store.no_longer_parked(tx, parked.topic, parked.partition, folded.outcome)


async def skip(tx: AsyncConnection, id_: UUID, by: str, reason: str) -> None:
    """Leave it aside for good, and say why."""
    await dead_letters.open_letter(tx, id_)
    await dead_letters.resolve(tx, id_, "skipped", by, reason)
