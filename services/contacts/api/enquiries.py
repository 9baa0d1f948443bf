"""Enquiries, for both sides: the country that asks, and the country that is asked."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request, Response
from pydantic import BaseModel, StringConstraints

from services.contacts import domain, store, views
from services.contacts.api.inputs import Reference, Words
from services.contacts.commands import enquiries as commands
from services.contacts.commands import steps
from shared import web
from shared.auth import Caller
from shared.codes import one_of
from shared.db import Tx
from shared.errors import Forbidden, Invalid
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, etag
from shared.web.values import Chosen, Country, CrimeType, CrimeTypes, Flag, Id, Nearby, Retraction, Short

router = web.router("/enquiries", "enquiries")


class NewEnquiry(BaseModel):
    """What one country asks of another; no word of the case. Without `country` the one that the token names asks."""

    reference: Reference | None = None
    country: Country | None = None
    to_country: Country
    measure: one_of("cooperation_measure")  # type: ignore[valid-type]  # a type made of a code list
    crime_types: CrimeTypes = []
    urgency: one_of("urgency") = "normal"  # type: ignore[valid-type]
    channel: one_of("enquiry_channel") = "direct"  # type: ignore[valid-type]
    case_ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,59}$")] | None = None
    """Opaque: nobody but its owner can tell which case it is."""
    asker_ref: Id | None = None
    """The contact point that asks, who is told of the answer."""
    addressee_ref: Id | None = None
    """Who is asked: anybody on the answer card, or a network. Left out, it is sent later."""


class Send(BaseModel):
    """Who is asked: a contact point, an authority, a network, a liaison posting there, or the diplomatic channel."""

    addressee_ref: Id


class At(BaseModel):
    """The moment it happened; now where none is given."""

    at: Nearby | None = None


class Refusal(At):
    """Why it is refused; in words too where the code says nothing, and then without any name or word of the case."""

    reason: one_of("refusal_reason")  # type: ignore[valid-type]
    told: Short | None = None


class Closing(BaseModel):
    """Whether the answer helped, where that can be said."""

    useful: Flag | None = None


def _clocks(request: Request) -> commands.Clocks:
    clocks: commands.Clocks = request.app.state.clocks
    return clocks


Clocks = Annotated[commands.Clocks, Depends(_clocks)]


def _concerned(asker: Caller, countries: Iterable[str]) -> None:
    """Raises `Forbidden` where the token covers none of them."""
    if not any(asker.concerns(country) for country in countries):
        raise Forbidden("Your token covers neither the country that asks nor the one that is asked")


async def _enquiry(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Enquiry:
    enquiry: domain.Enquiry = await store.locked(tx, store.ENQUIRIES, id)
    _concerned(asker, (enquiry.country, enquiry.to_country))
    return enquiry


async def _asking(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Enquiry:
    enquiry: domain.Enquiry = await store.locked(tx, store.ENQUIRIES, id)
    asker.require_country(enquiry.country)
    return enquiry


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Either = Annotated[domain.Enquiry, Depends(_enquiry)]
"""Whoever asks may note an answer that came by another way."""
Asking = Annotated[domain.Enquiry, Depends(_asking)]


@router.get("")
async def list_enquiries(
    tx: Tx,
    paging: Paging,
    asker: Asker,
    country: Country | None = None,
    to_country: Country | None = None,
    addressee: Id | None = None,
    direction: one_of("enquiry_direction") | None = None,  # type: ignore[valid-type]
    state: one_of("enquiry_state") | None = None,  # type: ignore[valid-type]
    urgency: one_of("urgency") | None = None,  # type: ignore[valid-type]
    measure: one_of("cooperation_measure") | None = None,  # type: ignore[valid-type]
    crime_type: CrimeType | None = None,
    clock: one_of("enquiry_clock") | None = None,  # type: ignore[valid-type]
    q: Words = None,
    ids: Chosen = None,
) -> Page[views.enquiries.EnquiryRow]:
    """Enquiries that concern the token's countries, newest first; `direction`: asked of them, or asked by them."""
    asked: dict[str, Any] = {"country": country, "to_country": to_country, "addressee": addressee, "direction": direction, "state": state}
    asked |= {"urgency": urgency, "measure": measure, "crime_type": crime_type, "clock": clock, "q": q, "ids": ids}
    return await views.enquiries.enquiries(tx, mine=asker.countries, limit=paging.limit, after=paging.after, **asked)


@router.post("", status_code=201, responses=MADE)
async def open_enquiry(
    tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, given: NewEnquiry, response: Response
) -> views.enquiries.EnquiryPage:
    """A country asks another (A10, P1 step 4)."""
    country = given.country or _own(asker)
    asker.require_country(country)
    described = given.model_dump(exclude={"country", "asker_ref", "addressee_ref"})
    described |= {"country": country, "crime_types": tuple(dict.fromkeys(given.crime_types)), "asker": given.asker_ref}
    id_ = await commands.ask(tx, origin, clocks, described, given.addressee_ref)
    response.headers["Location"] = f"/enquiries/{id_}"
    return await _shown(tx, asker, id_, response)


