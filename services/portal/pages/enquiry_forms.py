"""Forms of enquiries: asked, sent, acknowledged, answered, refused, sent on, closed (flow P1 steps 4 to 6)."""

import asyncio
from collections.abc import Iterator
from typing import Any

from services.portal.domain import Json, query_of
from services.portal.pages.contact_point_forms import SERVING, point_option
from services.portal.pages.fields import REASON, TYPES, Field, Option, own_countries, taking_back, told_apart
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given, Lookup, Query
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit, is_id

CHANNELS = {"liaison": "liaison", "central_authority": "central_authority", "diplomatic_channel": "diplomatic"}
"""Rung of an answer card -> the way an enquiry goes to who stands there; all others are asked directly."""


def called(visit: Visit, enquiry: Json) -> str:
    """An enquiry in words: who asks whom."""
    wording = visit.wording
    ends = {name: wording.country(enquiry[name]) for name in ("country", "to_country")}
    return wording.say("Enquiry from %(country)s to %(to_country)s", **ends)


def ask_path(to_country: str, question: Json, place: Json) -> str:
    """The form of an enquiry to somebody on an answer card, with everything filled in that is known there."""
    known = {"to_country": to_country, "measure": question.get("measure"), "crime_types": question.get("crime_type")}
    known |= {"urgency": question.get("urgency"), "channel": CHANNELS.get(place["rung"], "direct")}
    return f"enquiries/new/open{query_of(known, addressee_ref=place['id'])}"


async def card(visit: Visit, question: Json) -> Json:
    """Whom the answer card of this enquiry names, the first choice first: those alone that it can go to now."""
    if not question["to_country"]:
        return {"places": []}
    types = question["crime_types"]
    asked = {"country": question["to_country"], "measure": question["measure"], "urgency": question["urgency"] or "normal"}
    said = await visit.desk.get("contacts", "/whom-to-ask", lang=visit.language, crime_type=types[0] if types else None, **asked)
    places = [said.body["first"], *said.body["chain"]] if said.ok else []
    return {"places": [place for place in places if place and place["usable"]]}


def proposed(enquiry: Json) -> Json | None:
    """Who comes next: the first on its card to whom it did not go yet."""
    had = {row["addressee"]["id"] for row in enquiry["route"] if row["addressee"]}
    return next((place for place in enquiry["places"] if place["id"] not in had), None)


async def _heading(visit: Visit, enquiry: Json) -> Heading:
    """The enquiry as it stands; for a new one, the list it will stand in."""
    wording, trail = visit.wording, [(visit.wording.say("Enquiries"), "enquiries")]
    if "id" not in enquiry:
        return Heading("", "enquiries", trail)
    page, name = f"enquiries/{enquiry['id']}", called(visit, enquiry)
    facts = [
        (wording.say("Present state"), wording.term("enquiry_state", enquiry["state"])),
        (wording.say("Measure"), wording.term("cooperation_measure", enquiry["measure"])),
        (wording.say("Version"), wording.number(enquiry["version"])),
    ]
    return Heading(name, page, [*trail, (name, page)], facts)


async def _for_a_new_one(visit: Visit, _: Json) -> Json:
    """Whom the card names for the question in the address, and whoever else is named there."""
    question = _in_the_address(visit)
    named = [visit.desk.get("contacts", f"/contact-points/{ref}") for ref in (question["addressee_ref"],) if is_id(ref)]
    places, said = await asyncio.gather(card(visit, question), asyncio.gather(*named))
    found = [reply.body for reply in said if reply.ok and reply.body["country"] == question["to_country"]]
    there = [point for point in found if point["state"] in SERVING]
    return {**places, "candidates": [_as_addressee(point) for point in there]}


def _as_addressee(point: Json) -> Json:
    return {"id": point["id"], "kind": "contact_point", "name": (point["authority"] or {}).get("name")}


def _in_the_address(visit: Visit, *_: Json) -> Given:
    """What the address fills in, as the answer card and the pages of a country and of a contact point do."""
    given = {each.name: each.found(visit.request.query_params) for each in DESCRIBED}
    mine = own_countries(visit, {})
    usual = {"country": mine[0][0] if len(mine) == 1 else "", "urgency": "normal", "channel": "direct"}
    return {**given, **{name: given[name] or value for name, value in usual.items()}}


def _addressees(visit: Visit, enquiry: Json) -> Iterator[Option]:
    """Those on the card first, then whoever else could be asked there."""
    term, wording = visit.wording.term, visit.wording
    found = {place["id"]: _with(wording.addressee(place), term("rung", place["rung"])) for place in enquiry["places"]}
    for other in enquiry["candidates"]:
        found.setdefault(other["id"], _with(wording.addressee(other), term("addressee_kind", other["kind"])))
    found.pop((enquiry.get("addressee") or {}).get("id"), None)
    yield from told_apart(found)


