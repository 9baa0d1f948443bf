"""Liaison postings."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.commands.steps import advance
from services.contacts.domain import Liaison
from shared.events import Origin, start_of, subject_of


async def post(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any]) -> UUID:
    """Somebody is posted, from a day on that may be still to come; raises `Conflict` where the reference is known already."""
    id_ = subject_of("contacts", "liaison", described["reference"])
    liaison = Liaison(id=id_, state="posted", version=1, recorded_at=origin.now, **described)
    await store.require_contact_point(tx, "contact_point_ref", liaison.contact_point)
    await advance(tx, origin, store.LIAISONS, liaison, liaison.posted(), start_of(liaison.valid_from), beside=beside)
    return id_


async def end(tx: AsyncConnection, origin: Origin, liaison: Liaison, valid_to: date) -> None:
    """It holds no longer."""
    after, fact = liaison.end(valid_to, origin.now)
    await advance(tx, origin, store.LIAISONS, after, fact, start_of(valid_to))


async def fund(tx: AsyncConnection, origin: Origin, liaison: Liaison, share: int, funder: str | None) -> None:
    """Others bear a part of its costs."""
    after, fact = liaison.fund(share, funder, origin.now)
    await advance(tx, origin, store.LIAISONS, after, fact, after.recorded_at)
