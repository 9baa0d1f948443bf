"""Who can be asked, and which enquiries nobody acknowledged in time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import WAITING, Addressee, Calendar, Calendars, Enquiry
from services.contacts.tables import enquiries
from shared.errors import Invalid

_ADDRESSEE = text("""
SELECT id, 'authority' AS kind, country, zone, subdivision, NULL AS duty, true AS serves FROM authorities WHERE id = :id
UNION ALL SELECT c.id, 'contact_point', coalesce(c.country, a.country), a.zone, a.subdivision, c.duty,
    c.state NOT IN ('nominated', 'ended', 'retracted')
    FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority WHERE c.id = :id
UNION ALL SELECT n.id, 'network', n.country,
    (SELECT a.zone FROM authorities a WHERE a.country = :to_country ORDER BY a.reference LIMIT 1), NULL, NULL,
    n.state NOT IN ('dissolved', 'retracted')
    FROM networks n WHERE n.id = :id""")


async def addressee(tx: AsyncConnection, calendars: Calendars, id_: UUID, to_country: str) -> Addressee:
    """Who can be asked, and the time they work by: a network that has none, by an office of the country that is asked, else UTC.

    Raises `Invalid` where nobody here has this id, or who had it serves no longer.
    """
    row = (await tx.execute(_ADDRESSEE, {"id": id_, "to_country": to_country})).one_or_none()
    if row is None or not row.serves:
        raise Invalid("addressee_ref", "no such contact point, authority or network that can be asked")
    return Addressee(row.id, row.kind, row.country, _calendar(calendars, row, to_country))


async def calendar_of(tx: AsyncConnection, calendars: Calendars, enquiry: Enquiry) -> Calendar:
    """The working time of who is asked now, whether they still serve or not."""
    row = (await tx.execute(_ADDRESSEE, {"id": enquiry.addressee, "to_country": enquiry.to_country})).one_or_none()
    return _calendar(calendars, row, enquiry.to_country)


def _calendar(calendars: Calendars, row: Any, to_country: str) -> Calendar:
    if row is None:
        return calendars.of(to_country, "UTC")
    return calendars.of(row.country or to_country, row.zone or "UTC", duty=row.duty, subdivision=row.subdivision)


async def unacknowledged(tx: AsyncConnection, now: datetime, limit: int) -> list[UUID]:
    """Enquiries that nobody acknowledged in time, and of which that is not said yet."""
    late = enquiries.c.state.in_(WAITING) & (enquiries.c.acknowledge_by <= now) & enquiries.c.proposed_at.is_(None)
    wanted = select(enquiries.c.id).where(late).order_by(enquiries.c.acknowledge_by, enquiries.c.id).limit(limit)
    return list((await tx.execute(wanted)).scalars())
