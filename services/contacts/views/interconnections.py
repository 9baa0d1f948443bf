"""All pairs of networks at once: those that are linked, share a member, or are both at work for the same crime type (A7)."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.store import NETWORKS
from services.contacts.views.registers import found_in
from shared.web import Page, cursor_of, texts_of


class LinkSaid(BaseModel):
    """That they work together, said by one of the two."""

    said_by: UUID
    purpose: str
    basis: str | None


class End(BaseModel):
    """One of the two."""

    id: UUID
    reference: str
    name: dict[str, str]
    state: str


class InterconnectionRow(BaseModel):
    """Two networks, in the order of their references; without a link, what they have in common would be the reason for one."""

    one: End
    other: End
    links: list[LinkSaid]
    shared_members: int
    """How many belong to both."""
    shared_domain: list[str]
    """Crime types that both are for."""


_PAIRS = """WITH there AS (SELECT id, reference, state, whole FROM ({found}) AS f WHERE state NOT IN ('dissolved', 'retracted')
), linked AS (
    SELECT least(n.reference, t.reference) AS a, greatest(n.reference, t.reference) AS b,
        jsonb_agg(jsonb_build_object('said_by', n.id, 'purpose', l->>'purpose', 'basis', l->>'basis') ORDER BY n.reference) AS links
    FROM there n CROSS JOIN jsonb_array_elements(n.whole->'links') AS l JOIN there t ON t.id = CAST(l->>'network' AS uuid) GROUP BY 1, 2
), belongs AS (SELECT n.reference AS network, m.member FROM memberships m JOIN there n ON n.id = m.network
), shared AS (
    SELECT x.network AS a, y.network AS b, count(*) AS members
    FROM belongs x JOIN belongs y ON y.member = x.member AND x.network < y.network GROUP BY 1, 2
), active AS (
    SELECT reference AS network, crime FROM there, jsonb_array_elements_text(whole->'domain') AS crime WHERE state = 'active'
), near AS (SELECT x.network AS a, y.network AS b FROM active x JOIN active y ON y.crime = x.crime AND x.network < y.network
), pairs AS (SELECT a, b FROM linked UNION SELECT a, b FROM shared UNION SELECT a, b FROM near)"""
_PAGE = f"""{_PAIRS}
, page AS (SELECT a, b FROM pairs WHERE CAST(:after AS text) IS NULL OR (a, b) > (:after, :beside) ORDER BY a, b LIMIT :limit)
SELECT * FROM (SELECT count(*) AS total FROM pairs) AS counted LEFT JOIN (
    SELECT one.id, a AS reference, one.state, one.whole->'name' AS name, one.whole->'domain' AS domain, other.id AS other_id,
        b AS other_reference, other.state AS other_state, other.whole->'name' AS other_name, other.whole->'domain' AS other_domain,
        coalesce(links, '[]') AS links, coalesce(members, 0) AS shared_members
    FROM page LEFT JOIN linked USING (a, b) LEFT JOIN shared USING (a, b)
        JOIN there one ON one.reference = a JOIN there other ON other.reference = b
) AS shown ON true ORDER BY reference, other_reference"""  # noqa: S608 - words of ours


async def interconnections(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[InterconnectionRow]:
    """Pairs of networks that are not over and of which both are asked for, in the order of their references."""
    networks, bound = found_in(NETWORKS, asked)
    bound |= dict(zip(("after", "beside"), texts_of(after, 2), strict=True)) | {"limit": limit + 1}
    told = list(await tx.execute(text(_PAGE.format(found=networks)), bound))
    # Where nothing is on the page, the total stands alone.
    rows, total = [row for row in told if row.id], told[0].total
    items = [_shown(row) for row in rows[:limit]]
    following = cursor_of(items[-1].one.reference, items[-1].other.reference) if len(rows) > limit else None
    return Page(items=items, next=following, total=total)


def _shown(row: Any) -> InterconnectionRow:
    one = End(id=row.id, reference=row.reference, state=row.state, name=row.name)
    other = End(id=row.other_id, reference=row.other_reference, state=row.other_state, name=row.other_name)
    common = [crime for crime in row.domain if crime in row.other_domain]
    return InterconnectionRow(one=one, other=other, links=row.links, shared_members=row.shared_members, shared_domain=common)
