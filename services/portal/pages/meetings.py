"""Meetings: what is planned, what took place, and the figures it counts in."""

from collections.abc import Iterator

from fastapi import APIRouter, Response

from services.portal.domain import Json
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording

router = APIRouter()


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


@router.get("/{lang}/meetings")
async def meeting_list(visit: Signed) -> Response:
    """The list, filtered by what the URL says."""
    return await MEETINGS.page(visit)


@router.get("/{lang}/meetings.csv")
async def meeting_file(visit: Signed) -> Response:
    """Every meeting that matches."""
    return await MEETINGS.file(visit)