def _with(words: str, what: str) -> str:
    return words if words == what else f"{words} – {what}"


def _asking(visit: Visit, _: Json, given: Given) -> Query | None:
    """The contact points of the country that asks, where this person may act for it."""
    mine = {code for code, _ in own_countries(visit, {})}
    return {"country": given["country"], "state": list(SERVING)} if given.get("country") in mine else None


def _next(_: Visit, enquiry: Json) -> Given:
    return {"addressee_ref": (proposed(enquiry) or {}).get("id")}


def _with_usefulness(body: dict[str, Any], _: Json) -> Json:
    said = body.pop("useful", None)
    return body if said is None else {**body, "useful": said == "yes"}


def _of_the_newest(body: dict[str, Any], enquiry: Json) -> Json:
    """A proposal is no step: nobody took it."""
    return taking_back(body, [step for step in enquiry["history"] if not step["type"].endswith(".step_proposed.v1")])


WAITS = N_("Left open, it waits until you send it to somebody.")
ADDRESSEE = Field("addressee_ref", "choice", N_("Who is asked"), hint=WAITS, choices=_addressees)
NEXT = Field(
    "addressee_ref",
    "choice",
    ADDRESSEE.label,
    hint=N_("Who stands first for such a question comes first."),
    required=True,
    choices=_addressees,
)
AT = Field("at", "moment", N_("When?"), hint=N_("On your own clock; leave it empty for now."))
ASKERS = Lookup("contacts", "/contact-points", point_option, _asking, N_("Choose the country first, then find who asks there."))
DESCRIBED = (
    Field("country", "country", N_("Who asks"), choices=own_countries, required=True),
    Field("to_country", "country", N_("Which country is asked"), required=True),
    Field("measure", "choice", N_("What for?"), "cooperation_measure", required=True),
    TYPES,
    Field("urgency", "choice", N_("How urgent?"), "urgency", required=True),
    Field("case_ref", "text", N_("Reference of the case"), hint=N_("Opaque: nothing of the case itself stands here.")),
    ADDRESSEE,
    Field("channel", "choice", N_("By which way?"), "enquiry_channel", required=True),
    Field("asker_ref", "looked_up", N_("Contact point that asks"), hint=N_("It is told of the answer."), finds=ASKERS),
)


def _form(step: str, title: str, submit: str, *fields: Field, **more: Any) -> Form:
    """A step of an enquiry, possible where its owner names it."""
    known: Any = {"steps": (step,), "conflict": ("", "enquiry_step"), **more}
    return Form(f"contacts.{step}_enquiry", f"/enquiries/{{id}}/{step}", title, submit, fields=fields, **known)


ENQUIRY = Forms(
    name="enquiries",
    family="enquiry_step",
    path="/enquiries/{id}",
    heading=_heading,
    page_of=lambda enquiry: f"enquiries/{enquiry['id']}",
    forms={
        "open": Form(
            "contacts.open_enquiry",
            "/enquiries",
            N_("Send an enquiry"),
            N_("Send it"),
            lead=N_("Without a word of the case: who asks, what for, and a reference that tells others nothing."),
            fields=DESCRIBED,
            holds=_in_the_address,
            beside=_for_a_new_one,
        ),
        "route": _form("route", N_("Send it to somebody"), N_("Send it"), NEXT, holds=_next, beside=card),
        "acknowledge": _form("acknowledge", N_("Acknowledge it"), N_("It is in hand"), AT),
        "answer": _form(
            "answer",
            N_("It is answered"),
            N_("Record the answer"),
            AT,
            lead=N_("What the answer says goes another way: only that it was given stands here."),
        ),
        "refuse": _form(
            "refuse",
            N_("Refuse it"),
            N_("Record the refusal"),
            Field("reason", "choice", N_("Why?"), "refusal_reason", required=True),
            Field("told", "text", N_("In words"), hint=N_("Where no reason of the list says it: without any name or word of the case.")),
            AT,
        ),
        "escalate": _form(
            "escalate",
            N_("Send it to the next"),
            N_("Send it on"),
            NEXT,
            lead=N_("Whoever had it before is asked no longer. Who comes next has a clock of their own."),
            holds=_next,
            beside=card,
        ),
        "close": _form(
            "close",
            N_("Close it"),
            N_("Close this enquiry"),
            Field("useful", "choice", N_("Did it help?"), "useful"),
            shaped=_with_usefulness,
        ),
        "withdraw": _form(
            "withdraw", N_("Withdraw the enquiry"), N_("Withdraw this enquiry"), lead=N_("Whoever has it need not answer any more.")
        ),
        "retract": _form(
            "retract",
            N_("Take it back"),
            N_("Take the newest step back"),
            REASON,
            lead=N_("It is again as it was before; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            shaped=_of_the_newest,
            steps=("retract enquiry",),
        ),
    },
)
router = ENQUIRY.router()
