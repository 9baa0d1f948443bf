"""Intelligence priorities: what is looked at first, from when until when, and the operations that serve it (D4)."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.priority_forms import PRIORITY
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording


def _line(wording: Wording, priority: Json) -> Iterator[list[object]]:
    types = "; ".join(wording.term("crime_type", code) for code in priority["crime_types"])
    days = [priority["valid_from"], priority["valid_to"], wording.term("priority_state", priority["state"])]
    codes = "; ".join(priority["countries"])
    yield [priority["reference"], wording.text(priority["title"]), *days, priority["country"], codes, types, priority["id"]]


PRIORITIES = Listing(
    name="priorities",
    owner="operations",
    path="/priorities",
    filters=(
        Filter("q", "search"),
        Filter("on", "asof", label=N_("In force on the day")),
        Filter("state", "choice", "priority_state"),
        Filter("crime_type", "choice", "crime_type"),
        Filter("country", "country", label=N_("Set by")),
        Filter("participant", "country", label=N_("Country it concerns")),
    ),
    head=(
        *(N_("Reference"), N_("Intelligence priority"), N_("First day"), N_("Last day"), N_("State"), N_("Set by")),
        *(N_("Countries"), N_("Crime types"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: (row["country"], *row["countries"]),
)
router = PRIORITIES.router(PRIORITY.new)


@router.get("/{lang}/priorities/{priority_id}")
async def priority(visit: Signed, priority_id: str) -> Response:
    """One priority: its dates, what it is about, the latest operations that serve it, and how it came about."""
    said, served, stream = await asyncio.gather(
        visit.thing("operations", f"/priorities/{priority_id}"),
        visit.desk.get("operations", "/operations", priority=priority_id, limit=50),
        visit.stream(),
    )
    return visit.page(
        "priority.html",
        priority=said.body,
        served=served,
        steps=PRIORITY.next_of(visit, said.body),
        who_may=visit.who_may("operations.set_priority"),
        done=PRIORITY.done(visit),
        stream=stream,
        notes=visit.wording.notes([said.body["country"], *said.body["countries"]]),
    )
