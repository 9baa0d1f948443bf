"""Published by capacity: practical tools, and the countries that use them (`events.md` §6.4)."""

from datetime import date
from uuid import UUID

from shared.events.base import Event

TOOLS = "capacity.tool.v1"


class _Tool(Event):
    """The whole tool, so that each fact can be read alone."""

    topic = TOOLS
    classification = "public"
    feeds = ("iB1",)

    reference: str
    title: dict[str, str]
    kind: str
    version: str
    """As its editor counts; `source_revision` rises by one with each revision here."""
    languages: list[str]
    source_revision: int
    measures: list[str]
    """Measures of the roadmap that it serves, such as B.a."""
    owner: str | None = None
    """Reference of the partner or network that keeps it."""
    address: str | None = None


class ToolPublished(_Tool):
    """It can be used."""

    type = "capacity.tool.published.v1"


class ToolRevised(_Tool):
    """It is another than before; translations of the revision before are out of date."""

    type = "capacity.tool.revised.v1"


class ToolTranslated(_Tool):
    """It is there in a further language, in this revision."""

    type = "capacity.tool.translated.v1"

    language: str


class ToolWithdrawn(_Tool):
    """It can be used no longer."""

    type = "capacity.tool.withdrawn.v1"


class ToolAdoptedNationally(_Tool):
    """A country, that of the envelope, uses it."""

    type = "capacity.tool.adopted_nationally.v1"

    adopted_on: date


class ToolRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "capacity.tool.retracted.v1"
    topic = TOOLS
    classification = "public"
    feeds = ("iB1",)

    corrects: UUID
    reason: str


PUBLISHED = {TOOLS: (ToolPublished, ToolRevised, ToolTranslated, ToolWithdrawn, ToolAdoptedNationally, ToolRetracted)}
