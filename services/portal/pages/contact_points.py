"""A contact point: where it serves, whether it can be relied upon, how it came about; and the person behind it, for whoever says why."""

import asyncio
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from services.portal.client import Reply
from services.portal.domain import Json, freshness
from services.portal.pages.contact_point_forms import POINT, SERVING, name_of
from services.portal.pages.enquiry_forms import ask_path
from services.portal.pages.fields import purposes
from services.portal.pages.visit import Id, Missing, Signed, Visit, require
from shared.web import attached

router = APIRouter()
COUNTS_IN = ("iA7", "iA8", "iA8d", "iP8")
"""Indicators that count contact points."""
ITSELF = {"rung": "contact_point", "kind": "contact_point"}
"""As it stands on an answer card."""


@router.get("/{lang}/contact-points/{point_id}")
async def contact_point(
    visit: Signed, point_id: Id, on: Annotated[str | None, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = None
) -> Response:
    """One contact point, now or as it was on a day."""
    said, stream = await asyncio.gather(visit.desk.get("contacts", f"/contact-points/{point_id}", on=on), visit.stream())
    if said.status == 404 and on:
        now = await visit.thing("contacts", f"/contact-points/{point_id}")
        return visit.page("contact-point-then.html", 404, point=now.body, name=name_of(visit, now.body), on=on)
    if said.status in {404, 422}:
        raise Missing
    require(said)
    point = said.body
    named = await _named(visit, point)
    return visit.page(
        "contact-point.html",
        point=point,
        name=name_of(visit, point),
        named=named,
        fresh=freshness(point, visit.now.date()),
        today=visit.now.date().isoformat(),
        counts_in=COUNTS_IN,
        steps=POINT.next_of(visit, point),
        ask=_ask(visit, point),
        who_may=visit.who_may("contacts.update_contact_point"),
        done=POINT.done(visit)
        or (visit.wording.say("Erased. Every count stays as it was.") if visit.filters.get("done") == "erase" else None),
        stream=stream,
        notes=visit.wording.notes([point["country"]]),
    )


def _ask(visit: Visit, point: Json) -> list[tuple[str, str]]:
    """(address, words) of the form that asks it, where it serves now."""
    if point["on"] or not point["country"] or point["state"] not in SERVING:
        return []
    types = point["specialisations"]
    path = ask_path(point["country"], {"crime_type": types[0] if len(types) == 1 else None}, {**point, **ITSELF})
    return [(f"/{visit.language}/{path}", visit.wording.say("Ask this contact point"))]


async def _named(visit: Visit, point: Json) -> dict[str, str]:
    """Id -> words of the contact points it names: deputy, whoever answers meanwhile, successor."""
    ids = {point[name] for name in ("deputy_ref", "absence_deputy_ref", "successor_ref")} - {None}
    replies = await asyncio.gather(*(visit.desk.get("contacts", f"/contact-points/{id_}") for id_ in sorted(ids)))
    return {reply.body["id"]: name_of(visit, reply.body) for reply in replies if reply.ok}


@router.get("/{lang}/contact-points/{point_id}/person")
async def ask_why(visit: Signed, point_id: Id) -> Response:
    """Why are the details needed? Nothing is shown before that is said."""
    point = await _point(visit, point_id)
    return _person(visit, point, 200)


@router.post("/{lang}/contact-points/{point_id}/person")
async def person(visit: Signed, point_id: Id, purpose: Annotated[str, Form()] = "", form_token: Annotated[str, Form()] = "") -> Response:
    """The details, for this purpose; the owner logs who read them, why, and that it was on a page."""
    visit.check_form(form_token)
    point = await _point(visit, point_id)
    if not purpose:
        return _person(visit, point, 422, error=visit.wording.say("Please fill this in."))
    said = await visit.desk.get("contacts", f"/persons/{point['person_ref']}", purpose=purpose, surface="web")
    if said.status == 422:
        return _person(visit, point, 422, error=visit.wording.say("Choose one of the list."))
    answer = _person(visit, point, 200 if said.ok else said.status or 503, said=said, purpose=purpose)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/{lang}/contact-points/{point_id}/card")
async def card(visit: Signed, point_id: Id, purpose: Annotated[str, Form()] = "", form_token: Annotated[str, Form()] = "") -> Response:
    """The same as a vCard; it is a reading like any other, and is logged as one."""
    visit.check_form(form_token)
    point = await _point(visit, point_id)
    said, content = await visit.desk.file("contacts", f"/persons/{point['person_ref']}/vcard", purpose=purpose, surface="web")
    if not said.ok:
        return _person(visit, point, said.status or 503, said=said, purpose=purpose)
    return attached(content, "contact-point.vcf", "text/vcard; charset=utf-8")


def _person(visit: Visit, point: Json, status: int, *, said: Reply | None = None, purpose: str = "", error: str = "") -> Response:
    may, who_may = visit.may("contacts.get_person"), visit.who_may("contacts.get_person")
    shown = {"point": point, "name": name_of(visit, point), "said": said, "purpose": purpose, "error": error, "may": may}
    return visit.page("person.html", status, **shown, who_may=who_may, choices=purposes(visit))


@router.get("/{lang}/contact-points/{point_id}/erase")
async def ask_erasure(visit: Signed, point_id: Id) -> Response:
    """What an erasure does, before it is asked for."""
    point = await _point(visit, point_id)
    return _erasure(visit, point, sure=False)


@router.post("/{lang}/contact-points/{point_id}/erase")
async def erase(
    visit: Signed,
    point_id: Id,
    form_token: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
    key: Annotated[str, Form()] = "",
) -> Response:
    """The first form leads to the second; the second destroys the key."""
    visit.check_form(form_token)
    point = await _point(visit, point_id)
    if sure != point["person_ref"]:
        return _erasure(visit, point, sure=True)
    said = await visit.desk.delete("contacts", f"/persons/{point['person_ref']}", key=key or None)
    if not said.ok and said.status != 404:
        return _erasure(visit, point, sure=True, refused=said)
    return RedirectResponse(f"/{visit.language}/contact-points/{point_id}?done=erase", 303)


def _erasure(visit: Visit, point: Json, *, sure: bool, refused: Reply | None = None) -> Response:
    shown = {"point": point, "name": name_of(visit, point), "sure": sure, "refused": refused, "key": str(uuid4())}
    may, who_may = visit.may("contacts.erase_person"), visit.who_may("contacts.erase_person")
    return visit.page("erase.html", refused.status or 503 if refused else 200, **shown, may=may, who_may=who_may)


async def _point(visit: Visit, point_id: str) -> Json:
    said = await visit.thing("contacts", f"/contact-points/{point_id}")
    return said.body
