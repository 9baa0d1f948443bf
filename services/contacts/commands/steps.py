"""What all things kept whole have in common: a step is kept, said and remembered, and the newest can be taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.domain import Enquiry, Liaison, Network, PriorityDomain, Structure
from services.contacts.store import Register
from shared import outbox
from shared.events import Event, Origin

Kept = Network | Structure | PriorityDomain | Liaison | Enquiry


async def retract(tx: AsyncConnection, origin: Origin, register: Register, kept: Kept, corrects: UUID, reason: str) -> None:
    """Take the newest standing fact back; `asof` before now still shows it."""
    after, fact = kept.retract(corrects, await store.standing(tx, register, kept.id), reason, origin.now)
    await store.take_step_back(tx, corrects, after.recorded_at)
    said = {"corrects": corrects, "reason": reason}
    # The state it leads to is an earlier step's: this one is no step to go back to.
    await advance(tx, origin, register, after, fact, after.recorded_at, step=said, standing=False)


async def advance(
    tx: AsyncConnection,
    origin: Origin,
    register: Register,
    after: Kept,
    fact: Event,
    time: datetime,
    *,
    beside: Mapping[str, Any] | None = None,
    step: Mapping[str, Any] | None = None,
    standing: bool = True,
    country: str | None = None,
) -> None:
    """Keep its newest state, say the fact, remember the step: in this order, for the row is locked first.

    `country` is whose achievement the step is, where that is not who owns the thing.
    """
    await store.keep(tx, register, after, beside)
    recorded, country = after.recorded_at, country or after.country
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=time, recorded=recorded, country=country)
    await store.remember(tx, register, after, event_id, fact.type, time, standing=standing, **step or {})
