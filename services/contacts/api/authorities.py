"""Authorities: offices, public within the instance."""

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.contacts import commands, domain, store, views
from services.contacts.api.inputs import Language, Mailbox, Phone, Reference, Subdivision, Words, Zone
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole, etag
from shared.web.values import Country, CrimeTypes, Day, Id, Names, Retraction, Source

router = web.router("/authorities", "authorities")
whole = Whole(views.authority, "/authorities")


class AuthorityDescription(BaseModel):
    """What an authority is and how its office is reached; no person is named here."""

    name: Names
    kind: one_of("institution_kind")  # type: ignore[valid-type]  # a type made of a code list
    subdivision: Subdivision | None = None
    zone: Zone
    languages: Annotated[list[Language], Field(max_length=40)] = []
    role_mailbox: Mailbox | None = None
    phone_24x7: Phone | None = None


class NewAuthority(AuthorityDescription):
    """An authority to register; the reference is its lasting name, the country stays."""

    reference: Reference
    country: Country | None = None
    source: Source | None = None


class NewCompetence(BaseModel):
    """Which questions the authority answers, from when on; an empty list leaves that question open to all."""

    crime_types: CrimeTypes = []
    measures: Annotated[list[one_of("cooperation_measure")], Field(max_length=60)] = []  # type: ignore[valid-type]
    instruments: Annotated[list[Reference], Field(max_length=60)] = []
    territory: Annotated[list[Subdivision], Field(max_length=60)] = []
    stage: one_of("proceedings_stage") | None = None  # type: ignore[valid-type]
    valid_from: Day
    valid_to: Day | None = None
    """The first day on which it holds no longer."""


class Withdrawal(BaseModel):
    """From which day on it is competent no longer."""

    valid_to: Day


async def _authority(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Authority:
    authority = await store.authority(tx, id)
    asker.require_country(authority.country)
    return authority


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Authority, Depends(_authority)]


async def _page(id: Annotated[Id, Path()], tx: Tx) -> views.AuthorityPage:
    return await views.authority(tx, id)


Shown = Annotated[views.AuthorityPage, Depends(_page)]


async def _competence(authority: Loaded, competence: Annotated[Id, Path()], tx: Tx) -> domain.Competence:
    return await store.competence(tx, authority.id, competence)


Held = Annotated[domain.Competence, Depends(_competence)]


@router.get("")
async def list_authorities(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    kind: one_of("institution_kind") | None = None,  # type: ignore[valid-type]
    q: Words = None,
) -> Page[views.AuthorityRow]:
    """Authorities."""
    return await views.authorities(tx, limit=paging.limit, after=paging.after, q=q, country=country, kind=kind)


@router.post("", status_code=201, responses=MADE)
async def register_authority(tx: Tx, asker: Asker, origin: Caused, given: NewAuthority, response: Response) -> views.AuthorityPage:
    """An authority becomes known."""
    asker.require_country(given.country)
    id_ = await commands.register_authority(tx, origin, _described(given), given.source.model_dump() if given.source else None)
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_authority(page: Shown, response: Response, on: Day | None = None) -> views.AuthorityPage:
    """One authority; `on` shows only the competences that held on that day."""
    etag(response, page.version)
    held = page.competences if on is None else [each for each in page.competences if each.holds(on)]
    return page.model_copy(update={"competences": held})


@router.put("/{id}", responses=SHOWN)
async def amend_authority(
    authority: Loaded, tx: Tx, origin: Caused, expected: Expected, given: AuthorityDescription, response: Response
) -> views.AuthorityPage:
    """Its whole new description."""
    await expected.hold(authority.version, lambda: views.authority(tx, authority.id))
    await commands.amend_authority(tx, origin, authority, _described(given))
    return await whole.shown(tx, authority.id, response)


@router.post("/{id}/competences", responses=SHOWN)
async def declare_competence(
    authority: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewCompetence, response: Response
) -> views.AuthorityPage:
    """It is competent from a day on (B6)."""
    await expected.hold(authority.version, lambda: views.authority(tx, authority.id))
    said = {name: tuple(dict.fromkeys(getattr(given, name))) for name in ("crime_types", "measures", "instruments", "territory")}
    scope = domain.Scope(**said, stage=given.stage)
    await commands.competences.declare(tx, origin, authority, scope, given.valid_from, given.valid_to)
    return await whole.shown(tx, authority.id, response)


@router.post("/{id}/competences/{competence}/withdraw", responses=SHOWN)
async def withdraw_competence(
    authority: Loaded, held: Held, tx: Tx, origin: Caused, expected: Expected, given: Withdrawal, response: Response
) -> views.AuthorityPage:
    """It is competent no longer from a day on (B6)."""
    await expected.hold(authority.version, lambda: views.authority(tx, authority.id))
    await commands.competences.withdraw(tx, origin, authority, held, given.valid_to)
    return await whole.shown(tx, authority.id, response)


@router.post("/{id}/competences/{competence}/retract", responses=SHOWN)
async def retract_competence(
    authority: Loaded, held: Held, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.AuthorityPage:
    """Take the newest fact of a competence back: it counts no longer."""
    await expected.hold(authority.version, lambda: views.authority(tx, authority.id))
    await commands.competences.retract(tx, origin, authority, held, given.corrects, given.reason)
    return await whole.shown(tx, authority.id, response)


def _described(given: AuthorityDescription) -> dict[str, Any]:
    return given.model_dump(exclude={"source"}) | {"languages": tuple(dict.fromkeys(given.languages))}
