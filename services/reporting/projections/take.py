"""A batch taken in: folded, its bad records parked, its position moved, all in one transaction."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections.fold import Folded, fold
from shared import dead_letters, offsets
from shared.events import catalogue
from shared.offsets import Record

FOLDING = 730_012
"""Advisory lock: shared by every live batch, exclusive while a rebuilt schema takes the place of the old one."""


def topics() -> list[str]:
    """Every fact topic there is; figures need no persons."""
    return sorted({event.topic for event in catalogue().values() if event.classification != "personal"})


async def take(tx: AsyncConnection, records: Sequence[Record]) -> Folded:
    """Fold what is unread, park what cannot be, move on: all or nothing."""
    fresh = await offsets.unread(tx, records)
    folded = await fold(tx, fresh)
    await dead_letters.park(tx, folded.letters)
    await offsets.advance(tx, fresh, folded.outcome)
    return folded
