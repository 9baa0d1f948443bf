"""Campaigns and how far they are; and what a link shows to whoever opens it, without any detail of the person."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import ContactPoint, LinkState, VerificationLink
from services.contacts.views.directory import At, Language, total_of
from shared.errors import NotFound
from shared.web import Page, cursor_of, text_of

_STAMP = "YYYYMMDDHH24MISSUS"
Progress = Literal["waiting", "verified", "changed", "ended", "lapsed"]


class CampaignRow(BaseModel):
    """A campaign, and how many of those it asked stand where; `to_call`: by a call, or because something changed."""

    id: UUID
    country: str | None
    method: str
    due: date
    unverified_days: int | None
    opened_at: AwareDatetime
    asked: int
    verified: int
    ended: int
    lapsed: int
    waiting: int
    to_call: int


class MemberRow(BaseModel):
    """A contact point that was asked."""

    contact_point_id: UUID
    country: str | None
    authority: At | None
    state: Progress
    to_call: bool
    changed_fields: list[str]
    """What it said had changed."""


class LinkPage(BaseModel):
    """What the link is about; the rest is empty unless it is open."""

    state: LinkState
    expires_at: AwareDatetime
    country: str | None = None
    authority: At | None = None
    duty: str | None = None
    specialisations: list[str] = []
    languages: list[Language] = []


_MEMBERS = """
SELECT m.campaign_id, m.contact_point_id, c.country, coalesce(l.changed_fields, '{}') AS changed_fields, p.state,
  p.state NOT IN ('verified', 'ended') AND (g.method = 'call' OR p.state IN ('changed', 'lapsed')) AS to_call,
  CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'country', a.country) END AS authority
FROM campaign_members m JOIN campaigns g ON g.id = m.campaign_id JOIN contact_points c ON c.id = m.contact_point_id
LEFT JOIN authorities a ON a.id = c.authority
LEFT JOIN LATERAL (SELECT changed_fields FROM verification_links
    WHERE contact_point_id = m.contact_point_id AND request_version = m.version AND answer = 'changed' LIMIT 1) l ON true
CROSS JOIN LATERAL (SELECT CASE
    WHEN c.state = 'ended' THEN 'ended'
    WHEN EXISTS (SELECT FROM contact_point_steps s WHERE s.contact_point_id = c.id AND s.version > m.version AND s.retracted_at IS NULL
        AND s.type = 'contacts.contact_point.verified.v1') THEN 'verified'
    WHEN l.changed_fields IS NOT NULL THEN 'changed'
    WHEN EXISTS (SELECT FROM contact_point_steps s WHERE s.contact_point_id = c.id AND s.version > m.version AND s.retracted_at IS NULL
        AND s.type = 'contacts.contact_point.verification_lapsed.v1') THEN 'lapsed'
    ELSE 'waiting' END AS state) p
"""
_CAMPAIGNS = f"""
SELECT g.*, coalesce(p.asked, 0) AS asked, coalesce(p.verified, 0) AS verified, coalesce(p.ended, 0) AS ended,
  coalesce(p.lapsed, 0) AS lapsed, coalesce(p.waiting, 0) AS waiting, coalesce(p.to_call, 0) AS to_call
FROM campaigns g LEFT JOIN LATERAL (
  SELECT count(*) AS asked, count(*) FILTER (WHERE state = 'verified') AS verified, count(*) FILTER (WHERE state = 'ended') AS ended,
    count(*) FILTER (WHERE state = 'lapsed') AS lapsed, count(*) FILTER (WHERE state IN ('waiting', 'changed')) AS waiting,
    count(*) FILTER (WHERE to_call) AS to_call
  FROM ({_MEMBERS} WHERE m.campaign_id = g.id) x) p ON true
WHERE CAST(:country AS text) IS NULL OR g.country = :country
"""  # noqa: S608 - words of ours


async def campaigns(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, country: str | None) -> Page[CampaignRow]:
    """Campaigns, the newest first."""
    bound = {"country": country}
    page = f"""SELECT * FROM ({_CAMPAIGNS}) f WHERE CAST(:after AS text) IS NULL OR to_char(opened_at, '{_STAMP}') || id < :after
        ORDER BY to_char(opened_at, '{_STAMP}') || id DESC LIMIT :limit"""  # noqa: S608 - words of ours
    rows = list(await tx.execute(text(page), bound | {"after": text_of(after), "limit": limit + 1}))
    items = [CampaignRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    place = cursor_of(f"{items[-1].opened_at:%Y%m%d%H%M%S%f}{items[-1].id}") if len(rows) > limit else None
    return Page(items=items, next=place, total=await total_of(tx, _CAMPAIGNS, bound))


async def campaign(tx: AsyncConnection, id_: UUID) -> CampaignRow:
    """One campaign; raises `NotFound`."""
    row = (await tx.execute(text(f"SELECT * FROM ({_CAMPAIGNS}) f WHERE id = :id"), {"id": id_, "country": None})).one_or_none()  # noqa: S608
    if row is None:
        raise NotFound(f"No campaign {id_}")
    return CampaignRow.model_validate(dict(row._mapping))


async def members(tx: AsyncConnection, id_: UUID, *, limit: int, after: tuple[Any, ...] | None, to_call: bool | None) -> Page[MemberRow]:
    """Whom a campaign asked."""
    found = f"SELECT * FROM ({_MEMBERS} WHERE m.campaign_id = :id) f WHERE CAST(:to_call AS boolean) IS NULL OR to_call = :to_call"  # noqa: S608
    bound = {"id": id_, "to_call": to_call}
    page = f"""SELECT * FROM ({found}) p WHERE CAST(:after AS text) IS NULL OR CAST(contact_point_id AS text) > :after
        ORDER BY CAST(contact_point_id AS text) LIMIT :limit"""  # noqa: S608 - words of ours
    rows = list(await tx.execute(text(page), bound | {"after": text_of(after), "limit": limit + 1}))
    items = [MemberRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    following = cursor_of(str(items[-1].contact_point_id)) if len(rows) > limit else None
    return Page(items=items, next=following, total=await total_of(tx, found, bound))


async def link(tx: AsyncConnection, kept: VerificationLink, point: ContactPoint, now: datetime) -> LinkPage:
    """What whoever opens it shall confirm: the post, never the person."""
    state = kept.state(point, now)
    if state != "open":
        return LinkPage(state=state, expires_at=kept.expires_at)
    at = (await tx.execute(text("SELECT id, name, kind, country FROM authorities WHERE id = :id"), {"id": point.authority})).one_or_none()
    return LinkPage(
        state=state,
        expires_at=kept.expires_at,
        country=point.country,
        authority=At.model_validate(dict(at._mapping)) if at else None,
        duty=point.duty,
        specialisations=list(point.specialisations),
        languages=[Language(code=skill.code, level=skill.level) for skill in point.languages],
    )
