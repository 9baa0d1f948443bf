"""HTTP in: routes and their request models."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.capacity import commands, domain, store, views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole, values
from shared.web.values import PROSE, Day, Id, Names, Prose, Retraction, Short, Source

router = web.router("/tools", "tools")
whole = Whole(views.tool, "/tools")

Reference = Annotated[values.Reference, Field(examples=["euromed-handbook"])]
References = Annotated[list[Reference], Field(max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$"), Field(examples=["fr"])]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]
Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words in title, purpose or reference")]

BESIDE = {"purpose", "notes", "number", "users", "networks", "source"}
"""What is kept beside a tool and goes on no topic."""


class ToolDescription(BaseModel):
    """What a tool is, what it is for and in which languages it can be read."""

    title: Names
    kind: one_of("tool_kind")  # type: ignore[valid-type]  # a type made of a code list
    edition: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$")] = "1"
    languages: Annotated[list[Language], Field(max_length=40)] = []
    measures: Annotated[list[one_of("measure")], Field(max_length=40)] = []  # type: ignore[valid-type]
    owner: Reference | None = None
    address: Address | None = None
    purpose: Prose | None = None
    notes: Prose | None = None
    number: Short | None = None
    """Under which a document is known, such as COM(2021) 170 final."""
    users: References = []
    networks: References = []
    """References of networks that it belongs to."""
    source: Source | None = None

    def described(self) -> dict[str, Any]:
        """As the domain takes it."""
        once = {name: tuple(dict.fromkeys(getattr(self, name))) for name in ("languages", "measures")}
        return self.model_dump(include={"title", "kind", "edition", "owner", "address"}) | once

    def beside(self) -> dict[str, Any]:
        """What is kept beside it."""
        return self.model_dump(mode="json", include=BESIDE, exclude_none=True)


class NewTool(ToolDescription):
    """A tool to publish; the reference is its lasting name."""

    reference: Reference
    on: Day | None = None
    """The day it was published, or for which a source says that it is there; now where none is given."""


class NewTranslation(BaseModel):
    """In which language its newest revision can be read."""

    language: Language


class NewAdoption(BaseModel):
    """Which country uses it, since when."""

    country: one_of("country")  # type: ignore[valid-type]
    adopted_on: Day


async def _tool(id: Annotated[Id, Path()], tx: Tx) -> domain.Tool:
    return await store.tool(tx, id)


async def _shared_tool(tool: Annotated[domain.Tool, Depends(_tool)], asker: Asker) -> domain.Tool:
    asker.require_country(None)
    return tool


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[domain.Tool, Depends(_tool)]
Shared = Annotated[domain.Tool, Depends(_shared_tool)]
"""To be changed by who covers what belongs to no single country."""


@router.get("")
async def list_tools(
    tx: Tx,
    paging: Paging,
    kind: one_of("tool_kind") | None = None,  # type: ignore[valid-type]
    state: one_of("tool_state") | None = None,  # type: ignore[valid-type]
    measure: one_of("measure") | None = None,  # type: ignore[valid-type]
    language: Language | None = None,
    country: one_of("country") | None = None,  # type: ignore[valid-type]
    q: Words = None,
) -> Page[views.ToolRow]:
    """Tools; `country`: those that it uses, `measure`: those that serve it or a part of it."""
    asked = {"kind": kind, "state": state, "measure": measure, "language": language, "country": country, "q": q}
    return await views.listed(tx, limit=paging.limit, after=paging.after, **asked)


@router.post("", status_code=201, responses=MADE)
async def publish_tool(tx: Tx, asker: Asker, origin: Caused, given: NewTool, response: Response) -> views.ToolPage:
    """A tool can be used (B1)."""
    asker.require_country(None)
    described = given.described() | {"reference": given.reference}
    id_ = await commands.publish(tx, origin, described, given.beside(), given.on)
    return await whole.made(tx, id_, response)


@router.get("/{id}", responses=SHOWN)
async def get_tool(id: Id, tx: Tx, response: Response) -> views.ToolPage:
    """One tool, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.put("/{id}", responses=SHOWN)
async def revise_tool(
    tool: Shared, tx: Tx, origin: Caused, expected: Expected, given: ToolDescription, response: Response
) -> views.ToolPage:
    """Its whole new description, as a new revision (B1)."""
    await whole.hold(tx, expected, tool)
    await commands.revise(tx, origin, tool, given.described(), given.beside())
    return await whole.shown(tx, tool.id, response)


@router.post("/{id}/translate", responses=SHOWN)
async def translate_tool(
    tool: Shared, tx: Tx, origin: Caused, expected: Expected, given: NewTranslation, response: Response
) -> views.ToolPage:
    """Its newest revision can be read in a language (B13)."""
    await whole.hold(tx, expected, tool)
    await commands.translate(tx, origin, tool, given.language)
    return await whole.shown(tx, tool.id, response)


@router.post("/{id}/adopt", responses=SHOWN)
async def adopt_tool(
    tool: Loaded, tx: Tx, asker: Asker, origin: Caused, expected: Expected, given: NewAdoption, response: Response
) -> views.ToolPage:
    """A country uses it (B1)."""
    asker.require_country(given.country)
    await whole.hold(tx, expected, tool)
    await commands.adopt(tx, origin, tool, given.country, given.adopted_on)
    return await whole.shown(tx, tool.id, response)


@router.post("/{id}/withdraw", responses=SHOWN)
async def withdraw_tool(tool: Shared, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.ToolPage:
    """It can be used no longer."""
    await whole.hold(tx, expected, tool)
    await commands.withdraw(tx, origin, tool)
    return await whole.shown(tx, tool.id, response)


@router.post("/{id}/retract", responses=SHOWN)
async def retract_tool(
    tool: Loaded, tx: Tx, asker: Asker, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.ToolPage:
    """Take a fact back: that a country uses it, that it was withdrawn, or that it is there at all."""
    step = await store.step(tx, tool.id, given.corrects)
    asker.require_country(step.country if step else None)
    await whole.hold(tx, expected, tool)
    await commands.retract(tx, origin, tool, given.corrects, given.reason)
    return await whole.shown(tx, tool.id, response)
