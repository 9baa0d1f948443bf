"""Packs that were built, and what goes into one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.tables import authorities, contact_points, packs
from shared.errors import Invalid, NotFound

SERVING = ("designated", "verification_due", "verified", "lapsed")
_OFFICE = ("reference", "name", "kind", "country", "subdivision", "zone", "languages", "role_mailbox", "phone_24x7")


async def add(tx: AsyncConnection, **row: Any) -> None:
    """One that was built."""
    await tx.execute(insert(packs).values(row))


async def file(tx: AsyncConnection, id_: UUID) -> tuple[bytes, int, list[str]]:
    """Its file, how many entries are in it, and of which countries; raises `NotFound` where there is none, or none any more."""
    row = (await tx.execute(select(packs.c.content, packs.c.entries, packs.c.countries).where(packs.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No pack {id_}")
    if row.content is None:
        raise NotFound("It has expired, or was handed to one reader alone: build a new one")
    return bytes(row.content), row.entries, row.countries


async def forget_expired(tx: AsyncConnection, now: datetime) -> None:
    """What has expired is handed out no more."""
    await tx.execute(update(packs).where(packs.c.expires_at <= now, packs.c.content.is_not(None)).values(content=None))


async def entries(tx: AsyncConnection, countries: Sequence[str], most: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Authorities and who serves there, of these countries or of all; raises `Invalid` where that is more than `most`."""
    wanted = authorities.c.country.in_(countries) if countries else true()
    offices = select(*(authorities.c[name] for name in _OFFICE)).where(wanted).order_by(authorities.c.reference)
    points = (
        select(
            contact_points.c.reference,
            contact_points.c.person_ref,
            authorities.c.reference.label("authority"),
            contact_points.c.state,
            contact_points.c.duty,
            contact_points.c.specialisations,
            contact_points.c.languages,
            contact_points.c.verified_at,
        )
        .join(authorities, authorities.c.id == contact_points.c.authority)
        .where(wanted, contact_points.c.state.in_(SERVING))
        .order_by(authorities.c.reference, contact_points.c.id)
    )
    count = sum([int(await tx.scalar(select(func.count()).select_from(each.subquery())) or 0) for each in (offices, points)])
    if count > most:
        raise Invalid("countries", f"these are {count} entries; a pack holds {most}: name fewer countries")
    told = [dict(row._mapping) for row in await tx.execute(offices)]
    serving = [dict(row._mapping) for row in await tx.execute(points)]
    return told, [
        {**row, "person_ref": str(row["person_ref"]), "verified_at": row["verified_at"] and row["verified_at"].isoformat()}
        for row in serving
    ]
