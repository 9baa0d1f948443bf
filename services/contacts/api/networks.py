"""Networks of specialists: whether they are at work, who belongs to them, and what they are linked with."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field, StringConstraints

from services.contacts import domain, store, views
from services.contacts.api.inputs import BESIDE, Reference, Specialisations, Told, Turn, Words
from services.contacts.commands import networks as commands
from services.contacts.commands import steps
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Country, CrimeType, Day, Id, Names, Retraction

router = web.router("/networks", "networks")
whole = Whole(views.registers.network, "/networks")

Rhythm = Annotated[str, StringConstraints(pattern="^P[1-9][0-9]{0,2}[DWMY]$"), Field(examples=["P3M"])]


class NewNetwork(Told):
    """A network to found; `domain` are the crime types it is for, `rhythm` how often it is to meet (ISO 8601)."""

    reference: Reference
    country: Country | None = None
    name: Names
    kind: one_of("network_kind")  # type: ignore[valid-type]  # a type made of a code list
    domain: Specialisations = []  # noqa: RUF012 - pydantic copies it
    fields: Annotated[list[one_of("network_field")], Field(max_length=20)] = []  # type: ignore[valid-type]  # noqa: RUF012
    level: one_of("network_level")  # type: ignore[valid-type]
    rhythm: Rhythm | None = None
    secretariat_ref: Id | None = None
    """The network that keeps its secretariat."""
    partners: Annotated[list[Reference], Field(max_length=60)] = []  # noqa: RUF012 - pydantic copies it
    """References of partners that it works with."""
    on: Day | None = None
    """The day it was founded, or for which a source says that it is there; now where none is given."""


class NewMembership(BaseModel):
    """Who belongs to it, in which role, since when."""

    member_ref: Id
    role: one_of("membership_role")  # type: ignore[valid-type]
    valid_from: Day


class EndOfMembership(BaseModel):
    """Who belongs to it no longer, from which day on."""

    member_ref: Id
    valid_to: Day


class NewLink(Turn):
    """Which other network it works with, and for what; `basis` where it is known."""

    other_network: Id
    purpose: one_of("purpose")  # type: ignore[valid-type]
    basis: one_of("link_basis") | None = None  # type: ignore[valid-type]


class EndOfLink(Turn):
    """Which network it works with no longer."""

    other_network: Id


async def _network(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Network:
    network: domain.Network = await store.locked(tx, store.NETWORKS, id)
    asker.require_country(network.country)
    return network


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Network, Depends(_network)]


@router.get("")
async def list_networks(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    kind: one_of("network_kind") | None = None,  # type: ignore[valid-type]
    level: one_of("network_level") | None = None,  # type: ignore[valid-type]
    state: one_of("network_state") | None = None,  # type: ignore[valid-type]
    domain: CrimeType | None = None,
    q: Words = None,
) -> Page[views.registers.NetworkRow]:
    """Networks."""
    asked = {"country": country, "kind": kind, "level": level, "state": state, "domain": domain, "q": q}
    return await views.registers.networks(tx, limit=paging.limit, after=paging.after, **asked)


@router.post("", status_code=201, responses=MADE)
async def found_network(tx: Tx, asker: Asker, origin: Caused, given: NewNetwork, response: Response) -> views.registers.NetworkPage:
    """A network is set up (A4)."""
    asker.require_country(given.country)
    beside = given.model_dump(mode="json", include={*BESIDE, "partners"}, exclude_none=True)
    described = given.model_dump(exclude={*BESIDE, "partners", "on"})
    described |= {"domain": tuple(dict.fromkeys(given.domain)), "fields": tuple(dict.fromkeys(given.fields))}
    id_ = await commands.found(tx, origin, described, beside, given.on)
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_network(id: Id, tx: Tx, response: Response) -> views.registers.NetworkPage:
    """One network, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/{id}/activate", responses=SHOWN)
async def activate_network(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Turn, response: Response
) -> views.registers.NetworkPage:
    """It is at work (A4)."""
    await whole.hold(tx, expected, network)
    await commands.turn(tx, origin, network, "activate", given.on)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/flag-silent", responses=SHOWN)
async def flag_silent_network(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Turn, response: Response
) -> views.registers.NetworkPage:
    """Nothing was heard of it for too long (A6)."""
    await whole.hold(tx, expected, network)
    await commands.turn(tx, origin, network, "flag silent", given.on)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/dissolve", responses=SHOWN)
async def dissolve_network(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Turn, response: Response
) -> views.registers.NetworkPage:
    """It is no more."""
    await whole.hold(tx, expected, network)
    await commands.turn(tx, origin, network, "dissolve", given.on)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/grant-membership", responses=SHOWN)
async def grant_membership(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewMembership, response: Response
) -> views.registers.NetworkPage:
    """An authority, a contact point or another network belongs to it."""
    await whole.hold(tx, expected, network)
    await commands.grant(tx, origin, network, domain.Membership(given.member_ref, given.role, given.valid_from))
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/end-membership", responses=SHOWN)
async def end_membership(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: EndOfMembership, response: Response
) -> views.registers.NetworkPage:
    """It belongs to it no longer."""
    await whole.hold(tx, expected, network)
    await commands.end_membership(tx, origin, network, given.member_ref, given.valid_to)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/interconnect", responses=SHOWN)
async def interconnect_networks(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewLink, response: Response
) -> views.registers.NetworkPage:
    """It works with another network; the link holds in both directions (A7)."""
    await whole.hold(tx, expected, network)
    await commands.interconnect(tx, origin, network, domain.Link(given.other_network, given.purpose, given.basis), given.on)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/disconnect", responses=SHOWN)
async def disconnect_networks(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: EndOfLink, response: Response
) -> views.registers.NetworkPage:
    """It works with the other network no longer; said by the one that said the link (A7)."""
    await whole.hold(tx, expected, network)
    await commands.disconnect(tx, origin, network, given.other_network, given.on)
    return await whole.shown(tx, network.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_network(
    network: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.registers.NetworkPage:
    """Take the newest fact back: it counts no longer."""
    await whole.hold(tx, expected, network)
    await steps.retract(tx, origin, store.NETWORKS, network, given.corrects, given.reason)
    return await whole.shown(tx, network.id, response)
