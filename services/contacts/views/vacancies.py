"""Vacancies: of the seats that a country is to fill (iA7), those that nobody holds now."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import SERVING
from services.contacts.views.clocks import days_in
from shared.codes import LISTS
from shared.errors import Invalid
from shared.web import Page, cursor_of, texts_of

Seat = Literal["ministry_justice", "prosecutor_general", "judiciary"]


class VacancyRow(BaseModel):
    """A seat that no designated contact point of the country holds."""

    country: str
    seat: Seat
    since: date | None
    """From which day on whoever held it last serves no longer; None where nobody's service ended there."""
    last: UUID | None
    """The contact point that held it last."""


KINDS: dict[Seat, tuple[str, ...]] = {
    "ministry_justice": ("ministry_justice",),
    "prosecutor_general": ("prosecutor_general",),
    "judiciary": ("court", "council_judiciary"),
}
"""Seat -> the kinds of institution that hold it: courts and councils of the judiciary are one (iA7)."""
_SEATS = ", ".join(f"('{seat}', '{kind}')" for seat, kinds in KINDS.items() for kind in kinds)
_THERE = """FROM authorities a JOIN contact_points c ON c.authority = a.id
    WHERE a.country = s.country AND a.kind = s.kind AND c.country = s.country"""
# Countries are asked one by one whether they are there, and each kind for one who serves: both stop at the first that is met.
_VACANT = text(f"""WITH place AS (
    SELECT country, today FROM unnest(CAST(:countries AS text[]), CAST(:days AS date[])) AS each(country, today)
    WHERE EXISTS (SELECT FROM authorities a WHERE a.country = each.country)
        OR EXISTS (SELECT FROM contact_points c WHERE c.country = each.country)
), s AS MATERIALIZED (SELECT place.country, today, seat, kind FROM place CROSS JOIN (VALUES {_SEATS}) AS each(seat, kind)
), held AS MATERIALIZED (SELECT s.country, s.seat FROM s CROSS JOIN LATERAL (
    SELECT {_THERE} AND c.valid_from <= s.today AND (c.state = ANY(:serving) OR c.state = 'ended' AND c.valid_to > s.today) LIMIT 1) AS one
), vacant AS MATERIALIZED (SELECT * FROM s WHERE (country, seat) NOT IN (SELECT country, seat FROM held))
SELECT DISTINCT ON (s.country, s.seat) s.country, s.seat, l.valid_to AS since, l.id AS last
FROM vacant s LEFT JOIN LATERAL (SELECT c.id, c.valid_to {_THERE} AND c.state = 'ended' ORDER BY c.valid_to DESC, c.id LIMIT 1) l ON true
ORDER BY s.country, s.seat, l.valid_to DESC NULLS LAST, l.id""")  # noqa: S608 - words of ours


async def vacancies(
    tx: AsyncConnection, *, country: str | None, now: datetime, limit: int, after: tuple[Any, ...] | None
) -> Page[VacancyRow]:
    """Of every country in the directory, or of one: the seats that nobody holds on the day it is there."""
    at, seat = texts_of(after, 2)
    if seat is not None and seat not in KINDS:
        raise Invalid("after", "not a cursor of this list")
    days = await days_in(tx, [country] if country else list(LISTS["country"].codes), now)
    bound = {"countries": list(days), "days": list(days.values()), "serving": sorted(SERVING)}
    # At most three for each country there is: they are cut here.
    rows = list(await tx.execute(_VACANT, bound))
    later = [row for row in rows if at is None or seat is None or (row.country, row.seat) > (at, seat)]
    items = [VacancyRow.model_validate(dict(row._mapping)) for row in later[:limit]]
    following = cursor_of(items[-1].country, items[-1].seat) if len(later) > limit else None
    return Page(items=items, next=following, total=len(rows))
