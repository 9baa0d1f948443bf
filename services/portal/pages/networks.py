"""Networks of specialists and structures: whether they are at work, who belongs to them, and what they are linked with."""

import asyncio
from collections.abc import Iterator, Mapping

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages import interconnections
from services.portal.pages.interconnection import HEAD, interconnection, line, picture
from services.portal.pages.lists import READ_AT, Filter, Listing
from services.portal.pages.network_forms import NETWORK
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed, Visit, require
from services.portal.pages.wording import Wording

COUNTS_IN = ("iA4", "iA5", "iA6")
"""Indicators that count networks."""


def _line(wording: Wording, network: Json) -> Iterator[list[object]]:
    words = [wording.term("network_kind", network["kind"]), wording.term("network_state", network["state"])]
    words += [wording.term("network_level", network["level"]), network["rhythm"]]
    domain = "; ".join(wording.term("crime_type", code) for code in network["domain"])
    yield [network["reference"], wording.text(network["name"]), *words, domain, network["country"], network["id"]]


NETWORKS = Listing(
    name="networks",
    owner="contacts",
    path="/networks",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "network_kind"),
        Filter("state", "choice", "network_state"),
        Filter("level", "choice", "network_level", label=N_("Level")),
        Filter("domain", "choice", "crime_type", label=N_("Crime type")),
        Filter("country", "country"),
    ),
    head=(
        *(N_("Reference"), N_("Network"), N_("Kind"), N_("State"), N_("Level"), N_("Rhythm")),
        *(N_("Crime types"), N_("Country"), N_("Identifier")),
    ),
    lines=_line,
    title_of=lambda wording, row: wording.text(row["name"]),
)


def _structure_line(wording: Wording, structure: Json) -> Iterator[list[object]]:
    words = [wording.term("structure_kind", structure["kind"]), wording.term("structure_form", structure["form"])]
    channels = "; ".join(wording.term("channel", code) for code in structure["channels"])
    yield [structure["reference"], wording.text(structure["name"]), *words, "; ".join(structure["parties"]), channels, structure["id"]]


STRUCTURES = Listing(
    name="structures",
    owner="contacts",
    path="/structures",
    filters=(Filter("q", "search"), Filter("kind", "choice", "structure_kind"), Filter("party", "country", label=N_("Country"))),
    head=(N_("Reference"), N_("Structure"), N_("Kind"), N_("Form"), N_("Parties"), N_("Channels"), N_("Identifier")),
    lines=_structure_line,
    places=lambda row: row["parties"],
    title_of=lambda wording, row: wording.text(row["name"]),
)
router = NETWORKS.router(NETWORK.new)
router.include_router(STRUCTURES.router())
# Before the page of one network, whose address would take this name for an identifier.
router.include_router(interconnections.router)


@router.get("/{lang}/networks/{network_id}")
async def network(visit: Signed, network_id: str) -> Response:
    """One network: whether it is at work, who belongs to it, and what it is linked with."""
    said, stream = await asyncio.gather(visit.thing("contacts", f"/networks/{network_id}"), visit.stream())
    partners, found = await asyncio.gather(partners_of(visit, said.body["partners"]), interconnection(visit, said.body))
    notes = visit.wording.notes([said.body["country"], *(member["country"] for member in said.body["members"])])
    return visit.page(
        "network.html",
        network=said.body,
        partners=partners,
        found=found,
        picture=picture(visit.wording, said.body, found.drawn, f"/{visit.language}/networks"),
        counts_in=COUNTS_IN,
        steps=NETWORK.next_of(visit, said.body),
        who_may=visit.who_may("contacts.activate_network"),
        done=NETWORK.done(visit),
        stream=stream,
        notes=notes,
    )


@router.get("/{lang}/networks/{network_id}/links.csv")
async def links_file(visit: Signed, network_id: str) -> Response:
    """What it is linked with, and what it could be, as a file."""
    said = await visit.thing("contacts", f"/networks/{network_id}")
    found = await interconnection(visit, said.body)
    for reply in (found.meetings, found.networks):
        require(reply)
    head = [visit.wording.say(title) for title in (*HEAD, READ_AT)]
    return await visit.file(f"links-{said.body['reference']}", [head, *([*line(visit.wording, tie), visit.now] for tie in found.ties)])


@router.get("/{lang}/structures/{structure_id}")
async def structure(visit: Signed, structure_id: str) -> Response:
    """One structure: its parties, roles, channels and plan."""
    said, stream = await asyncio.gather(visit.thing("contacts", f"/structures/{structure_id}"), visit.stream())
    organisations = [party for party in said.body["parties"] if not party.isupper()]
    countries = [party for party in said.body["parties"] if party.isupper()]
    partners = await partners_of(visit, organisations)
    notes = visit.wording.notes(countries)
    return visit.page("structure.html", structure=said.body, countries=countries, partners=partners, stream=stream, notes=notes)


async def partners_of(visit: Visit, references: list[str]) -> Mapping[str, Json]:
    """Reference -> the partner behind it; one that partners does not tell is missing, and shows as its reference."""
    if not references:
        return {}
    found = await visit.desk.everything("partners", "/partners")
    known = {row["reference"]: row for row in found.items}
    return {reference: known.get(reference, {}) for reference in references}
