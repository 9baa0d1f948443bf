"""Campaigns, whom they asked, and the links by which one answers."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import ContactPoint, VerificationLink, day_at
from services.contacts.tables import authorities, campaign_members, campaigns, contact_points, verification_links
from shared.errors import NotFound


async def unverified(tx: AsyncConnection, countries: frozenset[str] | None, before: datetime | None, limit: int) -> list[UUID]:
    """Contact points that can be asked, of some countries or all, last verified before a moment, or whenever where none is named."""
    stale = [] if before is None else [or_(contact_points.c.verified_at.is_(None), contact_points.c.verified_at < before)]
    mine = [] if countries is None else [contact_points.c.country.in_(countries)]
    wanted = select(contact_points.c.id).where(contact_points.c.state.in_(("designated", "verified", "lapsed")), *stale, *mine)
    return list((await tx.execute(wanted.order_by(contact_points.c.id).limit(limit))).scalars())


async def add_campaign(tx: AsyncConnection, row: dict[str, Any], members: list[dict[str, Any]]) -> None:
    """Keep a campaign and whom it asked."""
    await tx.execute(insert(campaigns).values(row))
    await tx.execute(insert(campaign_members), [member | {"campaign_id": row["id"]} for member in members])


async def zone_of(tx: AsyncConnection, authority: UUID | None) -> str:
    """The clock by which a contact point's days end."""
    return (await tx.execute(select(authorities.c.zone).where(authorities.c.id == authority))).scalar() or "UTC"


async def day_of(tx: AsyncConnection, point: ContactPoint, moment: datetime) -> date:
    """The day it is there, where a contact point serves."""
    return day_at(moment, await zone_of(tx, point.authority))


async def add_link(tx: AsyncConnection, link: VerificationLink) -> None:
    """Keep a new link."""
    await tx.execute(insert(verification_links).values(asdict(link)))


async def link_of(tx: AsyncConnection, token_hash: bytes) -> VerificationLink:
    """The link with this digest, locked: two answers at once are one answer and a refusal. Raises `NotFound`."""
    row = (
        await tx.execute(select(verification_links).where(verification_links.c.token_hash == token_hash).with_for_update())
    ).one_or_none()
    if row is None:
        raise NotFound("No such link")
    found = {field.name: getattr(row, field.name) for field in fields(VerificationLink)}
    return VerificationLink(**found | {"changed_fields": None if row.changed_fields is None else tuple(row.changed_fields)})


async def settle_links(tx: AsyncConnection, link: VerificationLink) -> None:
    """An answer by one link is the answer by every link of the same request."""
    said = {"answer": link.answer, "changed_fields": list(link.changed_fields or ()), "answered_at": link.answered_at}
    same = (verification_links.c.contact_point_id == link.contact_point_id) & (verification_links.c.request_version == link.request_version)
    await tx.execute(update(verification_links).where(same, verification_links.c.answer.is_(None)).values(said))
