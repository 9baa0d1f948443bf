"""The kinds of crime that have priority: for each of them a network is wanted."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from services.contacts import domain, store, views
from services.contacts.api.inputs import Reference, Words
from services.contacts.commands import networks as commands
from services.contacts.commands import steps
from shared import web
from shared.codes import LISTS
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Country, CrimeType, Day, Id, Names, Prose, Retraction, Source

router = web.router("/domains", "domains")
whole = Whole(views.registers.domain, "/domains")


class NewDomain(BaseModel):
    """A kind of crime that has priority in a country, or everywhere; its label is the code list's where none is given."""

    reference: Reference
    country: Country | None = None
    code: CrimeType
    label: Names | None = None
    valid_from: Day
    notes: Prose | None = None
    source: Source | None = None


async def _domain(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.PriorityDomain:
    found: domain.PriorityDomain = await store.locked(tx, store.DOMAINS, id)
    asker.require_country(found.country)
    return found


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.PriorityDomain, Depends(_domain)]


@router.get("")
async def list_domains(
    tx: Tx, paging: Paging, country: Country | None = None, domain: CrimeType | None = None, q: Words = None
) -> Page[views.registers.DomainRow]:
    """Priorities."""
    return await views.registers.domains(tx, limit=paging.limit, after=paging.after, country=country, domain=domain, q=q)


@router.post("", status_code=201, responses=MADE)
async def add_domain(tx: Tx, asker: Asker, origin: Caused, given: NewDomain, response: Response) -> views.registers.DomainPage:
    """A kind of crime has priority (A5)."""
    asker.require_country(given.country)
    label = given.label or {"en": LISTS["crime_type"].codes[given.code]}
    described = given.model_dump(include={"reference", "country", "code", "valid_from"}) | {"label": label}
    beside = given.model_dump(mode="json", include={"notes", "source"}, exclude_none=True)
    id_ = await commands.add_domain(tx, origin, described, beside)
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_domain(id: Id, tx: Tx, response: Response) -> views.registers.DomainPage:
    """One priority, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_domain(
    found: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.registers.DomainPage:
    """It should never have been said."""
    await expected.hold(found.version, lambda: views.registers.domain(tx, found.id))
    await steps.retract(tx, origin, store.DOMAINS, found, given.corrects, given.reason)
    return await whole.shown(tx, found.id, response)
