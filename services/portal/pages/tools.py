"""Tools: what there is to work with, which measure of the roadmap it serves, and who uses it."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.networks import partners_of
from services.portal.pages.terms import N_
from services.portal.pages.tool_forms import TOOL
from services.portal.pages.visit import Signed
from services.portal.pages.wording import Wording


def _line(wording: Wording, tool: Json) -> Iterator[list[object]]:
    words = [wording.term("tool_kind", tool["kind"]), wording.term("tool_state", tool["state"]), tool["edition"]]
    codes = ["; ".join(tool[name]) for name in ("measures", "languages", "countries")]
    yield [tool["reference"], wording.text(tool["title"]), *words, *codes, tool["owner"], tool["address"], tool["id"]]


TOOLS = Listing(
    name="tools",
    owner="capacity",
    path="/tools",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "tool_kind"),
        Filter("measure", "choice", "measure", label=N_("Measure")),
        Filter("state", "choice", "tool_state"),
        Filter("country", "country", label=N_("Used by")),
    ),
    head=(
        *(N_("Reference"), N_("Tool"), N_("Kind"), N_("State"), N_("Edition"), N_("Measures"), N_("Languages")),
        *(N_("Used by"), N_("Kept by"), N_("Address"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: row["countries"],
    title_of=lambda wording, row: wording.text(row["title"]),
)
router = TOOLS.router(TOOL.new)


@router.get("/{lang}/tools/{tool_id}/adoptions.csv")
async def adoption_file(visit: Signed, tool_id: str) -> Response:
    """The countries that use it."""
    said = await visit.thing("capacity", f"/tools/{tool_id}")
    say, wording = visit.wording.say, visit.wording
    head = [say("Code"), say("Country"), say("Since"), say("Read at")]
    rows = [[each["country"], wording.country(each["country"]), each["adopted_on"], visit.now] for each in said.body["adoptions"]]
    return await visit.file(f"adoptions-{said.body['reference']}", [head, *rows])


@router.get("/{lang}/tools/{tool_id}")
async def tool(visit: Signed, tool_id: str) -> Response:
    """One tool: what it is for, in which languages, and who uses it."""
    said, stream = await asyncio.gather(visit.thing("capacity", f"/tools/{tool_id}"), visit.stream())
    owners = await partners_of(visit, [said.body["owner"]] if said.body["owner"] else [])
    notes = visit.wording.notes(TOOLS.places(said.body))
    return visit.page(
        "tool.html",
        tool=said.body,
        owners=owners,
        steps=[each for each in TOOL.next_of(visit, said.body) if each[0] != "retract" or said.body["adoptions"]],
        who_may=visit.who_may("capacity.adopt_tool"),
        done=TOOL.done(visit),
        stream=stream,
        notes=notes,
    )
