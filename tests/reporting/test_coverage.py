"""What a declaration covers: whoever records everything knows of each part, a publication of no more than it names."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.load.entries import coverage
from tests.reporting.world import World, fact

YEAR = {"period": "2024"}
NOTHING = (None, "not covered", None)
SERVES = {"valid_from": "2017-04-18", "authority_ref": str(uuid4()), "duty": "office_hours"}


@pytest.fixture
async def world(app, client, token) -> World:
    """One operation of the Netherlands with Albania, and nothing declared."""
    made = World(app, client, token)
    await made.empty()
    told = {"title": {"en": "x"}, "kind": "joint", "crime_types": ["cybercrime"], "countries": ["AL", "NL"], "agencies": [], "results": []}
    told |= {"launched": "2024-02-01T00:00:00+00:00"}
    await made.take(fact(0, "operations.operation.launched", uuid4(), 1, told, country="NL", moments=("launched",)))
    return made


async def said(world: World, code: str = "iD1", **query: Any) -> tuple[str | None, str | None, str | None]:
    told = await world.figure(code, **YEAR | query)
    return told["value"], told["reason"], told["basis"]


@pytest.mark.parametrize("where", ["country", "participant"])
@pytest.mark.parametrize("basis", ["recorded", "published", "assumed"])
async def test_only_who_records_everything_knows_of_each_country(world: World, basis: str, where: str) -> None:
    await world.declare(indicator="iD1", basis=basis, start="2024-01-01", end="2025-01-01")
    assert await said(world) == ("1", None, basis)
    known = basis == "recorded"
    assert await said(world, **{where: "NL"}) == (("1", None, basis) if known else NOTHING)
    assert await said(world, **{where: "FR"}) == (("0", None, basis) if known else NOTHING)


async def test_who_names_a_country_tells_of_it_and_of_no_other(world: World) -> None:
    await world.declare(indicator="iD1", basis="published", start="2024-01-01", end="2025-01-01", country="NL")
    assert await said(world, country="NL") == ("1", None, "published")
    assert await said(world, participant="NL") == ("1", None, "assumed"), "whose it is was published, not who takes part"
    assert await said(world, country="NL", participant="AL") == ("1", None, "assumed")
    assert await said(world, country="AL") == await said(world) == NOTHING
    await world.declare(indicator="iD1", basis="assumed", start="2024-01-01", complete=False)
    assert await said(world, country="NL") == NOTHING, "what is taken back for all is so for each"


@pytest.mark.parametrize("basis", ["recorded", "published", "assumed"])
async def test_only_who_records_everything_knows_of_each_crime_type(world: World, basis: str) -> None:
    await world.declare(indicator="iD1", basis=basis, start="2024-01-01", end="2025-01-01")
    for crime_type, value in {"cybercrime": "1", "terrorism": "0"}.items():
        assert await said(world, crime_type=crime_type) == ((value, None, basis) if basis == "recorded" else NOTHING)


async def test_what_is_published_of_the_whole_is_assumed_of_what_is_narrowed_further(world: World) -> None:
    await world.declare(indicator="iD1", basis="published", start="2024-01-01", end="2025-01-01")
    assert await said(world, kind="joint") == ("1", None, "assumed")
    assert await said(world, period="2024-02") == ("1", None, "assumed")
    await world.declare(indicator="iD4", basis="published", start="2024-01-01", end="2025-01-01")
    assert (await said(world, "iD4", measure_kind="arrest"))[2] == "published", "it is only told of one kind of measure"
    await world.declare(indicator="iD1")
    for query in ({"kind": "joint"}, {"period": "2024-02"}, {"country": "NL", "participant": "AL"}):
        assert await said(world, **query) == ("1", None, "recorded")


async def test_the_starting_data_reach_the_countries_they_name_and_are_silent_of_all_others(world: World) -> None:
    declared = [entry.body for entry in coverage() if entry.body["indicator"] == "iP8"]
    for body in declared:
        await world.declare(**body)
    point = uuid4()
    steps = ("nominated", {"person_ref": str(uuid4()), "appointing_kind": "country"}), ("designated", SERVES)
    for version, (step, told) in enumerate(steps, 1):
        at = {"at": "2017-04-18T00:00:00+00:00"} | told
        await world.take(fact(version, f"contacts.contact_point.{step}", point, version, at, moments=("at",), country="AL"))
    assert await said(world, "iP8") == ("1", None, "published")
    assert await said(world, "iP8", country="AL") == ("1", None, "published")
    for country in ("FR", "NL"):
        assert await said(world, "iP8", country=country) == NOTHING
    board = (await world.ask("/scoreboard", **YEAR, country="NL")).json()
    assert not any(row["covered"] for row in board["rows"])
    await world.declare(indicator="iP8")
    assert await said(world, "iP8", country="NL") == ("0", None, "recorded"), "who records every country knows of none there"


async def test_agreements_are_known_of_who_is_a_partner(world: World) -> None:
    al, br = uuid4(), uuid4()
    for number, (subject, country) in enumerate(((al, "AL"), (br, "BR"))):
        told = {"reference": country.lower(), "name": {"en": country}, "kind": "country", "country": country}
        await world.take(fact(number, "partners.partner.registered", subject, 1, told))
    held = {"kind": "international_agreement", "parties": [str(al)], "subject": [], "reference": "r", "stated_as_of": "2020-01-01"}
    await world.take(fact(0, "partners.instrument.entered_into_force", uuid4(), 1, held))
    assert [await said(world, "iP1", participant=each) for each in ("AL", "BR")] == [("1", None, "recorded"), ("0", None, "recorded")]
    assert await said(world, "iP1", participant="NL") == NOTHING
    assert (await said(world, "iP1", participant="BR", period="2019"))[:2] == (None, "not known")


async def test_of_what_is_assumed_a_file_says_only_that_it_is(world: World) -> None:
    await world.declare(indicator="iD1", basis="assumed")
    lines = csv.DictReader(io.StringIO((await world.ask("/scoreboard", **YEAR, format="csv")).text))
    line = next(line for line in lines if line["indicator"] == "iD1")
    assert [line[name] for name in ("value", "numerator", "reason", "basis")] == ["", "", "assumed", "assumed"]
