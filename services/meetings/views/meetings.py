"""Meetings as they are shown."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.domain import NEXT
from services.meetings.tables import meetings
from shared.errors import NotFound
from shared.latest import latest
from shared.steps import Step, history
from shared.web import Page
from shared.web.paging import Asked


class DelegationRow(BaseModel):
    """Seats of one country."""

    country: str
    categories: list[str]
    seats: int
    contact_point: UUID | None


class SlotRow(BaseModel):
    """When and where, on whose clock."""

    start: AwareDatetime
    end: AwareDatetime
    zone: str
    place: str | None


class HeldRow(BaseModel):
    """How it took place."""

    started: AwareDatetime
    ended: AwareDatetime
    countries: list[str]
    format: str


class AttendanceRow(BaseModel):
    """Who was there, in numbers."""

    categories: dict[str, int]
    countries: list[str]
    organisations: list[str]


class MeetingRow(BaseModel):
    """A meeting as a list shows it; `at` is when it took place, else when it is planned."""

    id: UUID
    reference: str | None
    country: str | None
    kind: str
    title: dict[str, str]
    crime_types: list[str]
    countries: list[str]
    state: str
    at: AwareDatetime | None
    networks: list[UUID] = []
    """Networks that meet in it."""
    exercise: bool = False
    version: int


class PairRow(BaseModel):
    """From which language into which, perhaps by way of a third."""

    source: str
    target: str
    relay: str | None


class MoneyRow(BaseModel):
    """An amount in the smallest unit of its currency."""

    amount_minor: int
    currency: str
    exponent: int


class SupportRow(BaseModel):
    """Something that was asked for, and what of it there will be; `confirmed` null while nobody has said."""

    id: UUID
    kind: str
    pairs: list[PairRow]
    booths: int
    note: str | None
    confirmed: list[PairRow] | None
    cost: MoneyRow | None


class DecisionRow(BaseModel):
    """What the meeting agreed."""

    id: UUID
    kind: str
    text: dict[str, str]
    superseded_by: UUID | None


class MeetingPage(MeetingRow):
    """A meeting in full, with every step that led here."""

    format: str
    duration_minutes: int
    case_ref: str | None
    series: str | None
    session_no: int | None
    delegations: list[DelegationRow]
    slot: SlotRow | None
    sequence: int
    held: HeldRow | None
    held_event: UUID | None
    attendance: AttendanceRow | None
    support: list[SupportRow] = []
    decisions: list[DecisionRow] = []
    possible: list[str]
    """What may be done with it now."""
    history: list[Step]


_COLUMNS = ("id", "reference", "country", "kind", "crime_types", "countries", "state", "at", "version")


def _row(row: Any) -> dict[str, Any]:
    kept = row.meeting
    beside = {"title": kept["title"], "networks": kept.get("networks", []), "exercise": kept.get("exercise", False)}
    return {name: getattr(row, name) for name in _COLUMNS} | beside


async def meeting(tx: AsyncConnection, id_: UUID) -> MeetingPage:
    """One meeting; raises `NotFound`."""
    row = (await tx.execute(select(meetings).where(meetings.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No meeting {id_}")
    whole = row.meeting | _row(row) | {"attendance": row.meeting["attendance"] or None, "possible": NEXT[row.state]}
    return MeetingPage.model_validate(whole | {"history": await history(tx, id_)})


async def listed(tx: AsyncConnection, paging: Asked, **asked: Any) -> Page[MeetingRow]:
    """Meetings that match, the latest first; those without a time before all others."""
    rows, following, total = await latest(tx, meetings, _conditions(asked), paging)
    return Page(items=[MeetingRow.model_validate(_row(row)) for row in rows], next=following, total=total)


def _conditions(asked: dict[str, Any]) -> list[Any]:
    found = [meetings.c[name] == asked[name] for name in ("kind", "state", "country") if asked.get(name)]
    if asked.get("crime_type"):
        found.append(meetings.c.crime_types.contains([asked["crime_type"]]))
    if asked.get("participant"):
        found.append(meetings.c.countries.contains([asked["participant"]]))
    if asked.get("network"):
        found.append(meetings.c.meeting["networks"].contains([str(asked["network"])]))
    if asked.get("joint"):
        found.append(func.jsonb_array_length(meetings.c.meeting["networks"]) >= 2)
    if asked.get("exercise") is not None:
        # Those of before meetings knew of exercises say nothing, and are none.
        found.append(func.coalesce(meetings.c.meeting["exercise"].as_boolean(), False).is_(asked["exercise"]))
    if asked.get("since"):
        found.append(meetings.c.at >= asked["since"])
    if asked.get("until"):
        found.append(meetings.c.at < asked["until"])
    if asked.get("ids"):
        found.append(meetings.c.id.in_(asked["ids"]))
    if asked.get("q"):
        found.append(meetings.c.meeting["title"].astext.icontains(asked["q"], autoescape=True))
    return found
