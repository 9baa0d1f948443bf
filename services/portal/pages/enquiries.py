"""Enquiries: what was asked of us and by us, whose turn it is, and until when."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

from fastapi import Response

from services.portal.domain import Json, turn
from services.portal.pages.enquiry_forms import ENQUIRY, called, card, proposed
from services.portal.pages.lists import Filter, Listing, among
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed, Visit
from services.portal.pages.wording import Wording

COUNTS_IN = ("iK1", "iK2", "iK4")
"""Indicators that count enquiries."""


def _line(wording: Wording, enquiry: Json) -> Iterator[list[object]]:
    term, now, who = wording.term, turn(enquiry), enquiry["addressee"]
    types = "; ".join(term("crime_type", code) for code in enquiry["crime_types"])
    first = [enquiry["reference"], enquiry["country"], enquiry["to_country"], term("cooperation_measure", enquiry["measure"]), types]
    first += [term("urgency", enquiry["urgency"]), term("enquiry_channel", enquiry["channel"]), term("enquiry_state", enquiry["state"])]
    sent = [wording.addressee(who) if who else "", enquiry["opened"], enquiry["since"], enquiry["acknowledge_by"]]
    sent += [who["zone"] if who else None]
    acts = [now.country, term("enquiry_turn", now.act)] if now else ["", ""]
    yield [*first, *sent, *acts, enquiry["acknowledged_at"], enquiry["answered_at"], enquiry["answered_in"], enquiry["id"]]


async def _addressees(visit: Visit) -> dict[str, Iterator[tuple[str, str]]]:
    """Who has enquiries."""
    return await among(visit, "addressee", "contacts", "/enquiries/addressees", lambda who: _in_full(visit.wording, who))


def _in_full(wording: Wording, who: Json) -> str:
    named = wording.addressee(who)
    return f"{named} – {wording.country(who['country'])}" if who["country"] else named


ENQUIRIES = Listing(
    name="enquiries",
    owner="contacts",
    path="/enquiries",
    filters=(
        Filter("q", "search"),
        Filter("direction", "choice", "enquiry_direction", label=N_("To us or from us")),
        Filter("state", "choice", "enquiry_state"),
        Filter("clock", "choice", "enquiry_clock", label=N_("Time to acknowledge")),
        Filter("country", "country", label=N_("Who asks")),
        Filter("to_country", "country", label=N_("Who is asked")),
        Filter("addressee", "choice", label=N_("Addressee")),
        Filter("measure", "choice", "cooperation_measure", label=N_("What for?")),
        Filter("crime_type", "choice", "crime_type"),
        Filter("urgency", "choice", "urgency", label=N_("How urgent?")),
    ),
    head=(
        *(N_("Reference"), N_("Who asks"), N_("Who is asked"), N_("What for?"), N_("Crime types"), N_("How urgent?"), N_("By which way?")),
        *(N_("State"), N_("Addressee"), N_("Opened"), N_("Sent"), N_("To be acknowledged by"), N_("Zone"), N_("Whose turn")),
        *(N_("What is next"), N_("Acknowledged"), N_("Answered"), N_("Working minutes"), N_("Identifier")),
    ),
    lines=_line,
    told=_addressees,
    places=lambda row: (row["country"], row["to_country"]),
)
router = ENQUIRIES.router(ENQUIRY.new)


@router.get("/{lang}/enquiries/{enquiry_id}")
async def enquiry(visit: Signed, enquiry_id: str) -> Response:
    """One enquiry: whose turn it is, to whom it went, who could be next."""
    said, stream = await asyncio.gather(visit.thing("contacts", f"/enquiries/{enquiry_id}"), visit.stream())
    steps = [step for step in ENQUIRY.next_of(visit, said.body) if step[0] != "close"]
    return visit.page(
        "enquiry.html",
        enquiry=said.body,
        title=called(visit, said.body),
        following=await _following(visit, said.body),
        steps=steps,
        closes="close" in said.body["possible"],
        may_close=visit.may("contacts.close_enquiry"),
        who_may=visit.who_may("contacts.open_enquiry"),
        version=said.etag or "",
        key=str(uuid4()),
        counts_in=COUNTS_IN,
        done=ENQUIRY.done(visit),
        stream=stream,
        notes=visit.wording.notes(ENQUIRIES.places(said.body)),
    )


async def _following(visit: Visit, enquiry: Json) -> tuple[str, Json] | None:
    """(form, who comes next), where it is this reader's turn to send it and somebody is left to ask."""
    form = "route" if enquiry["state"] == "opened" else "escalate"
    due = enquiry["overdue"] or enquiry["state"] in {"opened", "refused"}
    if not due or form not in enquiry["possible"]:
        return None
    place = proposed({**enquiry, **await card(visit, enquiry)})
    return (form, place) if place else None
