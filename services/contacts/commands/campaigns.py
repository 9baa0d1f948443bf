"""Verification campaigns: many are asked at once, and answer by a link that needs no password."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.commands import directory
from services.contacts.domain import ContactPoint, LinkReply, VerificationLink, end_of
from shared.errors import Conflict, Invalid
from shared.events import Origin

AT_MOST = 500
"""So many are asked in one campaign: its transaction stays short, and so does the list of whom to call."""
TOKEN_BYTES = 32


async def open_campaign(
    tx: AsyncConnection,
    origin: Origin,
    *,
    country: str | None,
    countries: frozenset[str] | None,
    method: str,
    due: date,
    unverified_days: int | None,
) -> UUID:
    """Ask every contact point of `countries` (None: all) that was not verified for so many days; raises `Invalid` for none or too many."""
    before = origin.now - timedelta(days=unverified_days) if unverified_days is not None else None
    found = await store.unverified(tx, countries, before, AT_MOST + 1)
    if len(found) > AT_MOST:
        raise Invalid("country", f"more than {AT_MOST} contact points would be asked; choose fewer")
    if not found:
        raise Invalid("unverified_days", "no contact point is to be asked")
    members = []
    for id_ in found:
        contact_point = await store.contact_point(tx, id_)
        today = await store.day_of(tx, contact_point, origin.now)
        after, fact = contact_point.request_verification(due=due, method=method, today=today, now=origin.now)
        event_id = await directory.advance(tx, origin, after, fact, after.recorded_at)
        members.append({"contact_point_id": id_, "event_id": event_id, "version": after.version})
    said = {"country": country, "method": method, "due": due, "unverified_days": unverified_days, "opened_at": origin.now}
    id_ = uuid4()
    await store.add_campaign(tx, said | {"id": id_}, members)
    return id_


async def issue_link(tx: AsyncConnection, contact_point: ContactPoint, now: datetime) -> tuple[str, datetime]:
    """A new link for a request that waits: its token, kept nowhere here, and when it expires. Raises `Conflict` where none waits."""
    if contact_point.state != "verification_due" or contact_point.due is None:
        raise Conflict(f"It is {contact_point.state}: no verification is asked for", state=contact_point.state)
    expires = end_of(contact_point.due, await store.zone_of(tx, contact_point.authority))
    if expires <= now:
        raise Conflict("The day asked for is over", state=contact_point.state)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await store.add_link(tx, VerificationLink(digest(token), contact_point.id, contact_point.version, expires))
    return token, expires


async def answer_link(tx: AsyncConnection, origin: Origin, token: str, answer: LinkReply, changed: Sequence[str]) -> None:
    """The one answer by a link. `changed` is kept for whoever calls: nothing counts as verified before it is put right."""
    link = await store.link_of(tx, digest(token))
    point = await store.contact_point(tx, link.contact_point_id)
    after = link.answered(answer, tuple(changed), point, origin.now)
    if answer == "changed" and not changed:
        raise Invalid("changed_fields", "name what changed")
    await store.settle_links(tx, after)
    match answer:
        case "right":
            await directory.verify(tx, origin, point, method="self", changed_fields=(), on=None)
        case "gone":
            today = await store.day_of(tx, point, origin.now)
            await directory.end(tx, origin, point, valid_to=today, reason="other", successor=None)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
