"""Partners: who they are, what was agreed with them, and what may be exchanged."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Response

from services.portal.client import Reply
from services.portal.domain import CATEGORIES, Json, chips
from services.portal.pages.visit import Missing, Signed, Visit, picked
from services.portal.pages.wording import Wording

router = APIRouter()
FILTERS = ("q", "kind", "status", "personal_data")
SHOWN = 100


@router.get("/{lang}/partners")
async def partner_list(visit: Signed) -> Response:
    """The list, filtered by what the URL says."""
    asked = picked(visit.filters, *FILTERS)
    every, stream = await asyncio.gather(_by_name(visit), visit.stream())
    found = _part(every, visit.request.query_params.get("after"))
    return visit.page(
        "partners.html", found=found, stream=stream, filters=asked, chips=chips(asked), notes=_notes(visit.wording, found.items)
    )


async def _by_name(visit: Visit) -> Reply:
    """All that match, in the order of their names in the page's language, which their owner cannot know."""
    found = await visit.desk.everything("partners", "/partners", **picked(visit.filters, *FILTERS))
    rows = sorted(found.items, key=lambda row: visit.wording.order(visit.wording.partner(row)))
    return replace(found, body={**found.body, "items": rows}) if found.ok else found


def _part(found: Reply, after: str | None) -> Reply:
    """One page of it; the cursor is how many came before."""
    begin = int(after) if after and after.isdecimal() else 0
    end = begin + SHOWN
    following = str(end) if end < len(found.items) else None
    return replace(found, body={**found.body, "items": found.items[begin:end], "next": following}) if found.ok else found


@router.get("/{lang}/partners.csv")
async def partner_file(visit: Signed) -> Response:
    """Every partner that matches, one line per instrument, for that is what people count."""
    found = await _by_name(visit)
    if not found.ok:
        return visit.page("unavailable.html", 503, reply=found)
    say, term = visit.wording.say, visit.wording.term
    head: list[object] = [say("Reference"), say("Partner"), say("Kind"), say("Country"), say("Status"), say("Personal data")]
    head += [say("Instrument"), say("State"), say("Since"), say("Stated as of"), say("Read at")]
    rows: list[list[object]] = [head]
    for partner in found.items:
        first = [partner["reference"], visit.wording.partner(partner), term("partner_kind", partner["kind"]), partner["country"]]
        first += [term("partner_status", partner["status"]), term("personal_data", partner["personal_data"])]
        rows += [[*first, *_instrument_cells(visit.wording, held), visit.now] for held in partner["instruments"] or [None]]
    return visit.csv("partners", rows)


def _instrument_cells(wording: Wording, held: Json | None) -> list[object]:
    if held is None:
        return ["", "", "", ""]
    kind, state = wording.term("instrument_kind", held["kind"]), wording.term("instrument_state", held["state"])
    return [kind, state, held["on"], held["stated_as_of"]]


@router.get("/{lang}/partners/{partner_id}/instruments.csv")
async def instrument_file(visit: Signed, partner_id: str) -> Response:
    """The partner's instruments as they stand."""
    said = await visit.desk.get("partners", f"/partners/{partner_id}")
    if said.status in {404, 422}:
        raise Missing
    if not said.ok:
        return visit.page("unavailable.html", 503, reply=said)
    say = visit.wording.say
    head: list[object] = [say("Reference"), say("Instrument"), say("State"), say("Since"), say("Stated as of"), say("Valid to")]
    rows: list[list[object]] = [
        [held["reference"], *_instrument_cells(visit.wording, held), held["valid_to"], visit.now] for held in said.body["instruments"]
    ]
    return visit.csv(f"instruments-{said.body['reference']}", [[*head, say("Read at")], *rows])


@router.get("/{lang}/partners/{partner_id}")
async def partner(visit: Signed, partner_id: str) -> Response:
    """One partner; the exchange question is a form on the same page and its answer part of the URL."""
    asked = picked(visit.filters, "on", "data_category")
    path = f"/partners/{partner_id}"
    category = asked["data_category"] or "case_related"
    said, stream, answer = await asyncio.gather(
        visit.desk.get("partners", path),
        visit.stream(),
        visit.desk.get("partners", f"{path}/exchange", on=asked["on"], data_category=category),
    )
    if said.status in {404, 422}:
        raise Missing
    if not said.ok:
        return visit.page("unavailable.html", 503, reply=said)
    histories = await asyncio.gather(*(visit.desk.get("partners", f"/instruments/{held['id']}") for held in said.body["instruments"]))
    return visit.page(
        "partner.html",
        partner=said.body,
        histories=histories,
        steps=_timeline(histories),
        answer=answer,
        asked={**asked, "data_category": category},
        categories=CATEGORIES,
        stream=stream,
        notes=_notes(visit.wording, [said.body]),
    )


def _timeline(histories: Iterable[Reply]) -> list[dict[str, Any]]:
    """The steps of all instruments in the order they became true, the newest first."""
    steps = [{**step, "instrument": reply.body} for reply in histories if reply.ok for step in reply.body.get("history", [])]
    return sorted(steps, key=lambda step: (step.get("on") or step.get("stated_as_of") or "", step.get("recorded_at") or ""), reverse=True)


def _notes(wording: Wording, partners: Iterable[Json]) -> list[tuple[str, str]]:
    shown = list(partners)
    return wording.notes([*(row.get("reference") for row in shown), *(row.get("country") for row in shown)])


def partner_page(visit: Visit, partner_id: str) -> str:
    """Where a changed instrument shows."""
    return f"/{visit.language}/partners/{partner_id}"
