"""Liaison postings: who was sent by whom to whom, until when, and who pays for it."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.contacts import domain, store, views
from services.contacts.api.inputs import Reference, Words
from services.contacts.commands import liaisons as commands
from services.contacts.commands import steps
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Country, Day, Id, Prose, Retraction, Source

router = web.router("/liaisons", "liaisons")
whole = Whole(views.registers.liaison, "/liaisons")

NOTED = ("notes", "source")


class NewLiaison(BaseModel):
    """A posting: a country posts or an organisation, at a country or an organisation; organisations by their reference among partners."""

    reference: Reference
    country: Country | None = None
    organisation: Reference | None = None
    kind: one_of("liaison_kind")  # type: ignore[valid-type]  # a type made of a code list
    host: Country | Reference
    """A country's code, or an organisation's reference."""
    contact_point_ref: Id | None = None
    """Who is posted, as a contact point; never a name."""
    valid_from: Day
    valid_to: Day | None = None
    """The first day on which it holds no longer."""
    notes: Prose | None = None
    source: Source | None = None


class EndOfPosting(BaseModel):
    """The first day on which it holds no longer."""

    valid_to: Day


class Funding(BaseModel):
    """How many percent of its costs others bear, and who."""

    funding_share: Annotated[int, Field(strict=True, ge=0, le=100)]
    funder_ref: Reference | None = None


async def _liaison(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Liaison:
    liaison: domain.Liaison = await store.locked(tx, store.LIAISONS, id)
    asker.require_country(liaison.country)
    return liaison


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Liaison, Depends(_liaison)]


@router.get("")
async def list_liaisons(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    host: Country | None = None,
    kind: one_of("liaison_kind") | None = None,  # type: ignore[valid-type]
    state: one_of("liaison_state") | None = None,  # type: ignore[valid-type]
    on: Day | None = None,
    q: Words = None,
) -> Page[views.registers.LiaisonRow]:
    """Liaison postings; `on`: those that hold on that day."""
    asked = {"country": country, "host": host, "kind": kind, "state": state, "on": on, "q": q}
    return await views.registers.liaisons(tx, limit=paging.limit, after=paging.after, **asked)


@router.post("", status_code=201, responses=MADE)
async def post_liaison(tx: Tx, asker: Asker, origin: Caused, given: NewLiaison, response: Response) -> views.registers.LiaisonPage:
    """Somebody is posted (PA-07, PA-18)."""
    asker.require_country(given.country)
    described = given.model_dump(include={"reference", "country", "organisation", "kind", "valid_from", "valid_to"})
    described |= {"contact_point": given.contact_point_ref, "host": given.host}
    id_ = await commands.post(tx, origin, described, given.model_dump(mode="json", include={*NOTED}, exclude_none=True))
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_liaison(id: Id, tx: Tx, response: Response) -> views.registers.LiaisonPage:
    """One posting, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/{id}/end", responses=SHOWN)
async def end_liaison(
    liaison: Loaded, tx: Tx, origin: Caused, expected: Expected, given: EndOfPosting, response: Response
) -> views.registers.LiaisonPage:
    """It holds no longer (PA-07)."""
    await whole.hold(tx, expected, liaison)
    await commands.end(tx, origin, liaison, given.valid_to)
    return await whole.shown(tx, liaison.id, response)


@router.post("/{id}/fund", responses=SHOWN)
async def fund_liaison(
    liaison: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Funding, response: Response
) -> views.registers.LiaisonPage:
    """Others bear a part of its costs (WB-06)."""
    await whole.hold(tx, expected, liaison)
    await commands.fund(tx, origin, liaison, given.funding_share, given.funder_ref)
    return await whole.shown(tx, liaison.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_liaison(
    liaison: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.registers.LiaisonPage:
    """Take the newest fact back: it counts no longer."""
    await whole.hold(tx, expected, liaison)
    await steps.retract(tx, origin, store.LIAISONS, liaison, given.corrects, given.reason)
    return await whole.shown(tx, liaison.id, response)
