"""Authorities: offices, public within the instance."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.contacts import commands, domain, store, views
from services.contacts.api.inputs import Language, Mailbox, Phone, Reference, Subdivision, Words, Zone
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, etag
from shared.web.values import Country, Id, Names, Source

router = web.router("/authorities", "authorities")


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


async def _authority(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Authority:
    authority = await store.authority(tx, id)
    asker.require_country(authority.country)
    return authority


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Authority, Depends(_authority)]


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
    response.headers["Location"] = f"/authorities/{id_}"
    return await _shown(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_authority(id: Id, tx: Tx, response: Response) -> views.AuthorityPage:
    """One authority."""
    return await _shown(tx, id, response)


@router.put("/{id}", responses=SHOWN)
async def amend_authority(
    authority: Loaded, tx: Tx, origin: Caused, expected: Expected, given: AuthorityDescription, response: Response
) -> views.AuthorityPage:
    """Its whole new description."""
    await expected.hold(authority.version, lambda: views.authority(tx, authority.id))
    await commands.amend_authority(tx, origin, authority, _described(given))
    return await _shown(tx, authority.id, response)


def _described(given: AuthorityDescription) -> dict[str, Any]:
    return given.model_dump(exclude={"source"}) | {"languages": tuple(dict.fromkeys(given.languages))}


async def _shown(tx: Tx, id_: UUID, response: Response) -> views.AuthorityPage:
    page = await views.authority(tx, id_)
    etag(response, page.version)
    return page
