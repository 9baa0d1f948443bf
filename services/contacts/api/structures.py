"""Structures: the offices and national networks through which a country coordinates."""

from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.contacts import domain, store, views
from services.contacts.api.inputs import BESIDE, Reference, Told, Words
from services.contacts.commands import networks as commands
from services.contacts.commands import steps
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Country, Day, Id, Names, Retraction

router = web.router("/structures", "structures")
whole = Whole(views.registers.structure, "/structures")


class NewStructure(Told):
    """A structure; parties are countries by their code and organisations by their reference."""

    reference: Reference
    country: Country | None = None
    name: Names
    kind: one_of("structure_kind")  # type: ignore[valid-type]  # a type made of a code list
    form: one_of("structure_form")  # type: ignore[valid-type]
    countries: Annotated[list[Country], Field(max_length=60)] = []  # noqa: RUF012 - pydantic copies it
    organisations: Annotated[list[Reference], Field(max_length=60)] = []  # noqa: RUF012 - pydantic copies it
    on: Day | None = None
    """The day it was established, or for which a source says that it is there; now where none is given."""


class NewRole(BaseModel):
    """Which role, and which authority has it, where that is known."""

    role: one_of("structure_role")  # type: ignore[valid-type]
    authority_ref: Id | None = None


class NewPlan(BaseModel):
    """The days that an action plan is for."""

    plan_from: Day
    plan_to: Day


class NewChannel(BaseModel):
    """A channel through which it works."""

    channel: one_of("channel")  # type: ignore[valid-type]


async def _structure(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> domain.Structure:
    structure: domain.Structure = await store.locked(tx, store.STRUCTURES, id)
    asker.require_country(structure.country)
    return structure


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Structure, Depends(_structure)]


@router.get("")
async def list_structures(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    kind: one_of("structure_kind") | None = None,  # type: ignore[valid-type]
    party: Country | None = None,
    q: Words = None,
) -> Page[views.registers.StructureRow]:
    """Structures."""
    asked = {"country": country, "kind": kind, "party": party, "q": q}
    return await views.registers.structures(tx, limit=paging.limit, after=paging.after, **asked)


@router.post("", status_code=201, responses=MADE)
async def establish_structure(
    tx: Tx, asker: Asker, origin: Caused, given: NewStructure, response: Response
) -> views.registers.StructurePage:
    """A structure is there (M2, F1, F5, OP-21)."""
    asker.require_country(given.country)
    described = given.model_dump(include={"reference", "country", "name", "kind", "form"})
    described["parties"] = tuple(dict.fromkeys((*given.countries, *given.organisations)))
    id_ = await commands.establish(tx, origin, described, given.model_dump(mode="json", include={*BESIDE}, exclude_none=True), given.on)
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_structure(id: Id, tx: Tx, response: Response) -> views.registers.StructurePage:
    """One structure, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/{id}/assign-role", responses=SHOWN)
async def assign_role(
    structure: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewRole, response: Response
) -> views.registers.StructurePage:
    """Somebody has a role in it (M7, F2)."""
    await whole.hold(tx, expected, structure)
    await commands.assign_role(tx, origin, structure, domain.Role(given.role, given.authority_ref))
    return await whole.shown(tx, structure.id, response)


@router.post("/{id}/adopt-action-plan", responses=SHOWN)
async def adopt_action_plan(
    structure: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewPlan, response: Response
) -> views.registers.StructurePage:
    """It has a plan for some time (M2)."""
    await whole.hold(tx, expected, structure)
    await commands.adopt_plan(tx, origin, structure, given.plan_from, given.plan_to)
    return await whole.shown(tx, structure.id, response)


@router.post("/{id}/declare-channel", responses=SHOWN)
async def declare_channel(
    structure: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewChannel, response: Response
) -> views.registers.StructurePage:
    """It works through a channel (F5)."""
    await whole.hold(tx, expected, structure)
    await commands.declare_channel(tx, origin, structure, given.channel)
    return await whole.shown(tx, structure.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_structure(
    structure: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.registers.StructurePage:
    """Take the newest fact back: it counts no longer."""
    await whole.hold(tx, expected, structure)
    await steps.retract(tx, origin, store.STRUCTURES, structure, given.corrects, given.reason)
    return await whole.shown(tx, structure.id, response)
