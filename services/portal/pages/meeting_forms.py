"""Forms of meetings: proposed, given a time, held, said right, taken back."""

from typing import Any

from services.portal.domain import Json
from services.portal.pages.agreement_forms import AGREED
from services.portal.pages.contact_point_forms import SERVING, point_option
from services.portal.pages.fields import COUNTRIES, REASON, TITLE, TYPES, Field, clock, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given, Lookup
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit


async def _heading(visit: Visit, meeting: Json) -> Heading:
    """The meeting as it stands; for a new one, the list it will stand in."""
    wording, trail = visit.wording, [(visit.wording.say("Meetings"), "meetings")]
    if not meeting:
        return Heading("", "meetings", trail)
    title, page = wording.text(meeting["title"]), f"meetings/{meeting['id']}"
    facts = [
        (wording.say("Present state"), wording.term("meeting_state", meeting["state"])),
        (wording.say("Begins"), wording.clock(meeting["at"]) or wording.say("no time yet")),
        (wording.say("Version"), wording.number(meeting["version"])),
    ]
    return Heading(title, page, [*trail, (title, page)], facts)


def _zone(visit: Visit, meeting: Json) -> str:
    """On whose clock it is planned; the reader's, where nobody has said."""
    return str((meeting.get("slot") or {}).get("zone") or visit.wording.zone)


def _span(visit: Visit, meeting: Json, begin: str, end: str, *given: Json | None) -> Given:
    """Both ends of the first of these that is there, on the meeting's clock."""
    zone = _zone(visit, meeting)
    known: Json = next((each for each in given if each), {})
    ends = [clock(known.get(names[0]) or known.get(names[1]), zone) for names in (("start", "started"), ("end", "ended"))]
    return {begin: ends[0], end: ends[1], "zone": zone}


def _slot(visit: Visit, meeting: Json) -> Given:
    slot = meeting["slot"] or {}
    return {**_span(visit, meeting, "start", "end", slot), "place": slot.get("place")}


def _took_place(visit: Visit, meeting: Json) -> Given:
    held = meeting["held"] or {}
    return {
        **_span(visit, meeting, "started", "ended", held, meeting["slot"]),
        "countries": held.get("countries") or meeting["countries"],
        "format": held.get("format") or meeting["format"],
        "kind": meeting["kind"],
    }


def _present(_: Visit, meeting: Json) -> Given:
    said = meeting["attendance"] or {"categories": {}, "countries": (meeting["held"] or {}).get("countries")}
    return {"categories": {code: str(count) for code, count in said["categories"].items()}, "countries": said["countries"]}


def _with_seats(body: dict[str, Any], _: Json) -> Json:
    """A seat for each country that is named; more, and for whom, is said on the meeting's own page."""
    return {**body, "delegations": [{"country": country} for country in body.pop("countries")]}


def _with_organisations(body: dict[str, Any], meeting: Json) -> Json:
    """What this form does not ask stays as it was said."""
    return {**body, "organisations": (meeting["attendance"] or {}).get("organisations") or []}


def _of_the_fact(body: dict[str, Any], meeting: Json) -> Json:
    return {**body, "corrects": meeting["held_event"]}


KIND = Field("kind", "choice", N_("Kind"), "meeting_kind", required=True)
COUNTRY = Field("country", "country", N_("Convened by"), hint=N_("None for what stands above countries."), choices=own_countries)
FORMAT = Field("format", "choice", N_("Form"), "meeting_format", required=True)
ZONE = Field("zone", "zone", N_("On whose clock"), hint=N_("The times above are read on this clock."), required=True)
CLOCK = Field("zone", "zone", ZONE.label, hint=ZONE.hint, required=True, sent=False)
STARTED, ENDED = Field("started", "moment", N_("Began"), required=True), Field("ended", "moment", N_("Finished"), required=True)
DESCRIBED = (TITLE, KIND, TYPES, COUNTRY, COUNTRIES)

SEAT_HINT = N_("Left open, the country's designated contact points are written to.")


WRITTEN_TO = Lookup(
    "contacts",
    "/contact-points",
    option=point_option,
    asked=lambda visit, meeting, given: {"country": given["country"], "state": list(SERVING)} if given.get("country") else None,
    early=N_("Choose the country first, then find who is written to there."),
)
"""Whoever serves in the country that has the seats; never by a person's name."""


