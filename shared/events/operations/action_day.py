"""Action days: several countries act at one moment."""

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from shared.events.base import Event

ACTION_DAYS = "operations.action_day.v1"


class Place(TypedDict):
    """A country that acts on the day, and the clock it goes by."""

    country: str
    zone: str


class _ActionDay(Event):
    """The whole action day after this step."""

    topic = ACTION_DAYS

    operation_ref: UUID
    centre_ref: UUID | None = None
    title: dict[str, str]
    """Language -> short title; it names no person."""
    t_zero: datetime
    """When all act at once."""
    countries: list[Place]
    ready: list[str]
    """Which of them have confirmed."""


class ActionDayPlanned(_ActionDay):
    """Several countries are to act at the same moment."""

    type = "operations.action_day.planned.v1"


class ActionDayReadyConfirmed(_ActionDay):
    """A country is ready."""

    type = "operations.action_day.ready_confirmed.v1"

    country: str


class ActionDayGo(_ActionDay):
    """All act."""

    type = "operations.action_day.go.v1"

    began: datetime


class ActionDayEnded(_ActionDay):
    """The measures are taken."""

    type = "operations.action_day.ended.v1"

    began: datetime
    ended: datetime


class ActionDayAborted(_ActionDay):
    """It was called off."""

    type = "operations.action_day.aborted.v1"

    reason: str
