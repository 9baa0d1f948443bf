"""Which day it is in a country: by the clock of its first office, by UTC where none is known."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import day_at

_CLOCKS = text("""SELECT each.country, a.zone FROM unnest(CAST(:countries AS text[])) AS each(country)
CROSS JOIN LATERAL (SELECT zone FROM authorities WHERE country = each.country ORDER BY reference LIMIT 1) a""")


async def days_in(tx: AsyncConnection, countries: Collection[str], now: datetime) -> dict[str, date]:
    """Country -> the day it is there at that moment."""
    known = {row.country: row.zone for row in await tx.execute(_CLOCKS, {"countries": list(countries)})}
    return {country: day_at(now, known.get(country, "UTC")) for country in countries}
