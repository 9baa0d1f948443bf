"""All networks at once: which are linked and how alive each link is, which are not although they could be, who belongs to both (A7)."""

import asyncio
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

from fastapi import APIRouter, Response
from markupsafe import Markup

from services.portal.client import Reply
from services.portal.domain import Json, chips
from services.portal.pages.interconnection import HEAD, YEAR, Tie, line, reasons
from services.portal.pages.lists import READ_AT, Filter, asked, errors_of, part_of, said
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Signed, Visit, require
from services.portal.pages.wording import Wording

OVER = frozenset({"dissolved", "retracted"})
SHOWN = 50
"""Rows of the table on one page."""
DRAWN = 40
"""So many networks can be told apart in the picture, those with the most links; the table has them all."""
WIDE, REACH, STEP, EDGE = 960, 250, 46, 40
"""Of the picture: how wide it is, how far from its middle networks stand, and how far below each other and from its edge."""
OF_NETWORKS = (
    Filter("kind", "choice", "network_kind"),
    Filter("level", "choice", "network_level", label=N_("Level")),
    Filter("domain", "choice", "crime_type", label=N_("Crime type")),
    Filter("country", "country"),
)
STRENGTH = Filter("strength", "choice", "strength", label=N_("Link"))
FILTERS = (*OF_NETWORKS, STRENGTH)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Pair:
    """A network and another as it sees it."""

    one: Json
    other: Tie


@dataclass(frozen=True, slots=True)
class Everything:
    """The networks that were asked for, the pairs among them, and what their owners said."""

    networks: Reply
    links: Reply
    meetings: Reply
    there: list[Json]
    pairs: list[Pair]

    @property
    def replies(self) -> tuple[Reply, Reply, Reply]:
        """Of everybody who was asked."""
        return self.networks, self.links, self.meetings


async def everything(visit: Visit) -> Everything:
    """Networks that are not over and that the URL asks for, by name, with all pairs of them as strong as is asked for."""
    given = asked(visit, FILTERS)
    wanted = {each.name: given[each.name] for each in OF_NETWORKS}
    networks, links, meetings = await asyncio.gather(
        visit.desk.everything("contacts", "/networks", **wanted),
        visit.desk.everything("contacts", "/interconnections", **wanted),
        visit.desk.everything("meetings", "/meetings", state="held", since=(visit.now - YEAR).isoformat(), joint="true", exercise="false"),
    )
    there = sorted(
        (row for row in networks.items if row["state"] not in OVER), key=lambda row: visit.wording.order(visit.wording.text(row["name"]))
    )
    # Names are compared once for each network, of which there are few, and pairs made of those alone that were asked for.
    place = {row["id"]: number for number, row in enumerate(there)}
    among = [row for row in links.items if row["one"]["id"] in place and row["other"]["id"] in place]
    pairs = [pair for pair in pairs_of(among, meetings.items if meetings.ok else None) if given["strength"] in {None, pair.other.strength}]
    return Everything(networks, links, meetings, there, sorted(pairs, key=lambda pair: (place[pair.one["id"]], place[pair.other.network])))


def pairs_of(rows: Iterable[Json], meetings: Sequence[Json] | None) -> Iterator[Pair]:
    """What contacts tells of two networks with their joint meetings, the latest first; None where meetings do not tell."""
    met: Counter[frozenset[str]] = Counter()
    last: dict[frozenset[str], str] = {}
    for meeting in meetings or ():
        for both in map(frozenset, combinations(set(meeting["networks"]), 2)):
            met[both] += 1
            last.setdefault(both, meeting["at"])
    for row in rows:
        # What is said of the other end is then true of it.
        ends = (row["one"], row["other"]) if row["one"]["state"] == "active" else (row["other"], row["one"])
        both = frozenset(end["id"] for end in ends)
        yield Pair(ends[0], _tie(row, ends[1], None if meetings is None else met[both], last.get(both)))


def _tie(row: Json, end: Json, met: int | None, last: str | None) -> Tie:
    told = Tie(end["id"], end["name"], end["state"], *reasons(row["links"]), row["shared_members"], met, last)
    return told if row["links"] else replace(told, linked=False, near=bool(row["shared_domain"]))


@router.get("/{lang}/networks/interconnections")
async def interconnections(visit: Signed) -> Response:
    """All networks as a picture, and every pair of them as a table."""
    found, stream = await asyncio.gather(everything(visit), visit.stream())
    now, after = asked(visit, FILTERS), visit.request.query_params.get("after")
    drawn = most_linked(found.there, found.pairs)
    errors = errors_of(visit, found.networks) if found.networks.status == 422 else {}
    if now["strength"] not in {None, *TERMS["strength"]}:
        errors["strength"] = visit.wording.reason("strength", "not in the list")
    return visit.page(
        "interconnections.html",
        422 if errors else 200,
        fields=FILTERS,
        filters=now,
        chips=chips(now),
        words=said(visit, FILTERS),
        errors=errors,
        found=found,
        part=part_of(Reply("contacts", 200), found.pairs, after, SHOWN),
        after=after,
        drawn=drawn,
        picture=picture(visit.wording, drawn, found.pairs, f"/{visit.language}/networks"),
        legend=legend(found.pairs),
        stream=stream,
    )


