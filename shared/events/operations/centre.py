"""Coordination centres."""

from datetime import datetime
from uuid import UUID

from shared.events.base import Event

CENTRES = "operations.centre.v1"
COUNTED = ("iEJ5", "iEJ8")


class _Centre(Event):
    """The whole coordination centre, so that each fact can be read alone."""

    topic = CENTRES

    title: dict[str, str]
    """Language -> short title; it names no person."""
    form: str
    """physical, virtual or both."""
    room: str | None = None
    crime_types: list[str]
    countries: list[str]
    """Who works in it."""


class CentrePlanned(_Centre):
    """A coordination centre is to be opened."""

    type = "operations.centre.planned.v1"

    opens: datetime


class CentreCancelled(_Centre):
    """It will not be opened."""

    type = "operations.centre.cancelled.v1"

    opens: datetime
    reason: str


class _Opened(_Centre):
    """The whole centre as it worked: what is counted."""

    feeds = COUNTED

    opened: datetime
    closed: datetime | None = None


class CentreOpened(_Opened):
    """It works."""

    type = "operations.centre.opened.v1"


class CentreClosed(_Opened):
    """Its work is done."""

    type = "operations.centre.closed.v1"


class CentreCorrected(_Opened):
    """It worked otherwise than was said; `corrects` names the fact that was wrong."""

    type = "operations.centre.corrected.v1"

    corrects: UUID
    reason: str


class CentreRetracted(Event):
    """It should never have been said that it was opened: it counts no longer, from now on."""

    type = "operations.centre.retracted.v1"
    topic = CENTRES
    feeds = COUNTED

    corrects: UUID
    reason: str