@router.get("/addressees")
async def list_addressees(tx: Tx, paging: Paging, asker: Asker, ids: Chosen = None) -> Page[views.enquiries.AskedRow]:
    """Who is asked in the enquiries that concern the token's countries, whoever has most of them first."""
    return await views.enquiries.addressees(tx, mine=asker.countries, limit=paging.limit, after=paging.after, ids=ids)


@router.get("/{id}", responses=SHOWN)
async def get_enquiry(id: Id, tx: Tx, asker: Asker, response: Response) -> views.enquiries.EnquiryPage:
    """One enquiry with its clock, who else could be asked, and every step that led here."""
    return await _shown(tx, asker, id, response)


@router.post("/{id}/route", responses=SHOWN)
async def route_enquiry(
    enquiry: Asking, tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, expected: Expected, given: Send, response: Response
) -> views.enquiries.EnquiryPage:
    """It goes to the first who is asked (B7)."""
    await _hold(tx, asker, expected, enquiry)
    await commands.route(tx, origin, clocks, enquiry, given.addressee_ref)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/escalate", responses=SHOWN)
async def escalate_enquiry(
    enquiry: Asking, tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, expected: Expected, given: Send, response: Response
) -> views.enquiries.EnquiryPage:
    """It goes on to the next (P1 step 5)."""
    await _hold(tx, asker, expected, enquiry)
    await commands.escalate(tx, origin, clocks, enquiry, given.addressee_ref)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/acknowledge", responses=SHOWN)
async def acknowledge_enquiry(
    enquiry: Either, tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, expected: Expected, given: At, response: Response
) -> views.enquiries.EnquiryPage:
    """Whoever was asked has it in hand (M4)."""
    await _hold(tx, asker, expected, enquiry)
    await commands.acknowledge(tx, origin, clocks, enquiry, given.at)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/answer", responses=SHOWN)
async def answer_enquiry(
    enquiry: Either, tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, expected: Expected, given: At, response: Response
) -> views.enquiries.EnquiryPage:
    """It is answered; what the answer says goes another way (M4)."""
    await _hold(tx, asker, expected, enquiry)
    await commands.answer(tx, origin, clocks, enquiry, given.at)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/refuse", responses=SHOWN)
async def refuse_enquiry(
    enquiry: Either, tx: Tx, asker: Asker, origin: Caused, clocks: Clocks, expected: Expected, given: Refusal, response: Response
) -> views.enquiries.EnquiryPage:
    """It is refused, with a reason (M4)."""
    await _hold(tx, asker, expected, enquiry)
    if given.reason == "OTHER" and given.told is None:
        raise Invalid("told", "is needed where the reason is another")
    await commands.refuse(tx, origin, clocks, enquiry, given.at, reason=given.reason, told=given.told)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/withdraw", responses=SHOWN)
async def withdraw_enquiry(
    enquiry: Asking, tx: Tx, asker: Asker, origin: Caused, expected: Expected, response: Response
) -> views.enquiries.EnquiryPage:
    """No answer is wanted any more."""
    await _hold(tx, asker, expected, enquiry)
    await commands.withdraw(tx, origin, enquiry)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/close", responses=SHOWN)
async def close_enquiry(
    enquiry: Asking, tx: Tx, asker: Asker, origin: Caused, expected: Expected, given: Closing, response: Response
) -> views.enquiries.EnquiryPage:
    """Done with: useful or not (P1 step 6)."""
    await _hold(tx, asker, expected, enquiry)
    await commands.close(tx, origin, enquiry, given.useful)
    return await _shown(tx, asker, enquiry.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_enquiry(
    enquiry: Either, tx: Tx, asker: Asker, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.enquiries.EnquiryPage:
    """Take the newest fact back: it counts no longer."""
    await _hold(tx, asker, expected, enquiry)
    await steps.retract(tx, origin, store.ENQUIRIES, enquiry, given.corrects, given.reason)
    return await _shown(tx, asker, enquiry.id, response)


times = web.router("/response-times", "enquiries")


@times.get("")
async def list_response_times(
    tx: Tx, paging: Paging, country: Country | None = None, to_country: Country | None = None
) -> Page[views.enquiries.PairRow]:
    """How each country answers each other: asked, answered, refused, and the median working time of an answer."""
    asked = {"country": country, "to_country": to_country}
    return await views.enquiries.pairs(tx, limit=paging.limit, after=paging.after, **asked)


def _own(asker: Caller) -> str:
    """The one country that the token names; raises `Invalid` where it names none, several or all."""
    if len(asker.countries) != 1 or "*" in asker.countries:
        raise Invalid("country", "is needed: your token does not name one country")
    return next(iter(asker.countries))


async def _hold(tx: Tx, asker: Caller, expected: Expected, enquiry: domain.Enquiry) -> None:
    await expected.hold(enquiry.version, lambda: views.enquiries.enquiry(tx, enquiry.id, asker.concerns))


async def _shown(tx: Tx, asker: Caller, id_: UUID, response: Response) -> views.enquiries.EnquiryPage:
    page = await views.enquiries.enquiry(tx, id_, asker.concerns)
    _concerned(asker, (page.country, page.to_country))
    etag(response, page.version)
    return page
