"""The directory was used: said once for each question and each pack that is handed out, never for a further page of an answer."""

from collections.abc import Mapping
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from shared import outbox
from shared.auth import Caller
from shared.events import Origin
from shared.events.contacts import DirectoryUsed

EVERYWHERE = "*"


async def used(tx: AsyncConnection, origin: Origin, reader: Caller, *, surface: str, given: Mapping[str, object], results: int) -> None:
    """Say it in the transaction that answers; of what was `given` only the names of the fields that held something."""
    shape = "+".join(name for name, value in given.items() if value)
    fact = DirectoryUsed(surface=surface, query_shape=shape, result_count=results)
    only = next(iter(reader.countries)) if len(reader.countries) == 1 else EVERYWHERE
    country = None if only == EVERYWHERE else only
    await outbox.add(tx, origin, fact, subject=uuid4(), version=1, time=origin.now, recorded=origin.now, country=country)
