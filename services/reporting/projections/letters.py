"""A record that was parked, taken in once more."""

from typing import cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections.fold import fold
from services.reporting.projections.take import FOLDING
from shared import dead_letters, offsets
from shared.offsets import Record


async def retry(tx: AsyncConnection, id_: UUID, by: str) -> None:
    """Fold a parked record once more; where it fails again it stays open with the newest reason."""
    # In the order of a live batch, or the two could wait for each other: the rebuild's lock, the position, the facts.
    await tx.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": FOLDING})
    # Shaped like a record; only its headers are a tuple where the protocol says sequence.
    parked = cast("Record", await dead_letters.open_letter(tx, id_))
    await offsets.unread(tx, [parked])
    folded = await fold(tx, [parked])
    if folded.letters:
        await dead_letters.still_open(tx, id_, folded.letters[0][1])
        return
    await dead_letters.resolve(tx, id_, "retried", by)
    await offsets.no_longer_parked(tx, parked, folded.outcome)
