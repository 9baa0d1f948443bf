"""Networks and what they are linked with: how alive each link is, drawn around one network, and the same in words (A7)."""

import asyncio
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import cos, pi, sin

from markupsafe import Markup

from services.portal.client import Reply
from services.portal.domain import Json
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit
from services.portal.pages.wording import Wording

YEAR = timedelta(days=365)
"""A link is alive by what happened in the last twelve months, as indicator iA6 counts it."""
WIDE, ROOM = 960, 140
"""How wide the picture is, and how much of its height goes to the words of the highest and the lowest."""
DRAWN = 12
"""So many can be told apart around one; the table has them all."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Another network, seen from one: why they are linked, and what they have and do in common."""

    network: str
    name: Mapping[str, str]
    state: str
    purposes: tuple[str, ...]
    bases: tuple[str, ...]
    shared: int | None
    """Members of both; not known of one that there is no link with."""
    met: int | None
    """Joint meetings in the last twelve months; not known where meetings do not tell."""
    last: str | None
    linked: bool = True
    near: bool = True
    """Are both for the same crime type? It is what one asks of two that are not linked."""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What makes it weak."""
        if not self.linked:
            bridge = {"not_linked": self.near, "members_in_common": bool(self.shared)}
            return tuple(code for code, so in bridge.items() if so)
        found = {"not_at_work": self.state != "active", "no_shared_member": self.shared == 0, "no_joint_meeting": self.met == 0}
        return tuple(code for code, so in found.items() if so)

    @property
    def strength(self) -> str:
        """`alive`, `weak`, `unlinked`; `untold` where nothing is lacking of what is known, but not all is known."""
        if not self.linked:
            return "unlinked"
        if self.lacks:
            return "weak"
        return "untold" if self.met is None else "alive"


@dataclass(frozen=True, slots=True)
class Interconnection:
    """All ties of a network, links first, and what the owners of the rest said."""

    ties: list[Tie]
    meetings: Reply
    networks: Reply

    @property
    def drawn(self) -> list[Tie]:
        """Those in the picture."""
        return self.ties[:DRAWN]


async def interconnection(visit: Visit, network: Json) -> Interconnection:
    """Links of a network with their joint meetings, and networks at work for the same crime types that it has no link with."""
    since = (visit.now - YEAR).isoformat()
    meetings, networks = await asyncio.gather(
        visit.desk.everything("meetings", "/meetings", network=network["id"], state="held", since=since, exercise="false"),
        visit.desk.everything("contacts", "/networks", state="active"),
    )
    order = visit.wording.order
    linked = sorted(linked_with(network, meetings.items if meetings.ok else None), key=lambda tie: order(visit.wording.text(tie.name)))
    missing = sorted(not_linked(network, networks.items), key=lambda tie: order(visit.wording.text(tie.name)))
    return Interconnection([*linked, *missing], meetings, networks)


def linked_with(network: Json, meetings: Sequence[Json] | None) -> list[Tie]:
    """One tie for each network, though both may have said the link; meetings of this network, the latest first, or None where untold."""
    said: dict[str, list[Json]] = {}
    for link in network["links"]:
        said.setdefault(link["network"], []).append(link)
    return [_tie(links, meetings) for links in said.values()]


def _tie(links: Sequence[Json], meetings: Sequence[Json] | None) -> Tie:
    first = links[0]
    joint = [meeting["at"] for meeting in meetings or () if first["network"] in meeting["networks"]]
    met = None if meetings is None else len(joint)
    latest = joint[0] if joint else None
    return Tie(first["network"], first["name"], first["state"], *reasons(links), first["shared_members"], met, latest)


def reasons(links: Sequence[Json]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the links are for and on what they rest: each code that is told, in the order they come in."""
    purposes, bases = (tuple(dict.fromkeys(link[name] for link in links if link[name])) for name in ("purpose", "basis"))
    return purposes, bases


