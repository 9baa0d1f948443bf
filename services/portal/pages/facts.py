"""One event as it was published: what was said, when, by which service, and where it lies in the stream."""

import asyncio

from fastapi import APIRouter, Response

from services.portal.domain import Json
from services.portal.pages.subjects import subjects
from services.portal.pages.terms import TERMS
from services.portal.pages.visit import Signed

router = APIRouter()
ELSEWHERE = frozenset({"data", "topic", "partition", "offset"})
"""What is no attribute of the event: its content, and the place where it lies."""


@router.get("/{lang}/facts/{event_id}.csv")
async def fact_file(visit: Signed, event_id: str) -> Response:
    """Everything about it, one name and value a line."""
    said = await visit.thing("reporting", f"/facts/{event_id}")
    rows = [*said.body.items(), *((f"data.{name}", value) for name, value in said.body["data"].items())]
    head = [visit.wording.say("Name"), visit.wording.say("Value")]
    return await visit.file(f"event-{event_id}", [head, *([name, value] for name, value in rows if name != "data")])


@router.get("/{lang}/facts/{event_id}")
async def fact(visit: Signed, event_id: str) -> Response:
    """The very event."""
    said, stream = await asyncio.gather(visit.thing("reporting", f"/facts/{event_id}"), visit.stream())
    code, event = visit.filters.get("from", ""), said.body
    return visit.page(
        "fact.html",
        fact=event,
        attributes=_attributes(event),
        subject=(await subjects(visit, [event])).get(event["subject"]),
        came_from=code if code in TERMS["indicator"] else None,
        stream=stream,
    )


def _attributes(event: Json) -> dict[str, object]:
    return {name: value for name, value in event.items() if name not in ELSEWHERE}
