"""What one can ask of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications import store


async def retry(tx: AsyncConnection, id_: UUID, now: datetime) -> None:
    """A mail that was given up is tried again from the start; raises `NotFound`, or `Conflict` where it was not given up."""
    await store.try_again(tx, id_, now)
