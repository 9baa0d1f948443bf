"""What the directory holds of each country, counted where it stands."""

from collections import Counter
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import day_at, days_at


class CountryRow(BaseModel):
    """A country of which something is known."""

    country: str
    authorities: int
    contact_points: int | None
    """Those that are nominated or serve; nothing for whoever may not list them."""
    lapsed: int | None
    """Of these, how many lapsed or are overdue for verification."""


class CountryRows(BaseModel):
    """All of them, in the order of their codes."""

    items: list[CountryRow]


_COUNTED = """
WITH offices AS (SELECT country, count(*) AS found FROM authorities WHERE country IS NOT NULL GROUP BY country),
points AS (
  SELECT country, count(*) AS found, count(*) FILTER (WHERE state = 'lapsed' OR (due < :earliest AND state <> 'suspended')) AS lapsed
  FROM contact_points WHERE country IS NOT NULL AND state NOT IN ('ended', 'retracted') GROUP BY country)
SELECT country, coalesce(offices.found, 0) AS authorities, coalesce(points.found, 0) AS contact_points, coalesce(points.lapsed, 0) AS lapsed
FROM offices FULL JOIN points USING (country) ORDER BY country
"""


# Due on one of the days that it is somewhere: whether that is over, each office's clock says.
_DUE_NOW = """SELECT c.country, c.due, a.zone, count(*) AS found FROM contact_points c JOIN authorities a ON a.id = c.authority
WHERE c.state = 'verification_due' AND c.due >= :earliest AND c.due < :latest AND c.country IS NOT NULL GROUP BY c.country, c.due, a.zone"""


async def countries(tx: AsyncConnection, now: datetime) -> CountryRows:
    """Counted at that moment, by which what is due is overdue or not where it is due."""
    earliest, latest = days_at(now)
    found = list(await tx.execute(text(_COUNTED), {"earliest": earliest}))
    over: Counter[str] = Counter()
    for row in await tx.execute(text(_DUE_NOW), {"earliest": earliest, "latest": latest}):
        over[row.country] += row.found if row.due < day_at(now, row.zone) else 0
    counted = [dict(row._mapping) for row in found]
    return CountryRows(items=[CountryRow(**row | {"lapsed": row["lapsed"] + over[row["country"]]}) for row in counted])
