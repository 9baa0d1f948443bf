"""Who can be asked, and which enquiries nobody acknowledged in time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import WAITING, Addressee, Calendar, Calendars, Enquiry, day_at, diplomatic_channel
from services.contacts.tables import enquiries
from shared.errors import Invalid

_OFFICE = "(SELECT o.zone FROM authorities o WHERE o.country = :to_country ORDER BY o.reference LIMIT 1)"
POSTED = """l.state <> 'retracted' AND CAST(l.whole->>'valid_from' AS date) <= CAST(:latest AS date)
        AND coalesce(CAST(l.whole->>'valid_to' AS date) > CAST(:earliest AS date), true)"""
"""Of a liaison posting `l`: it holds on one of the days that it is anywhere; which it is there, the clock says of whoever is asked."""
TO_BE_ASKED = "NOT EXISTS (SELECT FROM contact_points c WHERE c.id = {id} AND c.state IN ('suspended', 'lapsed', 'ended'))"
_ADDRESSEE = text(f"""
SELECT id, 'authority' AS kind, country, country AS works_in, zone, subdivision, NULL AS duty, true AS serves,
    CAST(NULL AS text) AS state, CAST(NULL AS date) AS since, CAST(NULL AS date) AS until
    FROM authorities WHERE id = :id
UNION ALL SELECT c.id, 'contact_point', coalesce(c.country, a.country), coalesce(c.country, a.country), a.zone, a.subdivision, c.duty,
    c.state NOT IN ('nominated', 'retracted'), c.state, NULL, c.valid_to
    FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority WHERE c.id = :id
UNION ALL SELECT n.id, 'network', n.country, n.country, {_OFFICE}, NULL, NULL, n.state NOT IN ('dissolved', 'retracted'), NULL, NULL, NULL
    FROM networks n WHERE n.id = :id
UNION ALL SELECT l.id, 'liaison', l.whole->>'host', a.country, coalesce(a.zone, {_OFFICE}), a.subdivision, c.duty,
    l.state <> 'retracted' AND coalesce(c.state NOT IN ('nominated', 'retracted'), true), c.state,
    CAST(l.whole->>'valid_from' AS date), least(CAST(l.whole->>'valid_to' AS date), c.valid_to)
    FROM liaisons l LEFT JOIN contact_points c ON c.id = CAST(l.whole->>'contact_point' AS uuid)
    LEFT JOIN authorities a ON a.id = c.authority WHERE l.id = :id
UNION ALL SELECT c.id, 'channel', :to_country, :to_country, {_OFFICE}, NULL, NULL, true, NULL, NULL, NULL
    FROM (SELECT CAST(:channel AS uuid) AS id) c WHERE c.id = :id""")  # noqa: S608 - words of ours


async def addressee(tx: AsyncConnection, calendars: Calendars, id_: UUID, to_country: str, now: datetime) -> Addressee:
    """Who can be asked now, and the time they work by: who has none of their own, by an office of the country that is asked, else UTC.

    Raises `Invalid` where nobody here has this id, who had it serves no longer, or the contact point that one reaches is not to be asked.
    """
    row = await _found(tx, id_, to_country)
    today = day_at(now, row.zone or "UTC") if row else None
    if row is None or not row.serves or (row.since and row.since > today) or (row.until and row.until <= today):
        raise Invalid("addressee_ref", "nobody who can be asked")
    if row.state in ("suspended", "lapsed"):
        raise Invalid("addressee_ref", f"{row.state}: not to be asked until it is verified")
    return Addressee(row.id, row.kind, row.country, _calendar(calendars, row, to_country))


async def calendar_of(tx: AsyncConnection, calendars: Calendars, enquiry: Enquiry) -> Calendar:
    """The working time of who is asked now, whether they still serve or not."""
    return _calendar(calendars, await _found(tx, enquiry.addressee, enquiry.to_country), enquiry.to_country)


async def _found(tx: AsyncConnection, id_: UUID | None, to_country: str) -> Any:
    asked = {"id": id_, "to_country": to_country, "channel": diplomatic_channel(to_country)}
    return (await tx.execute(_ADDRESSEE, asked)).one_or_none()


def _calendar(calendars: Calendars, row: Any, to_country: str) -> Calendar:
    if row is None:
        return calendars.of(to_country, "UTC")
    return calendars.of(row.works_in or to_country, row.zone or "UTC", duty=row.duty, subdivision=row.subdivision)


async def unacknowledged(tx: AsyncConnection, now: datetime, limit: int) -> list[UUID]:
    """Enquiries that nobody acknowledged in time, and of which that is not said yet."""
    late = enquiries.c.state.in_(WAITING) & (enquiries.c.acknowledge_by <= now) & enquiries.c.proposed_at.is_(None)
    wanted = select(enquiries.c.id).where(late).order_by(enquiries.c.acknowledge_by, enquiries.c.id).limit(limit)
    return list((await tx.execute(wanted)).scalars())
