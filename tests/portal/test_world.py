"""The map: where each place lies as it is shipped, what an instance may change, and that no update moves a border silently."""

import json
import re
import tomllib
from itertools import pairwise
from math import radians, sin
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from deploy.vendored.world import TOLERANCE, _away, area, cut, made, simplified
from services.portal.pages.world import SOURCE, World, drawn, shapes
from services.portal.pages.world.projection import HEIGHT, WIDTH, placed
from services.portal.settings import HERE

SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = HERE / "boundaries.toml"
PLACES = {
    "Simferopol, Crimea": (34.1, 44.95, "UA"),
    "Western Sahara at 24 N": (-14.0, 24.0, "EH"),
    "Agadir": (-9.4, 30.4, "MA"),
    "Pristina": (21.15, 42.66, "XK"),
    "Belgrade": (20.46, 44.8, "RS"),
    "Kyrenia, northern Cyprus": (33.3, 35.28, "CY"),
    "Limassol": (33.0, 34.75, "CY"),
    "Hargeisa, Somaliland": (44.06, 9.56, "SO"),
    "Mogadishu": (45.1, 2.3, "SO"),
    "the Golan Heights": (35.75, 33.0, "IL"),
    "Damascus": (36.3, 33.5, "SY"),
    "Ramallah": (35.2, 31.9, "PS"),
    "Gaza": (34.34, 31.39, "PS"),
    "Taipei": (121.3, 24.9, "TW"),
    "Chukotka, beyond the 180th meridian": (-175.0, 66.5, "RU"),
    "Moscow": (37.6, 55.7, "RU"),
    "Siachen, nobody's": (77.0, 35.45, ""),
    "the South Pole": (0.0, -89.0, "AQ"),
    "the Adriatic": (16.0, 43.0, None),
}


Ring = list[tuple[int, int]]


@pytest.fixture(scope="module")
def shipped() -> World:
    return drawn(SHIPPED)


@pytest.fixture(scope="module")
def territories(shipped: World) -> dict[str, list[Ring]]:
    return land(shipped)


def rings(path: str) -> list[Ring]:
    """Points of each ring of a path as the map writes it."""
    found = []
    for start, steps in re.findall(r"M(-?\d+ -?\d+)(?:l([-\d ]+))?z?", path):
        x, y = map(int, start.split())
        ring = [(x, y)]
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            ring.append((x, y))
        found.append(ring)
    return found


def holds(ring: Ring, at: tuple[float, float]) -> bool:
    """Does a ray to the east leave the ring an odd number of times?"""
    x, y = at
    crossed = [(x1 - x0) * (y - y0) / (y1 - y0) + x0 > x for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]) if (y0 > y) != (y1 > y)]
    return sum(crossed) % 2 == 1


def land(world: World) -> dict[str, list[Ring]]:
    """Code -> its rings, read from what is served."""
    parts = ET.fromstring(world.svg).find(f".//{SVG}g[@id='land']")
    assert parts is not None
    return {
        part.get("id", ""): [ring for path in part.iter(f"{SVG}path") if path.get("stroke") for ring in rings(path.get("d", ""))]
        for part in parts
    }


def whose(territories: dict[str, list[Ring]], longitude: float, latitude: float) -> list[str]:
    at = placed(longitude, latitude)
    return [code for code, own in territories.items() if sum(holds(ring, at) for ring in own) % 2]


@pytest.mark.parametrize(("longitude", "latitude", "code"), PLACES.values(), ids=PLACES)
def test_each_place_lies_where_the_shipped_boundaries_say(
    territories: dict[str, list[Ring]], longitude: float, latitude: float, code: str | None
) -> None:
    assert whose(territories, longitude, latitude) == ([] if code is None else [code])


def test_every_territory_can_be_seen(shipped: World, territories: dict[str, list[Ring]]) -> None:
    document = ET.fromstring(shipped.svg)
    parts = {part.get("id"): part for part in document.find(f".//{SVG}g[@id='land']") or []}
    assert len(shipped.territories) == 237
    assert shipped.territories == parts.keys() - {None}
    dotted = {code for code, part in parts.items() if part.tag == f"{SVG}g"}
    assert {"MT", "BH", "SG", "VA", "MC"} <= dotted, "too small to be seen"
    assert not {"LU", "CY", "PS", "LB", "XK"} & dotted, "large enough"
    for code in shipped.territories - dotted:
        assert sum(abs(area(ring)) for ring in territories[code]) > 50, code


