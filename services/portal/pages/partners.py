"""Partners: who they are, what was agreed with them, and what may be exchanged."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import Response

from services.portal.client import Reply
from services.portal.domain import CATEGORIES, Json
from services.portal.pages.instruments import INSTRUMENTS
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.reciprocity import reciprocity
from services.portal.pages.terms import N_
from services.portal.pages.visit import Missing, Signed, picked, require
from services.portal.pages.wording import Wording


def _lines(wording: Wording, partner: Json) -> Iterator[list[object]]:
    """One line for each instrument, for that is what people count."""
    first = [partner["reference"], wording.partner(partner), wording.term("partner_kind", partner["kind"]), partner["country"]]
    first += [wording.term("partner_status", partner["status"]), wording.term("personal_data", partner["personal_data"])]
    for held in partner["instruments"] or [None]:
        yield [*first, *_instrument_cells(wording, held)]


PARTNERS = Listing(
    name="partners",
    owner="partners",
    path="/partners",
    filters=(
        Filter("q", "search", label=N_("Search by name")),
        Filter("kind", "choice", "partner_kind"),
        Filter("status", "choice", "partner_status"),
        Filter("personal_data", "choice", "personal_data"),
    ),
    head=(
        *(N_("Reference"), N_("Partner"), N_("Kind"), N_("Country"), N_("Status"), N_("Personal data")),
        *(N_("Instrument"), N_("State"), N_("Since"), N_("Stated as of")),
    ),
    lines=_lines,
    places=lambda row: (row.get("reference"), row.get("country")),
    shown=100,
    title_of=lambda wording, row: wording.partner(row),
)
router = PARTNERS.router()


def _instrument_cells(wording: Wording, held: Json | None) -> list[object]:
    if held is None:
        return ["", "", "", ""]
    kind, state = wording.term("instrument_kind", held["kind"]), wording.term("instrument_state", held["state"])
    return [kind, state, held["on"], held["stated_as_of"]]


@router.get("/{lang}/partners/{partner_id}/instruments.csv")
async def instrument_file(visit: Signed, partner_id: str) -> Response:
    """The partner's instruments as they stand."""
    said = await visit.thing("partners", f"/partners/{partner_id}")
    say = visit.wording.say
    head: list[object] = [say("Reference"), say("Instrument"), say("State"), say("Since"), say("Stated as of"), say("Valid to")]
    rows: list[list[object]] = [
        [held["reference"], *_instrument_cells(visit.wording, held), held["valid_to"], visit.now] for held in said.body["instruments"]
    ]
    return await visit.file(f"instruments-{said.body['reference']}", [[*head, say("Read at")], *rows])


@router.get("/{lang}/partners/{partner_id}")
async def partner(visit: Signed, partner_id: str) -> Response:
    """One partner; the exchange question is a form on the same page and its answer part of the URL."""
    asked = picked(visit.filters, "on", "data_category", "year")
    path = f"/partners/{partner_id}"
    category = asked["data_category"] or "case_related"
    said, stream, answer = await asyncio.gather(
        visit.thing("partners", path),
        visit.stream(),
        visit.desk.get("partners", f"{path}/exchange", on=asked["on"], data_category=category),
    )
    country = said.body["country"]
    histories, exchanged = await asyncio.gather(
        asyncio.gather(*(visit.desk.get("partners", f"/instruments/{held['id']}") for held in said.body["instruments"])),
        reciprocity(visit, country) if country else _nothing(),
    )
    return visit.page(
        "partner.html",
        partner=said.body,
        done=INSTRUMENTS.done(visit),
        histories=histories,
        exchanged=exchanged,
        steps=_timeline(histories),
        answer=answer,
        asked={**asked, "data_category": category},
        categories=CATEGORIES,
        stream=stream,
        notes=visit.wording.notes(PARTNERS.places(said.body)),
    )


async def _nothing() -> None:
    return None


@router.get("/{lang}/partners/{partner_id}/reciprocity.csv")
async def reciprocity_file(visit: Signed, partner_id: str) -> Response:
    """What the partner and each other country answered for one another in a year."""
    said = await visit.thing("partners", f"/partners/{partner_id}")
    if not said.body["country"]:
        raise Missing
    found = await reciprocity(visit, said.body["country"])
    require(found.reply)
    say = visit.wording.say
    head = [say("Partner"), say("Country"), say("Year"), say("Answered for the partner"), say("Asked by the partner")]
    head += [say("Answered by the partner"), say("Asked of the partner"), say("Balance"), say("Read at")]
    rows = [[said.body["country"], each.country, found.year, *each.cells(), visit.now] for each in found.others]
    return await visit.file(f"reciprocity-{said.body['reference']}", [head, *rows])


def _timeline(histories: Iterable[Reply]) -> list[dict[str, Any]]:
    """The steps of all instruments in the order they became true, the newest first."""
    steps = [{**step, "instrument": reply.body} for reply in histories if reply.ok for step in reply.body.get("history", [])]
    return sorted(steps, key=lambda step: (step.get("on") or step.get("stated_as_of") or "", step.get("recorded_at") or ""), reverse=True)
