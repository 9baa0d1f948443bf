"""Figures of operations: counted by kind, results only where certified, a correction lowers them, an exercise changes nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.reporting.world import World, fact

YEAR = {"period": "2024"}
ARRESTS = {**YEAR, "measure_kind": "arrest"}
T = "operations.operation"


def whole(**told):
    kinds = told.pop("kinds", ["police"])
    agencies = [{"institution_kind": kind, "country": "NL", "role": "member"} for kind in kinds]
    mandate = {"title": {"en": "x"}, "kind": "task_force", "crime_types": ["cybercrime"], "countries": ["AL", "NL"]}
    return mandate | {"agencies": agencies, "results": [], "launched": "2024-02-01T00:00:00+00:00"} | told


def result(country, kind, total):
    return {"country": country, "measure_kind": kind, "total": total}


@pytest.fixture
async def world(app, client, token):
    """Two completed operations and one that runs; one was evaluated in time, the other late."""
    made = World(app, client, token)
    await made.empty()
    await made.declare(event_family=T, start="2023-01-01")
    made.first, made.second, made.third = uuid4(), uuid4(), uuid4()
    ended, results = "2024-03-01T00:00:00+00:00", [result("NL", "arrest", 12), result("AL", "arrest", 3), result("AL", "search", 7)]
    in_time, late = "2024-08-28T00:00:00+00:00", "2024-08-28T00:00:01+00:00"
    await made.take(
        fact(0, f"{T}.launched", made.first, 1, whole(kinds=["police", "police", "customs", "court"])),
        fact(1, f"{T}.completed", made.first, 2, whole(ended=ended, results=results, kinds=["police", "police", "customs", "court"])),
        fact(
            2, f"{T}.evaluated", made.first, 3, whole(ended=ended, results=results, evaluated=in_time, kinds=["police", "customs", "court"])
        ),
        fact(3, f"{T}.launched", made.second, 1, whole(kind="joint")),
        fact(4, f"{T}.evaluated", made.second, 3, whole(kind="joint", ended=ended, evaluated=late, results=[result("NL", "arrest", 5)])),
        fact(5, f"{T}.launched", made.third, 1, whole(crime_types=["terrorism"])),
        fact(6, f"{T}.result_certified", made.third, 2, whole(country="NL", results=[result("NL", "arrest", 100)])),
    )
    return made


async def test_operations_are_counted_by_kind_and_by_when_they_began_or_ended(world) -> None:
    assert (await world.figure("iD1", **YEAR))["value"] == "3"
    told = await world.figure("iD1", **YEAR, by="kind")
    rows = {row["kind"]: row["value"] for row in told["rows"]}
    assert (rows["task_force"], rows["joint"], rows["hot_pursuit"], told["distinct"]) == ("2", "1", "0", "3")
    assert (await world.figure("iD1", **YEAR, kind="joint"))["value"] == "1"
    assert (await world.figure("iD1", period="2024-03"))["value"] == "0"
    evaluated = await world.figure("iD2", period="2024-03")
    assert (evaluated["value"], evaluated["numerator"], evaluated["denominator"]) == ("0.5", "1", "2"), "180 days and a second are too late"
    breadth = await world.figure("iD3", **YEAR)
    assert (breadth["value"], breadth["numerator"]) == ("2", "2"), "of three kinds and one kind"
    total, items = await world.evidence("iD3", **YEAR)
    assert (total, sorted(item["amount"] for item in items)) == (2, [1, 3])
    assert (await world.figure("iD3", period="2023"))["reason"] == "nothing to compare with"
    assert (await world.figure("iD1", period="2022"))["reason"] == "not covered"


async def test_certified_results_add_up_for_one_kind_of_measure_and_only_of_what_is_completed(world) -> None:
    assert (await world.figure("iD4", **YEAR))["reason"] == "choose a kind of measure"
    assert (await world.figure("iD4", **ARRESTS))["value"] == "20"
    assert (await world.figure("iD4", **ARRESTS, participant="AL"))["value"] == "3"
    assert (await world.figure("iD4", **ARRESTS, kind="joint"))["value"] == "5"
    assert (await world.figure("iD4", **YEAR, measure_kind="freezing"))["value"] == "0"
    total, items = await world.evidence("iD4", **ARRESTS)
    assert (total, sum(item["amount"] for item in items), all(item["contributes"] for item in items)) == (3, 20, True)
    told = await world.figure("iD4", **YEAR, by="measure_kind")
    rows = {row["measure_kind"]: row["value"] for row in told["rows"]}
    assert (rows["arrest"], rows["search"], told["distinct"]) == ("20", "7", None), "arrests and searches are not added up"
    for code, query in (("iD4", ARRESTS), ("iD3", YEAR)):
        told = await world.figure(code, **query, by="crime_type")
        assert (told["distinct"], told["overlap_ratio"]) == (None, None), "neither a sum nor a median says how many there are"
    assert (await world.ask("/indicators/iEJ1", **YEAR, by="measure_kind")).status_code == 409
    assert (await world.figure("iEJ1", **ARRESTS))["reason"] == "not counted by kind of measure"


async def test_a_correction_lowers_a_retraction_takes_away_an_exercise_does_nothing(world) -> None:
    before = datetime.now(UTC)
    later = before + timedelta(milliseconds=1)
    ended = {"ended": "2024-03-01T00:00:00+00:00"}
    told = {"country": "NL", "measure_kind": "arrest", "total": 10, "corrects": str(uuid4()), "reason": "duplicate"}
    lower = whole(**ended, **told, results=[result("NL", "arrest", 10), result("AL", "arrest", 3)])
    await world.take(fact(10, f"{T}.result_corrected", world.first, 4, lower, recorded=later))
    assert (await world.figure("iD4", **ARRESTS))["value"] == "18"
    assert (await world.figure("iD4", **ARRESTS, asof=before.isoformat()))["value"] == "20", "as it was known"
    late = whole(**ended, results=[result("NL", "arrest", 99)])
    await world.take(fact(11, f"{T}.completed", world.second, 2, late, recorded=later))
    assert (await world.figure("iD4", **ARRESTS))["value"] == "18", "a late older version undoes nothing"
    exercise = whole(**ended, results=[result("NL", "arrest", 1000)])
    await world.take(fact(12, f"{T}.completed", uuid4(), 1, exercise, mode="exercise"))
    assert ((await world.figure("iD1", **YEAR))["value"], (await world.figure("iD4", **ARRESTS))["value"]) == ("3", "18")
    back = whole(kind="joint", corrects=str(uuid4()), reason="other", results=[result("NL", "arrest", 5)])
    await world.take(fact(13, f"{T}.retracted", world.second, 4, back, recorded=later))
    assert (await world.figure("iD4", **ARRESTS))["value"] == "13"
    assert (await world.figure("iD1", **YEAR))["value"] == "3", "it was launched all the same"
    assert (await world.figure("iD2", **YEAR))["denominator"] == "1"
