"""A record that was parked, taken in once more."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections.fold import fold
from services.reporting.projections.take import FOLDING
from shared import intake
from shared.events import Malformed
from shared.offsets import Outcome, Record


async def retry(tx: AsyncConnection, id_: UUID, by: str) -> None:
    """Fold a parked record once more; where it fails again it stays open with the newest reason."""
    # In the order of a live batch, or the two could wait for each other: the rebuild's lock, the position, the facts.
    await tx.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": FOLDING})

    async def one(record: Record) -> Outcome:
        folded = await fold(tx, [record])
        if folded.letters:
            raise Malformed(folded.letters[0][1])
        return folded.outcome

    await intake.again(tx, id_, by, one)
