"""The world's shapes for the portal's map, from a TopoJSON of countries: cut where the map ends, projected, simplified on shared lines.

A line between two countries is simplified once for both, so that no gap opens between them. Which shape belongs to which country is not
decided here but by the instance (`services/portal/boundaries.toml`); so shapes keep the names that their source gives them.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from services.portal.pages.world.projection import placed

TOLERANCE = 2.2
"""Units by which a simplified line may lie beside the true one: 0.22 pixels on a map 1,000 pixels wide."""
SPECK = 5
"""Islands smaller than this (square units) are left out, unless nothing else is left of the shape."""

Point = tuple[float, float]
Line = list[Point]


def made(source: str) -> str:
    """TopoJSON with an object `countries` -> the shapes as `services.portal.pages.world.shapes` reads them; raises `ValueError`."""
    lines, shapes = _cut(*_read(json.loads(source)))
    whole = [[placed(*point) for point in line] for line in lines]
    drawn = [_rounded(simplified(line)) for line in whole]
    told: dict[str, Any] = {}
    used: set[int] = set()
    for name, rings in sorted(shapes.items()):
        areas = [abs(area(_ring(whole, ring))) for ring in rings]
        largest = areas.index(max(areas))
        kept = [ring for place, ring in enumerate(rings) if place == largest or abs(area(_ring(drawn, ring))) > SPECK]
        used |= {_line(number) for ring in kept for number in ring}
        told[name] = {"rings": kept, "area": round(sum(areas), 1), "at": _middle(_ring(whole, rings[largest]))}
    numbers = {old: new for new, old in enumerate(sorted(used))}
    for shape in told.values():
        shape["rings"] = [[_signed(numbers[_line(number)], number) for number in ring] for ring in shape["rings"]]
    rows = ",\n".join(json.dumps(_steps(drawn[old]), separators=(",", ":")) for old in numbers)
    named = ",\n".join(f"{json.dumps(name)}:{json.dumps(shape, separators=(',', ':'))}" for name, shape in told.items())
    return f'{{"lines":[\n{rows}\n],"shapes":{{\n{named}\n}}}}\n'


def _read(topology: Any) -> tuple[list[Line], dict[str, list[list[int]]]]:
    """Lines in degrees, and the rings of each shape as numbers of lines: ~n is line n backwards."""
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines: list[Line] = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for across, up in steps:
            x, y = x + across, y + up
            line.append((x * wide + west, y * high + south))
        lines.append(line)
    shapes: dict[str, list[list[int]]] = defaultdict(list)
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        shapes[country["properties"]["a3"]] += [list(ring) for polygon in polygons for ring in polygon]
    return lines, shapes


def _cut(lines: list[Line], shapes: dict[str, list[list[int]]]) -> tuple[list[Line], dict[str, list[list[int]]]]:
    """The same, with nothing that runs across the 180th meridian: what lies beyond becomes a ring of its own."""
    owners: dict[int, list[str]] = defaultdict(list)
    for name, rings in shapes.items():
        for ring in rings:
            for number in ring:
                owners[_line(number)].append(name)
    for number in range(len(lines)):
        here, beyond = cut(lines[number])
        lines[number] = here
        for line in beyond:
            # A border between two on this meridian would need a ring for each of them; the world has none.
            (owner,) = owners[number]
            shapes[owner].append([len(lines)])
            lines.append(line)
    return lines, shapes


def cut(line: Line) -> tuple[Line, list[Line]]:
    """A line in degrees -> its part on the side where it begins, and rings of what lies beyond the 180th meridian.

    A ring that crosses once goes round a pole and is led along the map's edge. Raises `ValueError` for what is neither.
    """
    runs: list[Line] = [[line[0]]]
    for (x0, y0), (x1, y1) in pairwise(line):
        if abs(x1 - x0) > 180:
            side = 180.0 if x0 > 0 else -180.0
            beyond = x1 + 2 * side
            share = (side - x0) / (beyond - x0) if beyond != x0 else 0.0
            latitude = y0 + share * (y1 - y0)
            runs[-1].append((side, latitude))
            runs.append([(-side, latitude)])
        runs[-1].append((x1, y1))
    if len(runs) % 2:
        return [point for run in runs[::2] for point in run], [[*run, run[0]] for run in runs[1::2]]
    if len(runs) != 2 or line[0] != line[-1]:
        raise ValueError("a line ends on the other side of the map")
    (leaving, latitude), (entering, _) = runs[0][-1], runs[1][0]
    pole = 90.0 if latitude > 0 else -90.0
    return [*runs[0], (leaving, pole), (entering, pole), *runs[1]], []


def simplified(line: Sequence[Point]) -> Line:
    """Douglas-Peucker within `TOLERANCE`; a closed line is first divided where it is farthest from its beginning."""
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        found, distance = 0, -1.0
        for place in range(first + 1, last):
            away = _away(line[place], line[first], line[last])
            if away > distance:
                found, distance = place, away
        if distance > TOLERANCE**2:
            keep[found] = True
            parts += [(first, found), (found, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _away(point: Point, begin: Point, end: Point) -> float:
    """Square of the distance from a stretch between two points."""
    across, down = end[0] - begin[0], end[1] - begin[1]
    length = across * across + down * down
    share = max(0.0, min(1.0, ((point[0] - begin[0]) * across + (point[1] - begin[1]) * down) / length)) if length else 0.0
    return (point[0] - begin[0] - share * across) ** 2 + (point[1] - begin[1] - share * down) ** 2


def area(ring: Sequence[Point]) -> float:
    """Square units within a ring, signed by its turning."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]])) / 2


def _middle(ring: Sequence[Point]) -> list[int]:
    """Halfway between its ends, east and west, north and south: for what is too small to have another middle."""
    return [round((min(axis) + max(axis)) / 2) for axis in zip(*ring, strict=True)]


def _rounded(line: Line) -> Line:
    """In whole units, without standing still."""
    points = [(round(x), round(y)) for x, y in line]
    return [points[0], *(after for before, after in pairwise(points) if after != before)]


def _steps(line: Line) -> list[int]:
    """The first point, then from each to the next, one number after the other."""
    return [int(each) for each in _walked(line)]


def _walked(line: Line) -> Iterator[float]:
    yield from line[0]
    for (x0, y0), (x1, y1) in pairwise(line):
        yield from (x1 - x0, y1 - y0)


def _line(number: int) -> int:
    return number if number >= 0 else ~number


def _signed(line: int, number: int) -> int:
    return line if number >= 0 else ~line


def _ring(lines: list[Line], ring: list[int]) -> Line:
    return [point for number in ring for point in (lines[number] if number >= 0 else lines[~number][::-1])]
