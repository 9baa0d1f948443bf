"""Operations and task forces, with the results that countries certify."""

from datetime import date, datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from shared.events.base import Event
from shared.events.money import Money

OPERATIONS = "operations.operation.v1"
COUNTED = ("iD1", "iD2", "iD3", "iD4")


# TypedDicts, not models: the fast decoder mirrors them and knows no nested pydantic class.
class Agency(TypedDict):
    """An agency that takes part, by its kind and country."""

    institution_kind: str
    country: str
    role: str


class Result(TypedDict):
    """What a country has certified: how many measures of a kind in all, and what they are worth."""

    country: str
    measure_kind: str
    total: int
    amount: NotRequired[Money]
    action_day_ref: NotRequired[UUID]


class _Operation(Event):
    """The whole operation after this step, so that each fact can be read alone and the newest says everything."""

    topic = OPERATIONS

    title: dict[str, str]
    """Language -> short title; it names no person."""
    kind: str
    crime_types: list[str]
    countries: list[str]
    """Who takes part; the envelope's country leads."""
    mandate_from: date | None = None
    mandate_to: date | None = None
    agencies: list[Agency]
    launched: datetime | None = None
    ended: datetime | None = None
    evaluated: datetime | None = None
    priorities: list[UUID] = []  # noqa: RUF012 - pydantic copies it
    """The intelligence priorities that it serves (D4), by their subjects."""
    results: list[Result]
    """What is certified, whole: a total replaces the one before."""


class OperationProposed(_Operation):
    """Somebody asks for an operation or a task force."""

    type = "operations.operation.proposed.v1"


class OperationApproved(_Operation):
    """It may be launched."""

    type = "operations.operation.approved.v1"


class OperationLaunched(_Operation):
    """It began."""

    type = "operations.operation.launched.v1"
    feeds = COUNTED


class OperationSuspended(_Operation):
    """It rests."""

    type = "operations.operation.suspended.v1"
    feeds = COUNTED


class OperationResumed(_Operation):
    """It goes on."""

    type = "operations.operation.resumed.v1"
    feeds = COUNTED


class OperationAgencyJoined(_Operation):
    """An agency takes part, or takes another part than before."""

    type = "operations.operation.agency_joined.v1"
    feeds = COUNTED

    agency: Agency


class OperationAgencyLeft(_Operation):
    """An agency takes part no longer."""

    type = "operations.operation.agency_left.v1"
    feeds = COUNTED

    agency: Agency


class OperationPrioritised(_Operation):
    """It serves these intelligence priorities, and no others."""

    type = "operations.operation.prioritised.v1"


class _Told(_Operation):
    """What is told of one country's measures of one kind; `total` is absolute, never an increment."""

    feeds = COUNTED

    country: str
    measure_kind: str
    total: int
    amount: Money | None = None
    action_day_ref: UUID | None = None


class OperationResultReported(_Told):
    """A country tells how many measures it took; not counted before it certifies them."""

    type = "operations.operation.result_reported.v1"


class OperationResultCertified(_Operation):
    """A country stands by what it reported."""

    type = "operations.operation.result_certified.v1"
    feeds = COUNTED

    country: str


class OperationResultCorrected(_Told):
    """What a country had certified was otherwise; `corrects` names the fact that was wrong."""

    type = "operations.operation.result_corrected.v1"

    corrects: UUID
    reason: str


class OperationCompleted(_Operation):
    """It is over."""

    type = "operations.operation.completed.v1"
    feeds = COUNTED


class OperationEvaluated(_Operation):
    """It was looked back upon."""

    type = "operations.operation.evaluated.v1"
    feeds = COUNTED


class OperationCorrected(_Operation):
    """It went otherwise than was said; `corrects` names the fact that was wrong."""

    type = "operations.operation.corrected.v1"
    feeds = COUNTED

    corrects: UUID
    reason: str


class OperationRetracted(_Operation):
    """It was not completed, or not launched, as had been said; `corrects` names the fact that was wrong."""

    type = "operations.operation.retracted.v1"
    feeds = COUNTED

    corrects: UUID
    reason: str
