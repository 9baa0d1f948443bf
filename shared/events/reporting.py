"""Published by reporting: for what, where and when its figures may be trusted (`events.md` §6.4)."""

from datetime import date
from typing import Literal

from shared.events.base import Event

COVERAGE = "reporting.coverage.v1"


class CoverageDeclared(Event):
    """Somebody answers for it that these facts are complete, or are not, from a day up to another."""

    type = "reporting.coverage.declared.v1"
    topic = COVERAGE
    classification = "public"
    feeds = ("iP8", "iA7", "iA8")

    indicator: str | None = None
    """Code of the indicator covered; else `event_family` is given."""
    event_family: str | None = None
    country: str | None = None
    """Absent: all countries together; each of them too only where the basis is `recorded`."""
    crime_type: str | None = None
    start: date
    """First day covered."""
    end: date | None = None
    """First day no longer covered; absent while it goes on."""
    complete: bool
    basis: Literal["recorded", "published", "assumed"]
    origin: str
    """Who says so, or where it is written."""
    statement: str | None = None
    """What is published beside the figure in words, such as a record since a year before any that is covered: quoted, never computed."""


PUBLISHED = {COVERAGE: (CoverageDeclared,)}