MEETING = Forms(
    name="meetings",
    path="/meetings/{id}",
    whose="country",
    heading=_heading,
    # A task that was given has a page of its own.
    page_of=lambda made: f"{'action-items' if 'decision' in made else 'meetings'}/{made['id']}",
    forms={
        "propose": Form(
            "meetings.propose_meeting",
            "/meetings",
            N_("Propose a meeting"),
            N_("Propose it"),
            fields=(
                *DESCRIBED,
                FORMAT,
                Field("duration_minutes", "number", N_("Duration in minutes")),
                Field("case_ref", "text", N_("Reference of the case"), hint=N_("Opaque: nothing of the case itself stands here.")),
            ),
            holds=lambda visit, _: {"format": "hybrid", "duration_minutes": "90"},
            shaped=_with_seats,
        ),
        "record": Form(
            "meetings.record_held_meeting",
            "/held-meetings",
            N_("Record a meeting that took place"),
            N_("Record it"),
            fields=(*DESCRIBED, STARTED, ENDED, CLOCK, FORMAT),
            holds=lambda visit, _: {"format": "onsite", "zone": visit.wording.zone},
        ),
        "delegations": Form(
            "meetings.add_delegation",
            "/meetings/{id}/delegations",
            N_("Seats for a country"),
            N_("Give these seats"),
            lead=N_("A country that has seats already gets these instead."),
            fields=(
                Field("country", "country", N_("Country"), required=True),
                Field("categories", "several", N_("Professions"), "professional_category"),
                Field("seats", "number", N_("Seats"), required=True),
                Field("contact_point_ref", "looked_up", N_("Who is written to"), hint=SEAT_HINT, finds=WRITTEN_TO),
            ),
            holds=lambda visit, _: {"seats": "1"},
            steps=("add delegation",),
        ),
        "schedule": Form(
            "meetings.schedule_meeting",
            "/meetings/{id}/schedule",
            N_("Time and place"),
            N_("Set this time"),
            lead=N_("Everybody concerned is told of the new time."),
            fields=(
                Field("start", "moment", N_("Begins"), required=True),
                Field("end", "moment", N_("Ends"), required=True),
                ZONE,
                Field("place", "text", N_("Place"), hint=N_("A building, a room, or how to join by video.")),
            ),
            holds=_slot,
            steps=(
                "schedule",
                "reschedule",
            ),
        ),
        "cancel": Form(
            "meetings.cancel_meeting",
            "/meetings/{id}/cancel",
            N_("Cancel the meeting"),
            N_("Cancel this meeting"),
            fields=(Field("reason", "choice", N_("Why?"), "cancel_reason", required=True),),
            steps=("cancel",),
        ),
        "hold": Form(
            "meetings.hold_meeting",
            "/meetings/{id}/hold",
            N_("It took place"),
            N_("Record that it took place"),
            lead=N_("From then on it counts in the figures."),
            fields=(STARTED, ENDED, CLOCK, COUNTRIES, FORMAT),
            holds=_took_place,
            steps=("hold",),
        ),
        "attendance": Form(
            "meetings.record_attendance",
            "/meetings/{id}/attendance",
            N_("Who was there"),
            N_("Record who was there"),
            lead=N_("Numbers alone, never names."),
            fields=(Field("categories", "numbers", N_("How many of each profession"), "professional_category"), COUNTRIES),
            holds=_present,
            shaped=_with_organisations,
            steps=("record attendance",),
        ),
        "reclassify": Form(
            "meetings.reclassify_meeting",
            "/meetings/{id}/reclassify",
            N_("Other crime types"),
            N_("Record these crime types"),
            fields=(TYPES, REASON),
            holds=lambda _, meeting: {"crime_types": meeting["crime_types"]},
            steps=("reclassify",),
        ),
        "correct": Form(
            "meetings.correct_meeting",
            "/meetings/{id}/correct",
            N_("Say it right"),
            N_("Record the correction"),
            lead=N_("Whoever asks what was known before today still sees what was said first."),
            fields=(STARTED, ENDED, CLOCK, COUNTRIES, FORMAT, KIND, REASON),
            holds=_took_place,
            shaped=_of_the_fact,
            steps=("correct",),
        ),
        "retract": Form(
            "meetings.retract_meeting",
            "/meetings/{id}/retract",
            N_("It did not take place"),
            N_("Take it back"),
            lead=N_("It counts no longer; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(REASON,),
            shaped=_of_the_fact,
            steps=("retract",),
        ),
        **AGREED,
    },
)

router = MEETING.router()
