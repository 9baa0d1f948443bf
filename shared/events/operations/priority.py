"""Intelligence priorities: what authorities agreed to look at first, and from when until when (D4)."""

from datetime import date

from shared.events.base import Event

PRIORITIES = "operations.priority.v1"


class PrioritySet(Event):
    """It is a priority, or one of other dates, crime types or countries than before: the whole of it."""

    type = "operations.priority.set.v1"
    topic = PRIORITIES

    title: dict[str, str]
    """Language -> short title; it names no person."""
    crime_types: list[str]
    countries: list[str]
    """Whom it concerns; the envelope's country set it, none where it stands above countries."""
    valid_from: date
    valid_to: date | None = None
    """The last day; none while it has no end."""


class PriorityWithdrawn(Event):
    """It should never have been said that it was one."""

    type = "operations.priority.withdrawn.v1"
    topic = PRIORITIES

    reason: str
