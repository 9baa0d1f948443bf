"""Meetings: what is planned, what took place, and the figures it counts in."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json, clock_of
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.meeting_forms import MEETING
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording

COUNTS_IN = {"coordination_case": ("iEJ1", "iEJ2"), "national_coordination": ("iA1", "iA2", "iA9")}
"""Kind -> indicators that count a meeting of it, once it took place."""


def _line(wording: Wording, meeting: Json) -> Iterator[list[object]]:
    words = [wording.term("meeting_kind", meeting["kind"]), wording.term("meeting_state", meeting["state"])]
    types = "; ".join(wording.term("crime_type", code) for code in meeting["crime_types"])
    codes = "; ".join(meeting["countries"])
    yield [meeting["reference"], wording.text(meeting["title"]), *words, meeting["at"], meeting["country"], codes, types, meeting["id"]]


MEETINGS = Listing(
    name="meetings",
    owner="meetings",
    path="/meetings",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "meeting_kind"),
        Filter("state", "choice", "meeting_state"),
        Filter("crime_type", "choice", "crime_type"),
        Filter("country", "country", label=N_("Convened by")),
        Filter("participant", "country"),
        Filter("since", "since"),
        Filter("until", "until"),
    ),
    head=(
        *(N_("Reference"), N_("Meeting"), N_("Kind"), N_("State"), N_("Begins"), N_("Convened by")),
        *(N_("Countries"), N_("Crime types"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: (row["country"], *row["countries"]),
)
router = MEETINGS.router(MEETING.new)


@router.get("/{lang}/meetings/{meeting_id}/delegations.csv")
async def delegation_file(visit: Signed, meeting_id: str) -> Response:
    """Who has seats."""
    said = await visit.thing("meetings", f"/meetings/{meeting_id}")
    say, wording = visit.wording.say, visit.wording
    head = [say("Code"), say("Country"), say("Professions"), say("Seats"), say("Contact point"), say("Read at")]
    rows = [
        [
            seats["country"],
            wording.country(seats["country"]),
            "; ".join(wording.term("professional_category", code) for code in seats["categories"]),
            seats["seats"],
            seats["contact_point"],
            visit.now,
        ]
        for seats in said.body["delegations"]
    ]
    return await visit.file(f"delegations-{said.body['reference'] or meeting_id}", [head, *rows])


@router.get("/{lang}/meetings/{meeting_id}")
async def meeting(visit: Signed, meeting_id: str) -> Response:
    """One meeting: when and with whom, what has become of it, and where it counts."""
    said, stream = await asyncio.gather(visit.thing("meetings", f"/meetings/{meeting_id}"), visit.stream())
    return visit.page(
        "meeting.html",
        meeting=said.body,
        steps=MEETING.next_of(visit, said.body),
        who_may=visit.who_may("meetings.schedule_meeting"),
        done=MEETING.done(visit),
        figures=_figures(said.body),
        stream=stream,
        notes=visit.wording.notes(MEETINGS.places(said.body)),
    )


def _figures(meeting: Json) -> list[tuple[str, dict[str, str]]]:
    """The figures that count it, each with the question that finds it there; a meeting belongs to the year (UTC) in which it began."""
    if not meeting["held"]:
        return []
    year = str(clock_of(meeting["held"]["started"], "UTC"))[:4]
    plain = [(code, {"period": year}) for code in COUNTS_IN.get(meeting["kind"], ())]
    typed = meeting["crime_types"] if meeting["kind"] == "coordination_case" else []
    return plain + [("iEJ3", {"period": year, "crime_type": code}) for code in typed]
