"""Forms of tools: one is published; a country uses it, or does not after all."""

from collections.abc import Iterator

from services.portal.domain import Json
from services.portal.pages.fields import REASON, TITLE, Field, Option, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

TONGUES = ("ar", "de", "en", "es", "fr", "it", "mk", "nl", "pt", "ro", "ru", "sq", "sr", "tr", "uk")
"""Languages that can be ticked; the API takes any."""
ADOPTED = "capacity.tool.adopted_nationally.v1"


async def _heading(visit: Visit, tool: Json) -> Heading:
    """The tool, and who uses it already; for a new one, the list it will stand in."""
    wording = visit.wording
    if not tool:
        return Heading("", "tools", [(wording.say("Tools"), "tools")])
    page = f"tools/{tool['id']}"
    title = wording.text(tool["title"])
    facts = [
        (wording.say("Used by"), wording.places(tool["countries"]) or wording.say("no country has said so")),
        (wording.say("Version"), wording.number(tool["version"])),
    ]
    return Heading(title, page, [(wording.say("Tools"), "tools"), (title, page)], facts)


def _adoptions(visit: Visit, tool: Json) -> Iterator[Option]:
    """Every adoption that still stands: its event, its country, since when."""
    for step in tool["history"]:
        if step["type"] == ADOPTED and not step["retracted_at"]:
            yield step["event_id"], visit.wording.country(step["country"]), visit.wording.day(step["time"])


def _tongues(visit: Visit, _: Json) -> Iterator[Option]:
    return ((code, visit.wording.tongue(code)) for code in TONGUES)


TOOL = Forms(
    name="tools",
    path="/tools/{id}",
    heading=_heading,
    page_of=lambda tool: f"tools/{tool['id']}" + ("#adoptions" if tool["adoptions"] else ""),
    forms={
        "publish": Form(
            "capacity.publish_tool",
            "/tools",
            N_("Publish a tool"),
            N_("Publish it"),
            fields=(
                Field(
                    "reference",
                    "text",
                    N_("Reference"),
                    hint=N_("Small letters, digits and dashes, such as evidence-handbook."),
                    required=True,
                ),
                TITLE,
                Field("kind", "choice", N_("Kind"), "tool_kind", required=True),
                Field("languages", "several", N_("Languages"), choices=_tongues),
                Field("measures", "several", N_("Measures it serves"), "measure"),
                Field("address", "text", N_("Address"), hint=N_("Where it can be read, beginning with https://")),
                Field("on", "day", N_("Published on"), hint=N_("Leave it empty for today.")),
            ),
        ),
        "adopt": Form(
            "capacity.adopt_tool",
            "/tools/{id}/adopt",
            N_("A country uses this tool"),
            N_("Record that it uses it"),
            fields=(
                Field("country", "country", N_("Country"), required=True, choices=own_countries),
                Field("adopted_on", "day", N_("Since"), required=True),
            ),
            steps=("adopt",),
        ),
        "retract": Form(
            "capacity.retract_tool",
            "/tools/{id}/retract",
            N_("A country does not use it after all"),
            N_("Take it back"),
            lead=N_("It counts no longer; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(Field("corrects", "one_of", N_("Which country?"), required=True, choices=_adoptions), REASON),
            steps=("retract",),
        ),
    },
)

router = TOOL.router()