def test_a_line_within_a_territory_is_none_and_one_that_is_not_settled_is_drawn_apart(shipped: World) -> None:
    document = ET.fromstring(shipped.svg)
    lines = {name: rings(document.find(f".//{SVG}path[@id='{name}']").get("d", "")) for name in ("borders", "unsettled")}
    near = {
        "borders": [(8.0, 47.6)],  # between Switzerland and Germany
        "unsettled": [(-10.5, 27.67), (21.0, 43.1), (35.0, 32.2), (35.85, 33.0)],
    }
    for name, places in near.items():
        other = "unsettled" if name == "borders" else "borders"
        for place in places:
            assert distance(lines[name], placed(*place)) < 12, (name, place)
            assert distance(lines[name], placed(*place)) < distance(lines[other], placed(*place)), (name, place)
    inside = [(33.4, 35.15), (48.5, 9.5)]  # across Cyprus, and between Somaliland and the rest
    assert all(distance(lines[name], placed(*place)) > 12 for name in lines for place in inside)


def distance(lines: list[Ring], at: tuple[float, float]) -> float:
    """How far the nearest stretch of any line is, in units."""
    return min(_away(at, begin, end) for line in lines for begin, end in pairwise(line)) ** 0.5


def test_an_instance_draws_its_own_boundaries_and_is_told_what_it_forgot(tmp_path: Path, shipped: World) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('SOL = "SO"', 'SOL = ""'), encoding="utf-8")
    own = drawn(tmp_path / "own.toml")
    assert whose(land(own), 44.06, 9.56) == [""]
    assert own.name != shipped.name, "another map, another address"
    (tmp_path / "less.toml").write_text(text.replace('XKX = "XK"', ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"less\.toml.*XKX"):
        drawn(tmp_path / "less.toml")


def test_what_is_asked_for_is_seen_and_the_whole_else(shipped: World) -> None:
    west, north, wide, high = shipped.view("med").box
    for longitude, latitude in ((-17.0, 21.0), (35.9, 31.9), (12.5, 41.9)):
        x, y = placed(longitude, latitude)
        assert west < x < west + wide
        assert north < y < north + high
    assert shipped.view("nowhere") == shipped.view(None) == shipped.view("world")
    assert all(set(view.name) == {"en", "fr", "ar"} for view in shipped.boundaries.views.values())


def test_the_projection_keeps_areas() -> None:
    """Cells of one degree stand to each other as on the globe."""

    def cell(latitude: float) -> float:
        ring = [placed(x, y) for x, y in ((10, latitude), (11, latitude), (11, latitude + 1), (10, latitude + 1))]
        return abs(area(ring)) / (sin(radians(latitude + 1)) - sin(radians(latitude)))

    assert cell(60) == pytest.approx(cell(0), rel=2e-3)
    assert placed(-180, 0)[0] == pytest.approx(0)
    assert placed(180, 0)[0] == pytest.approx(WIDTH)
    assert placed(0, -90)[1] == pytest.approx(HEIGHT)


def test_a_ring_that_crosses_the_180th_meridian_becomes_two() -> None:
    here, beyond = cut([(170, 10), (-170, 10), (-170, 20), (170, 20), (170, 10)])
    assert here == [(170, 10), (180, 10), (180, 20), (170, 20), (170, 10)]
    assert beyond == [[(-180, 10), (-170, 10), (-170, 20), (-180, 20), (-180, 10)]]
    assert cut([(0, 0), (1, 1)]) == ([(0, 0), (1, 1)], [])
    polar, nothing = cut([(-180, -80), (0, -70), (180, -80), (-180, -80)])
    assert nothing == []
    assert {(180, -90), (-180, -90)} <= set(polar)
    with pytest.raises(ValueError, match="other side"):
        cut([(170, 10), (-170, 10)])


def test_what_is_left_out_of_a_line_lies_near_it() -> None:
    line = [(0.0, 0.0), (10.0, 1.0), (20.0, 0.0), (30.0, 30.0)]
    assert TOLERANCE > 1
    assert simplified(line) == [(0.0, 0.0), (20.0, 0.0), (30.0, 30.0)]


def test_a_line_between_two_is_simplified_once_for_both() -> None:
    """Two squares of one degree with a crooked line between them, as TopoJSON."""
    crooked = [[10, 0], [0, 3], [1, 3], [-1, 4]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [crooked, [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]],
        "objects": {"countries": {"geometries": [named("AAA", [[0, 1]]), named("BBB", [[2, -1]])]}},
    }
    told = json.loads(made(json.dumps(topology)))
    (first,), (second,) = told["shapes"]["AAA"]["rings"], told["shapes"]["BBB"]["rings"]
    assert {~number for number in second} & set(first), "one line, walked both ways"


def named(name: str, rings: list[list[int]]) -> dict[str, object]:
    return {"type": "Polygon", "arcs": rings, "properties": {"a3": name}}


def test_the_vendored_shapes_are_those_of_the_boundaries() -> None:
    told = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert told["shapes"].keys() == shapes.read_source(SOURCE).shapes.keys()
