"""What the directory holds of each country, counted where it stands."""

from datetime import date

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


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
  SELECT country, count(*) AS found, count(*) FILTER (WHERE state = 'lapsed' OR (due < :today AND state <> 'suspended')) AS lapsed
  FROM contact_points WHERE country IS NOT NULL AND state NOT IN ('ended', 'retracted') GROUP BY country)
SELECT country, coalesce(offices.found, 0) AS authorities, coalesce(points.found, 0) AS contact_points, coalesce(points.lapsed, 0) AS lapsed
FROM offices FULL JOIN points USING (country) ORDER BY country
"""


async def countries(tx: AsyncConnection, today: date) -> CountryRows:
    """Counted on that day, by which what is due is overdue or not."""
    found = await tx.execute(text(_COUNTED), {"today": today})
    return CountryRows(items=[CountryRow.model_validate(dict(row._mapping)) for row in found])