def not_linked(network: Json, others: Sequence[Json]) -> list[Tie]:
    """Bridges that could be there: others at work for a crime type that is this network's too."""
    if network["state"] != "active":
        return []
    known = {network["id"], *(link["network"] for link in network["links"])}
    ours = set(network["domain"])
    near = [other for other in others if other["id"] not in known and ours & set(other["domain"])]
    return [Tie(each["id"], each["name"], each["state"], (), (), None, None, None, linked=False) for each in near]


HEAD = (
    *(N_("Network"), N_("What for"), N_("On what it rests"), N_("Shared members"), N_("Joint meetings in twelve months")),
    *(N_("Latest of them"), N_("Link"), N_("What it lacks"), N_("Identifier")),
)


def line(wording: Wording, tie: Tie) -> list[object]:
    """A row of the file, one cell for each title of `HEAD`."""
    return [
        wording.text(tie.name),
        "; ".join(wording.term("purpose", code) for code in tie.purposes),
        "; ".join(wording.term("link_basis", code) for code in tie.bases),
        tie.shared,
        tie.met,
        tie.last,
        wording.term("strength", tie.strength),
        "; ".join(wording.term("lack", code) for code in tie.lacks),
        tie.network,
    ]


def picture(wording: Wording, network: Json, ties: Sequence[Tie], page: str) -> Markup:
    """The network in the middle and the others around it; `page` is the address under which networks are shown."""
    reach = _reach(len(ties))
    middle_y = reach + ROOM / 2
    places = [_place(number, len(ties), reach, middle_y) for number in range(len(ties))]
    line = Markup('<line class="tie tie-{}" x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.0f}"/>')
    parts = [line.format(tie.strength, WIDE / 2, middle_y, *place) for tie, place in zip(ties, places, strict=True)]
    parts += [_node(wording, tie, place, page) for tie, place in zip(ties, places, strict=True)]
    middle = Markup('<circle class="node-self" cx="{:.0f}" cy="{:.0f}" r="16"/>').format(WIDE / 2, middle_y)
    named = _label(wording.text(network["name"]), WIDE / 2, middle_y + 36, "node-name")
    return Markup('<svg class="ties" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}</svg>').format(
        WIDE, 2 * reach + ROOM, Markup().join(parts), middle, named
    )


def _reach(count: int) -> int:
    """How far above and below the middle they stand: a few lie beside it, many need a circle."""
    return 0 if count < 3 else min(215, 35 * count)


def _place(number: int, count: int, reach: int, middle: float) -> tuple[float, float]:
    """On an ellipse; two of them on both sides, more from the top onwards as a clock goes."""
    angle = 2 * pi * number / count - (pi / 2 if reach else 0)
    return WIDE / 2 + 380 * cos(angle), middle + reach * sin(angle)


def _node(wording: Wording, tie: Tie, place: tuple[float, float], page: str) -> Markup:
    x, y = place
    why = " · ".join([wording.term("purpose", code) for code in tie.purposes] + [wording.term("link_basis", code) for code in tie.bases])
    why = textwrap.shorten(why, 34, placeholder=" …")
    name = _label(wording.text(tie.name), x, y + 26, "node-name")
    below = Markup('<text class="node-why" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>').format(x, y - 16, why)
    circle = Markup('<circle class="node node-{}" cx="{:.0f}" cy="{:.0f}" r="9"/>').format(tie.strength, x, y)
    return Markup('<a href="{}/{}" tabindex="-1">{}{}{}</a>').format(page, tie.network, circle, name, below)


def _label(words: str, x: float, y: float, kind: str) -> Markup:
    """Two lines at most, centred, so that it reads alike from either side."""
    shown = textwrap.wrap(words, 24, max_lines=2, placeholder=" …")
    spans = [Markup('<tspan x="{:.0f}" y="{:.0f}">{}</tspan>').format(x, y + 16 * row, line) for row, line in enumerate(shown)]
    return Markup('<text class="{}" text-anchor="middle">{}</text>').format(kind, Markup().join(spans))
