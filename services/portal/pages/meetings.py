"""Meetings: what is planned, what took place, and the figures it counts in."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json, clock_of, in_units
from services.portal.pages.agreement_forms import AGREED
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.meeting_forms import MEETING
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording

OF_A_ROW = frozenset({"confirm-support", "amend", "assign"})
"""Forms that are about one row of the page, and stand beside it."""
COUNTS_IN = {"coordination_case": ("iEJ1", "iEJ2"), "national_coordination": ("iA1", "iA2", "iA9")}
"""Kind -> indicators that count a meeting of it, once it took place."""


def _line(wording: Wording, meeting: Json) -> Iterator[list[object]]:
    words = [wording.term("meeting_kind", meeting["kind"]), wording.term("meeting_state", meeting["state"])]
    types = "; ".join(wording.term("crime_type", code) for code in meeting["crime_types"])
    codes = "; ".join(meeting["countries"])
    who = [meeting["country"], codes, types]
    yield [meeting["reference"], wording.text(meeting["title"]), *words, meeting["at"], *who, meeting["exercise"], meeting["id"]]


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
        *(N_("Countries"), N_("Crime types"), N_("Exercise"), N_("Identifier")),
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


@router.get("/{lang}/meetings/{meeting_id}/support.csv")
async def support_file(visit: Signed, meeting_id: str) -> Response:
    """What was asked for, what of it there will be, and what it costs."""
    said = await visit.thing("meetings", f"/meetings/{meeting_id}")
    say, wording = visit.wording.say, visit.wording
    head = [say("Kind"), say("Language pairs"), say("Booths"), say("Note"), say("Confirmed"), say("Confirmed pairs")]
    head += [say("Cost"), say("Currency"), say("Identifier"), say("Read at")]
    rows = [
        [
            wording.term("support_kind", each["kind"]),
            "; ".join(map(wording.pair, each["pairs"])),
            each["booths"],
            each["note"],
            each["confirmed"] is not None,
            "; ".join(map(wording.pair, each["confirmed"] or [])),
            each["cost"] and in_units(each["cost"]),
            each["cost"] and each["cost"]["currency"],
            each["id"],
            visit.now,
        ]
        for each in said.body["support"]
    ]
    return await visit.file(f"support-{said.body['reference'] or meeting_id}", [head, *rows])


@router.get("/{lang}/meetings/{meeting_id}/decisions.csv")
async def decision_file(visit: Signed, meeting_id: str) -> Response:
    """What was agreed, in each language on a line of its own, and what took its place."""
    said = await visit.thing("meetings", f"/meetings/{meeting_id}")
    say, wording = visit.wording.say, visit.wording
    head = [say("Identifier"), say("Kind"), say("Language"), say("What was agreed"), say("Superseded by"), say("Read at")]
    rows = [
        [each["id"], wording.term("decision_kind", each["kind"]), language, text, each["superseded_by"], visit.now]
        for each in said.body["decisions"]
        for language, text in each["text"].items()
    ]
    return await visit.file(f"decisions-{said.body['reference'] or meeting_id}", [head, *rows])


@router.get("/{lang}/meetings/{meeting_id}")
async def meeting(visit: Signed, meeting_id: str) -> Response:
    """One meeting: when and with whom, what has become of it, and where it counts."""
    said, tasks, stream = await asyncio.gather(
        visit.thing("meetings", f"/meetings/{meeting_id}"),
        visit.desk.everything("meetings", "/action-items", meeting=meeting_id),
        visit.stream(),
    )
    return visit.page(
        "meeting.html",
        meeting=said.body,
        tasks=tasks,
        steps=[step for step in MEETING.next_of(visit, said.body) if step[0] not in OF_A_ROW],
        others=MEETING.others(visit, said.body),
        may={name: MEETING.offers(visit, said.body, name) for name in AGREED},
        who_may=visit.who_may("meetings.schedule_meeting"),
        done=MEETING.done(visit),
        figures=_figures(said.body),
        stream=stream,
        notes=visit.wording.notes((*MEETINGS.places(said.body), *(task["country"] for task in tasks.items))),
    )


def _figures(meeting: Json) -> list[tuple[str, dict[str, str]]]:
    """The figures that count it, each with the question that finds it there.

    A meeting belongs to the year (UTC) in which it began, a decision to that in which it was adopted.
    """
    if meeting["exercise"] or not meeting["held"]:
        return []
    year = str(clock_of(meeting["held"]["started"], "UTC"))[:4]
    plain = [(code, {"period": year}) for code in COUNTS_IN.get(meeting["kind"], ())]
    typed = meeting["crime_types"] if meeting["kind"] == "coordination_case" else []
    plain += [("iK8", {"period": year})] if any(each["pairs"] for each in meeting["support"]) else []
    plain += [(code, {"period": each}) for each in _decided(meeting) for code in ("iK5", "iK5o", "iK5d")]
    return plain + [("iEJ3", {"period": year, "crime_type": code}) for code in typed]


def _decided(meeting: Json) -> list[str]:
    """The years in which it adopted decisions, if it has any."""
    steps = meeting["history"] if meeting["decisions"] else []
    return sorted({str(clock_of(step["time"], "UTC"))[:4] for step in steps if step["type"] == "meetings.decision.adopted.v1"})
