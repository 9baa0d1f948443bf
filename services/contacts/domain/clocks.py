"""Which day it is: a person's and an office's days are those of their own clock (design decision 9)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AHEAD_OF_UTC, BEHIND_UTC = timedelta(hours=14), timedelta(hours=12)
"""No clock on earth is further ahead, or further behind."""


def end_of(day: date, zone: str) -> datetime:
    """The moment a day is over on an authority's own clock, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def day_at(moment: datetime, zone: str) -> date:
    """The day it is there at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def days_at(moment: datetime) -> tuple[date, date]:
    """The first and the last of the days that it is anywhere at that moment."""
    utc = moment.astimezone(UTC)
    return (utc - BEHIND_UTC).date(), (utc + AHEAD_OF_UTC).date()
