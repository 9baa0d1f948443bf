"""What authorities are competent for: each fact is one of the authority, and a step of the competence."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.domain import Authority, Competence, Scope, spoken_of
from shared import outbox
from shared.events import Event, Origin, start_of


async def declare(tx: AsyncConnection, origin: Origin, authority: Authority, scope: Scope, valid_from: date, valid_to: date | None) -> None:
    """It is competent from a day on; raises `Conflict` where that is known already."""
    new = Competence(uuid4(), authority.id, authority.country, scope, valid_from, valid_to, "declared", 1, origin.now)
    fact = new.declared(await store.competences_of(tx, authority.id))
    await _advance(tx, origin, authority, new, fact, start_of(valid_from))


async def withdraw(tx: AsyncConnection, origin: Origin, authority: Authority, competence: Competence, valid_to: date) -> None:
    """It is competent no longer from a day on."""
    after, fact = competence.withdraw(valid_to, origin.now)
    await _advance(tx, origin, authority, after, fact, start_of(valid_to))


async def retract(tx: AsyncConnection, origin: Origin, authority: Authority, competence: Competence, corrects: UUID, reason: str) -> None:
    """Take the newest standing fact of a competence back."""
    after, fact = competence.retract(corrects, await store.standing(tx, store.COMPETENCES, competence.id), reason, origin.now)
    await store.take_step_back(tx, corrects, after.recorded_at)
    said = {"corrects": corrects, "reason": reason}
    # The state it leads to is an earlier step's: this one is no step to go back to.
    await _advance(tx, origin, authority, after, fact, after.recorded_at, step=said, standing=False)


async def _advance(
    tx: AsyncConnection,
    origin: Origin,
    authority: Authority,
    after: Competence,
    fact: Event,
    time: datetime,
    *,
    step: Mapping[str, Any] | None = None,
    standing: bool = True,
) -> None:
    spoken = spoken_of(authority, origin.now)
    await store.save_authority(tx, spoken)
    await store.save_competence(tx, after)
    event_id = await outbox.add(
        tx, origin, fact, subject=spoken.id, version=spoken.version, time=time, recorded=spoken.recorded_at, country=spoken.country
    )
    await store.remember(tx, store.COMPETENCES, after, event_id, fact.type, time, standing=standing, **step or {})
