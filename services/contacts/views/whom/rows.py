"""The answer card as it is answered."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from services.contacts.views.registers import PostingRow


class SeatRow(BaseModel):
    """The network through which it is reached."""

    network: UUID
    name: str
    role: str


class PlaceRow(BaseModel):
    """Somebody to ask, where it stands and why; `reasons` are codes of the list `placement`."""

    rung: str
    kind: Literal["contact_point", "authority", "liaison", "channel"]
    id: UUID | None
    authority: UUID | None
    name: str | None
    """Of the office, in the language asked for, else in English, else as it is known."""
    name_language: str | None
    institution_kind: str | None
    seat: SeatRow | None
    posting: PostingRow | None
    specialisations: list[str]
    """Types of crime that it knows: they tell two of one office apart."""
    languages: list[str]
    mailbox: str | None
    phone_24x7: str | None
    round_the_clock: bool
    zone: str | None
    local_time: AwareDatetime | None
    now: Literal["working", "closed", "weekend", "holiday"] | None
    holiday: str | None
    opens_at: AwareDatetime | None
    verified_on: date | None
    stale: bool | None
    median_minutes: int | None
    """How long answers take, in minutes of the addressee's working time; None while nothing is known of it."""
    usable: bool
    """Can it be asked first? The reasons say why not."""
    reasons: list[str]


class StandingRow(BaseModel):
    """How we stand with the country that day, by which rule, and what may go there by category of data."""

    partner: UUID | None
    status: Literal["agreement", "mandate", "proposed", "working_arrangement", "none"]
    rule: Literal["not_registered", "basis", "nothing_known", "working_arrangement", "mandate", "no_basis"]
    outcomes: dict[str, Literal["allowed", "case_by_case", "refused"]]


class WhomToAsk(BaseModel):
    """The first choice, the chain behind it, and what the legal status with the country allows."""

    country: str
    measure: str | None
    crime_type: str | None
    urgency: str
    on: date
    holidays_known: bool
    """Are the country's public holidays known? If not, only weekends and hours are."""
    first: PlaceRow | None
    chain: list[PlaceRow]
    standing: StandingRow
