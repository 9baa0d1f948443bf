"""Shapes, lines and territories: from what is vendored and what the instance says of it, to the paths of one SVG."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from services.portal.pages.world.projection import placed

WORLD = "world"
"""The view that stands where none is asked for."""
SMALL = 160
"""Square units (1.6 pixels on a map 1,000 pixels wide) below which a territory is shown by a dot."""
SOLID = ' stroke="none"'
DOT = '<path d="M{} {}h0" stroke-width="5" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'

Line = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece of the world as its source divides it: rings of numbered lines (~n is line n backwards), and how large it really is."""

    rings: tuple[tuple[int, ...], ...]
    area: float
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map: its name in each language, and the `viewBox` that shows it."""

    code: str
    name: Mapping[str, str]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What the instance says: whose each shape is, which lines are not settled, what stands under the map, which parts can be seen."""

    shapes: Mapping[str, str]
    """Shape -> country code; an empty one belongs to nobody."""
    unsettled: frozenset[frozenset[str]]
    """Pairs of shapes whose common line is dashed."""
    sentence: Mapping[str, str]
    views: Mapping[str, View]


@dataclass(frozen=True, slots=True)
class Source:
    """The vendored shapes and the lines they are made of."""

    lines: Sequence[Line]
    shapes: Mapping[str, Shape]


def read_source(path: Path) -> Source:
    """What `make vendor` wrote."""
    told = json.loads(path.read_text(encoding="utf-8"))
    shapes = {name: Shape(tuple(map(tuple, shape["rings"])), shape["area"], tuple(shape["at"])) for name, shape in told["shapes"].items()}
    return Source([_points(steps) for steps in told["lines"]], shapes)


def _points(steps: Sequence[int]) -> Line:
    x = y = 0
    points = []
    for across, down in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + across, y + down
        points.append((x, y))
    return points


def read_boundaries(path: Path, source: Source) -> Boundaries:
    """The instance's file; raises `ValueError` where it leaves a shape out or names one that there is not."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    unsettled = frozenset(frozenset(pair) for pair in told["unsettled"])
    if wrong := sorted(told["shapes"].keys() ^ source.shapes.keys()):
        raise ValueError(f"{path.name}: each shape of the map has one line in [shapes], and nothing else has; look at {', '.join(wrong)}")
    if unknown := sorted({name for pair in unsettled for name in pair} - source.shapes.keys()):
        raise ValueError(f"{path.name}: unsettled names what is no shape of the map: {', '.join(unknown)}")
    if WORLD not in {view["code"] for view in told["view"]}:
        raise ValueError(f"{path.name}: there is no view {WORLD}")
    views = {view["code"]: View(view["code"], view["name"], _box(*view["box"])) for view in told["view"]}
    return Boundaries(told["shapes"], unsettled, told["sentence"], views)


def _box(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """The `viewBox` (west, north, width, height) that holds these degrees; the widest parallel decides."""
    corners = [placed(x, y) for x in (west, east) for y in (south, north, 0 if south < 0 < north else south)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    return round(left), round(top), round(max(x for x, _ in corners) - left), round(max(y for _, y in corners) - top)


def drawing(source: Source, boundaries: Boundaries) -> str:
    """The map as an SVG of named parts: `land` with one part for each code, `borders` between them, `unsettled` lines."""
    owned: dict[str, list[Shape]] = defaultdict(list)
    for name, code in boundaries.shapes.items():
        owned[code].append(source.shapes[name])
    land = "\n".join(territory(code, shapes, source.lines) for code, shapes in sorted(owned.items()))
    borders, unsettled = _between(source, boundaries)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"><defs>\n<g id="land">\n{land}\n</g>\n'
        f'<path id="borders"{_fine(source.lines, borders)}/>\n<path id="unsettled"{_fine(source.lines, unsettled)}/>\n</defs></svg>\n'
    )


def territory(code: str, shapes: Sequence[Shape], lines: Sequence[Line]) -> str:
    """All shapes of one territory as one part, with a dot where they would not be seen."""
    outline = "".join(_outline(_ring(lines, ring)) + "z" for shape in shapes for ring in shape.rings)
    named = f' id="{code}"' if code else ""
    if sum(shape.area for shape in shapes) >= SMALL:
        return f'<path{named}{SOLID} d="{outline}"/>'
    dot = DOT.format(*max(shapes, key=lambda shape: shape.area).at)
    return f'<g{named}><path{SOLID} d="{outline}"/>{dot}</g>'


def _between(source: Source, boundaries: Boundaries) -> tuple[list[int], list[int]]:
    """Lines between two territories, and those that are not settled; a line within a territory is neither."""
    sides: dict[int, list[str]] = defaultdict(list)
    for name, shape in source.shapes.items():
        for ring in shape.rings:
            for number in ring:
                sides[number if number >= 0 else ~number].append(name)
    shared = {line: frozenset(names) for line, names in sides.items() if len({boundaries.shapes[name] for name in names}) > 1}
    open_ones = [line for line, names in shared.items() if names in boundaries.unsettled]
    return [line for line in shared if line not in set(open_ones)], open_ones


def _fine(lines: Sequence[Line], numbers: Iterable[int]) -> str:
    path = "".join(_outline(lines[number]) for number in numbers)
    return f' fill="none" vector-effect="non-scaling-stroke" d="{path}"'


def _ring(lines: Sequence[Line], ring: Iterable[int]) -> Line:
    return [point for number in ring for point in (lines[number] if number >= 0 else lines[~number][::-1])]


def _outline(points: Line) -> str:
    """`M` to the first point and `l` from each to the next, as short as SVG lets it be written."""
    steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(points) if (x0, y0) != (x1, y1)]
    walked = " ".join(f"{across} {down}" for across, down in steps)
    return f"M{points[0][0]} {points[0][1]}" + (f"l{walked}".replace(" -", "-") if steps else "")
