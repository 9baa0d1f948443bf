"""Packs that were built, and what goes into one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.tables import authorities, contact_points, packs
from shared.errors import Invalid, NotFound

SERVING = ("designated", "verification_due", "verified", "lapsed")
_OFFICE = ("reference", "name", "kind", "country", "subdivision", "zone", "languages", "role_mailbox", "phone_24x7")

_later = packs.alias("later")
NEWER = (
    select(_later.c.id)
    .where(_later.c.number > packs.c.number, _later.c.fingerprint == packs.c.fingerprint)
    .where(_later.c.countries.contains(packs.c.countries), _later.c.countries.contained_by(packs.c.countries))
    .where(_later.c.content.is_not(None), packs.c.content.is_not(None))
    .order_by(_later.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
"""Of a pack whose file is kept: the newest of the same countries under the same key, if there is one."""


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


async def newer(tx: AsyncConnection, id_: UUID) -> UUID | None:
    """The newest pack that this one can be turned into."""
    found: UUID | None = await tx.scalar(select(NEWER).where(packs.c.id == id_))
    return found


async def forget_expired(tx: AsyncConnection, now: datetime) -> None:
    """What has expired is handed out no more."""
    await tx.execute(update(packs).where(packs.c.expires_at <= now, packs.c.content.is_not(None)).values(content=None))


async def entries(tx: AsyncConnection, countries: Sequence[str], most: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Authorities and who serves there, of these countries or of all; raises `Invalid` where that is more than `most`.

    They come in the one order of every pack, by code points, whatever the database's language.
    """
    wanted = authorities.c.country.in_(countries) if countries else true()
    offices = select(*(authorities.c[name] for name in _OFFICE)).where(wanted).order_by(authorities.c.reference.collate("C"))
    points = (
        select(
            contact_points.c.id,
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
        .order_by(authorities.c.reference.collate("C"), contact_points.c.id)
    )
    count = sum([int(await tx.scalar(select(func.count()).select_from(each.subquery())) or 0) for each in (offices, points)])
    if count > most:
        raise Invalid("countries", f"these are {count} entries; a pack holds {most}: name fewer countries")
    told = [dict(row._mapping) for row in await tx.execute(offices)]
    serving = [dict(row._mapping) for row in await tx.execute(points)]
    return told, [_plain(row) for row in serving]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    refs = {name: str(row[name]) for name in ("id", "person_ref")}
    return {**row, **refs, "verified_at": row["verified_at"] and row["verified_at"].isoformat()}
