"""Meetings: proposed, scheduled, held or recorded afterwards; attended, corrected, taken back."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.meetings import domain, store
from services.meetings.commands import meetings as commands
from services.meetings.views import meetings as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import (
    PROSE,
    Cancellation,
    Chosen,
    Countries,
    Country,
    CrimeType,
    CrimeTypes,
    Id,
    Names,
    Nearby,
    Reference,
    Retraction,
    Short,
    Zone,
)

router = web.router("", "meetings")
whole = Whole(views.meeting, "/meetings")

Profession = one_of("professional_category")
Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words in the title")]


class NewDelegation(BaseModel):
    """Seats for a country; a country that has seats gets these instead."""

    country: Country  # a type made of a code list
    categories: Annotated[list[Profession], Field(max_length=10)] = []  # type: ignore[valid-type]
    seats: Annotated[int, Field(ge=1, le=500)] = 1
    contact_point_ref: Id | None = None

    def delegation(self) -> domain.Delegation:
        """As the domain takes it."""
        return domain.Delegation(self.country, tuple(self.categories), self.seats, self.contact_point_ref)


class Described(BaseModel):
    """What a meeting is; `country` convenes it, absent for what stands above countries."""

    reference: Reference | None = None
    country: one_of("country") | None = None  # type: ignore[valid-type]
    kind: one_of("meeting_kind")  # type: ignore[valid-type]
    title: Names
    crime_types: CrimeTypes = []
    format: one_of("meeting_format") = "hybrid"  # type: ignore[valid-type]
    duration_minutes: Annotated[int, Field(ge=5, le=44_640)] = 90
    case_ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,59}$")] | None = None
    series: Reference | None = None
    session_no: Annotated[int, Field(ge=1, le=10_000)] | None = None
    networks: Annotated[list[Id], Field(max_length=20)] = []
    """Networks whose meeting it is; several where they meet jointly."""


class NewMeeting(Described):
    """A meeting to propose."""

    delegations: Annotated[list[NewDelegation], Field(max_length=60)] = []


class Slot(BaseModel):
    """When and where; the zone is the clock people will go by."""

    start: Nearby
    end: Nearby
    zone: Zone
    place: Short | None = None

    def slot(self) -> domain.Slot:
        """As the domain takes it."""
        return domain.Slot(self.start, self.end, self.zone, self.place)


class TookPlace(BaseModel):
    """How it took place; countries and format are as planned where they are left out."""

    started: Nearby
    ended: Nearby
    countries: Annotated[list[one_of("country")], Field(max_length=60)] | None = None  # type: ignore[valid-type]
    format: one_of("meeting_format") | None = None  # type: ignore[valid-type]

    def held(self, planned: domain.Meeting) -> domain.Held:
        """As the domain takes it."""
        countries = planned.countries if self.countries is None else tuple(sorted(set(self.countries)))
        return domain.Held(self.started, self.ended, countries, self.format or planned.format)


class RecordedMeeting(Described):
    """A meeting that took place before it was known here."""

    started: Nearby
    ended: Nearby
    countries: Countries = []


class Attendance(BaseModel):
    """Who was there: how many of each profession, which countries, which organisations (by reference)."""

    categories: dict[Profession, Annotated[int, Field(ge=0, le=10_000)]]  # type: ignore[valid-type]
    countries: Countries
    organisations: Annotated[list[Reference], Field(max_length=60)] = []


class Reclassification(BaseModel):
    """Which crime types it was about, all of them, and why that changes."""

    crime_types: CrimeTypes
    reason: one_of("correction_reason")  # type: ignore[valid-type]


class Correction(TookPlace):
    """How it really took place; `corrects` names the fact that was wrong."""

    corrects: Id
    kind: one_of("meeting_kind") | None = None  # type: ignore[valid-type]
    reason: one_of("correction_reason")  # type: ignore[valid-type]


async def _meeting(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Meeting:
    meeting = await store.meeting(tx, id)
    asker.require_country(meeting.country)
    return meeting


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Meeting, Depends(_meeting)]


@router.get("/meetings")
async def list_meetings(
    tx: Tx,
    paging: Paging,
    kind: one_of("meeting_kind") | None = None,  # type: ignore[valid-type]
    state: one_of("meeting_state") | None = None,  # type: ignore[valid-type]
    country: Country | None = None,
    participant: Country | None = None,
    crime_type: CrimeType | None = None,
    network: Id | None = None,
    joint: Annotated[bool | None, Query(description="Only those that name at least two networks")] = None,
    exercise: Annotated[bool | None, Query(description="Exercises alone, or none of them")] = None,
    since: Nearby | None = None,
    until: Nearby | None = None,
    q: Words = None,
    ids: Chosen = None,
) -> Page[views.MeetingRow]:
    """Meetings, the latest first."""
    asked = {"kind": kind, "state": state, "country": country, "participant": participant, "crime_type": crime_type, "network": network}
    asked |= {"joint": joint, "exercise": exercise}
    return await views.listed(tx, paging, since=since, until=until, q=q, ids=ids, **asked)


@router.post("/meetings", status_code=201, responses=MADE)
async def propose_meeting(tx: Tx, origin: Caused, asker: Asker, given: NewMeeting, response: Response) -> views.MeetingPage:
    """Somebody asks for a meeting (A1)."""
    asker.require_country(given.country)
    delegations = [each.delegation() for each in given.delegations]
    return await whole.made(tx, await commands.propose(tx, origin, _described(given), delegations), response)


@router.post("/held-meetings", status_code=201, responses=MADE)
async def record_held_meeting(tx: Tx, origin: Caused, asker: Asker, given: RecordedMeeting, response: Response) -> views.MeetingPage:
    """A meeting that took place before it was known here."""
    asker.require_country(given.country)
    held = domain.Held(given.started, given.ended, tuple(sorted(set(given.countries))), given.format)
    return await whole.made(tx, await commands.record_held(tx, origin, _described(given), held), response)


@router.get("/meetings/{id}", responses=SHOWN)
async def get_meeting(id: Id, tx: Tx, response: Response) -> views.MeetingPage:
    """One meeting, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/meetings/{id}/delegations", responses=SHOWN)