@router.get("/{lang}/networks/interconnections.csv")
async def file(visit: Signed) -> Response:
    """Every pair that matches, as a file."""
    found = await everything(visit)
    for reply in found.replies:
        require(reply)
    head = [visit.wording.say(title) for title in (N_("Network"), N_("Identifier"), N_("Other network"), *HEAD[1:], READ_AT)]
    rows = ([visit.wording.text(pair.one["name"]), pair.one["id"], *line(visit.wording, pair.other), visit.now] for pair in found.pairs)
    return await visit.file("interconnections", [head, *rows])


def legend(pairs: Iterable[Pair]) -> list[tuple[str, int]]:
    """How often each strength is there, in the order of their terms."""
    counted = Counter(pair.other.strength for pair in pairs)
    return [(strength, counted[strength]) for strength in ("alive", "weak", "untold", "unlinked") if counted[strength]]


def most_linked(networks: Sequence[Json], pairs: Iterable[Pair]) -> list[Json]:
    """Those of the picture: the most linked first, then in the order they come in."""
    links = Counter(id_ for pair in pairs if pair.other.linked for id_ in (pair.one["id"], pair.other.network))
    return sorted(networks, key=lambda network: -links[network["id"]])[:DRAWN]


def picture(wording: Wording, networks: Sequence[Json], pairs: Iterable[Pair], page: str) -> Markup:
    """Networks on a ring and a line for each pair, the missing beneath the weak beneath the rest; `page` is where networks are shown."""
    shown = {network["id"] for network in networks}
    drawn = [pair for pair in pairs if {pair.one["id"], pair.other.network} <= shown]
    ring = around(networks, drawn)
    half = -(-len(ring) // 2)
    places = {network["id"]: _place(number, half, len(ring)) for number, network in enumerate(ring)}
    rank = ("unlinked", "untold", "weak", "alive")
    lines = [_line(wording, pair, places) for pair in sorted(drawn, key=lambda pair: rank.index(pair.other.strength))]
    nodes = [_node(wording, network, places[network["id"]], page) for network in ring]
    # The words stand on the outer side of each network, left and right of the middle in every language.
    return Markup('<svg class="ties all-ties" viewBox="0 0 {} {}" direction="ltr" aria-hidden="true" focusable="false">{}{}</svg>').format(
        WIDE, max(half - 1, 0) * STEP + 2 * EDGE, Markup().join(lines), Markup().join(nodes)
    )


def around(networks: Sequence[Json], pairs: Iterable[Pair]) -> list[Json]:
    """In which order they stand on the ring: each beside what it has most to do with, so that few lines cross it."""
    pull: Counter[frozenset[str]] = Counter()
    for pair in pairs:
        pull[frozenset((pair.one["id"], pair.other.network))] += 3 if pair.other.linked else 1
    left, ring = list(networks), list[Json]()
    while left:
        beside = [network["id"] for network in ring[-3:]]
        drawn = [sum(pull[frozenset((id_, network["id"]))] for id_ in beside) for network in left]
        ring.append(left.pop(drawn.index(max(drawn))))
    return ring


def _place(number: int, half: int, count: int) -> tuple[float, float, int]:
    """Where it stands, and on which side (1 right, -1 left): down the right and up the left, as a clock goes."""
    side, row = (1, number) if number < half else (-1, count - 1 - number)
    middle = (half - 1) / 2
    away = (row - middle) / (middle + 1)
    return WIDE / 2 + side * REACH * sqrt(1 - away * away), EDGE + row * STEP, side


def _line(wording: Wording, pair: Pair, places: Mapping[str, tuple[float, float, int]]) -> Markup:
    (x1, y1, _), (x2, y2, _) = places[pair.one["id"]], places[pair.other.network]
    drawn = Markup('<line class="tie tie-{}" x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.0f}"/>').format(pair.other.strength, x1, y1, x2, y2)
    if not pair.other.shared:
        return drawn
    number = Markup('<text class="node-why" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>')
    return drawn + number.format((x1 + x2) / 2, (y1 + y2) / 2 + 4, wording.number(pair.other.shared))


def _node(wording: Wording, network: Json, place: tuple[float, float, int], page: str) -> Markup:
    x, y, side = place
    shown = textwrap.wrap(wording.text(network["name"]), 26, max_lines=2, placeholder=" …")
    first = y + 5 - 8 * (len(shown) - 1)
    spans = [
        Markup('<tspan x="{:.0f}" y="{:.0f}">{}</tspan>').format(x + 16 * side, first + 16 * row, words) for row, words in enumerate(shown)
    ]
    at = "" if network["state"] == "active" else "node-weak"
    circle = Markup('<circle class="node {}" cx="{:.0f}" cy="{:.0f}" r="9"/>').format(at, x, y)
    name = Markup('<text class="node-name" text-anchor="{}">{}</text>').format("start" if side > 0 else "end", Markup().join(spans))
    return Markup('<a href="{}/{}" tabindex="-1">{}{}</a>').format(page, network["id"], circle, name)
