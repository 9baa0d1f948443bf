"""Coordination centres: what each worked on, who took part, and the figures it counts in."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json, clock_of
from services.portal.pages.centre_forms import CENTRE
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording


def _line(wording: Wording, centre: Json) -> Iterator[list[object]]:
    words = [wording.term("centre_form", centre["form"]), wording.term("centre_state", centre["state"])]
    types = "; ".join(wording.term("crime_type", code) for code in centre["crime_types"])
    codes = "; ".join(centre["countries"])
    yield [centre["reference"], wording.text(centre["title"]), *words, centre["at"], centre["country"], codes, types, centre["id"]]


CENTRES = Listing(
    name="centres",
    owner="operations",
    path="/centres",
    filters=(
        Filter("q", "search"),
        Filter("form", "choice", "centre_form", label=N_("Form")),
        Filter("state", "choice", "centre_state"),
        Filter("crime_type", "choice", "crime_type"),
        Filter("country", "country", label=N_("Led by")),
        Filter("participant", "country"),
        Filter("since", "since"),
        Filter("until", "until"),
    ),
    head=(
        *(N_("Reference"), N_("Coordination centre"), N_("Form"), N_("State"), N_("Opened"), N_("Led by")),
        *(N_("Countries"), N_("Crime types"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: (row["country"], *row["countries"]),
)
router = CENTRES.router(CENTRE.new)


@router.get("/{lang}/centres/{centre_id}")
async def centre(visit: Signed, centre_id: str) -> Response:
    """One centre: when it was open, what it worked on, and how it came about."""
    said, stream = await asyncio.gather(visit.thing("operations", f"/centres/{centre_id}"), visit.stream())
    return visit.page(
        "centre.html",
        centre=said.body,
        steps=CENTRE.next_of(visit, said.body),
        who_may=visit.who_may("operations.open_centre"),
        figures=_figures(said.body),
        done=CENTRE.done(visit),
        stream=stream,
        notes=visit.wording.notes([said.body["country"], *said.body["countries"]]),
    )


def _figures(centre: Json) -> list[tuple[str, dict[str, str]]]:
    """The figures that count it: by the year (UTC) in which it was opened."""
    if centre["exercise"] or not centre["opened_event"]:
        return []
    year = str(clock_of(centre["opened"], "UTC"))[:4]
    return [(code, {"period": year}) for code in ("iEJ5", "iEJ8")]