async def add_delegation(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewDelegation, response: Response
) -> views.MeetingPage:
    """Seats for a country."""
    await whole.hold(tx, expected, meeting)
    await commands.add_delegation(tx, origin, meeting, given.delegation())
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/schedule", responses=SHOWN)
async def schedule_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Slot, response: Response
) -> views.MeetingPage:
    """Give it a time, or another time."""
    await whole.hold(tx, expected, meeting)
    await commands.schedule(tx, origin, meeting, given.slot())
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/cancel", responses=SHOWN)
async def cancel_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Cancellation, response: Response
) -> views.MeetingPage:
    """It will not take place."""
    await whole.hold(tx, expected, meeting)
    await commands.cancel(tx, origin, meeting, given.reason)
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/hold", responses=SHOWN)
async def hold_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: TookPlace, response: Response
) -> views.MeetingPage:
    """It took place (A1, EJ-01)."""
    await whole.hold(tx, expected, meeting)
    await commands.hold(tx, origin, meeting, given.held(meeting))
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/attendance", responses=SHOWN)
async def record_attendance(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Attendance, response: Response
) -> views.MeetingPage:
    """Who was there (A2, A11)."""
    await whole.hold(tx, expected, meeting)
    await commands.record_attendance(tx, origin, meeting, **given.model_dump())
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/reclassify", responses=SHOWN)
async def reclassify_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Reclassification, response: Response
) -> views.MeetingPage:
    """It was about other crime types (X5)."""
    await whole.hold(tx, expected, meeting)
    await commands.reclassify(tx, origin, meeting, sorted(set(given.crime_types)), given.reason)
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/correct", responses=SHOWN)
async def correct_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Correction, response: Response
) -> views.MeetingPage:
    """It took place otherwise than was said; `asof` before now still shows what was said."""
    await whole.hold(tx, expected, meeting)
    said = {"corrects": given.corrects, "held": given.held(meeting), "kind": given.kind or meeting.kind, "reason": given.reason}
    await commands.correct(tx, origin, meeting, **said)
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/retract", responses=SHOWN)
async def retract_meeting(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.MeetingPage:
    """It did not take place after all: it counts no longer, and `asof` before now still shows it."""
    await whole.hold(tx, expected, meeting)
    await commands.retract(tx, origin, meeting, given.corrects, given.reason)
    return await whole.shown(tx, meeting.id, response)


def _described(given: Described) -> dict[str, object]:
    described = given.model_dump(include=set(Described.model_fields))
    return described | {"crime_types": tuple(sorted(set(given.crime_types))), "networks": tuple(dict.fromkeys(given.networks))}
