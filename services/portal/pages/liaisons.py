"""Liaison postings: who was sent by whom to whom, until when, and who pays for it."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages.liaison_forms import LIAISON, called
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.networks import partners_of
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording


def _line(wording: Wording, liaison: Json) -> Iterator[list[object]]:
    words = [wording.term("liaison_kind", liaison["kind"]), wording.term("liaison_state", liaison["state"])]
    ends = [liaison["country"] or liaison["organisation"], liaison["host"], liaison["valid_from"], liaison["valid_to"]]
    yield [liaison["reference"], *words, *ends, liaison["funding_share"], liaison["funder"], liaison["id"]]


def _places(row: Json) -> list[str]:
    return [code for code in (row["country"], row["host"]) if code and code.isupper()]


LIAISONS = Listing(
    name="liaisons",
    owner="contacts",
    path="/liaisons",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "liaison_kind"),
        Filter("state", "choice", "liaison_state"),
        Filter("country", "country", label=N_("Posted by")),
        Filter("host", "country", label=N_("Posted to")),
        Filter("on", "asof", label=N_("Posted on the day")),
    ),
    head=(
        *(N_("Reference"), N_("Kind"), N_("State"), N_("Posted by"), N_("Posted to"), N_("First day"), N_("First day without it")),
        *(N_("Share in percent"), N_("Borne by"), N_("Identifier")),
    ),
    lines=_line,
    places=_places,
)
router = LIAISONS.router(LIAISON.new)


@router.get("/{lang}/liaisons/{liaison_id}")
async def liaison(visit: Signed, liaison_id: str) -> Response:
    """One posting: from where, to where, until when, paid by whom."""
    said, stream = await asyncio.gather(visit.thing("contacts", f"/liaisons/{liaison_id}"), visit.stream())
    ends = (said.body["country"] or said.body["organisation"], said.body["host"], said.body["funder"])
    partners = await partners_of(visit, sorted({end for end in ends if end and not end.isupper()}))
    return visit.page(
        "liaison.html",
        liaison=said.body,
        title=called(visit, said.body),
        ends=ends[:2],
        partners=partners,
        steps=LIAISON.next_of(visit, said.body),
        who_may=visit.who_may("contacts.post_liaison"),
        counts_in=("iP5",),
        done=LIAISON.done(visit),
        stream=stream,
        notes=visit.wording.notes(_places(said.body)),
    )
