"""Figures of meetings: the published years counted, types never summed, a correction and a retraction as they were known."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from deploy.local.load import years
from tests.reporting.world import World
from tests.reporting.world import fact as world_fact

FRAUD = {"crime_type": "swindling-and-fraud", "period": "2024"}


def fact(number, step, subject, version, data, **more):
    return world_fact(number, f"meetings.meeting.{step}", subject, version, data, **more)


def took_place(body, **changed):
    held = {"kind": "coordination_case", "crime_types": [], "countries": [], "format": "video"}
    return held | {name: body[name] for name in ("crime_types", "started", "ended") if name in body} | changed


@pytest.fixture
async def world(app, client, token):
    """The published years, folded and declared as the loader does it; answers figures and takes further facts."""
    made = World(app, client, token)
    await made.empty()
    entries = list(years.meetings())
    for entry in entries:
        if entry.service == "reporting":
            await made.declare(**entry.body)
    held = [e for e in entries if e.service == "meetings"]
    subjects = {e.body["reference"]: uuid5(NAMESPACE_URL, e.body["reference"]) for e in held}
    records = [
        fact(n, "held", subjects[e.body["reference"]], 1, took_place(e.body), id=uuid5(NAMESPACE_URL, e.key)) for n, e in enumerate(held)
    ]

    made.subjects = subjects
    made.fraud = next(e for e in held if e.body["crime_types"] == ["swindling-and-fraud"] and e.body["started"].startswith("2024"))
    await made.take(*records)
    return made


def rounded(value):
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_EVEN))


async def test_the_published_sentences_come_out_of_the_queries(world) -> None:
    assert (await world.figure("iEJ1", period="2024"))["value"] == "640"
    for crime_type, count in {"swindling-and-fraud": 152, "money-laundering": 138, "cybercrime": 121, "drug-trafficking": 110}.items():
        said = await world.figure("iEJ3", period="2024", crime_type=crime_type)
        assert (said["value"], said["basis"]) == (str(count), "published")
        total, items = await world.evidence("iEJ3", period="2024", crime_type=crime_type)
        assert total == count == len({item["subject"] for item in items}) == sum(item["contributes"] for item in items)
    for crime_type, growth in {"swindling-and-fraud": 20, "cybercrime": 30, "organised-crime": 30, "terrorism": 45}.items():
        said = await world.figure("iEJ4", period="2024", crime_type=crime_type)
        assert rounded(said["value"]) == growth, crime_type
        assert (await world.evidence("iEJ4", period="2024", crime_type=crime_type, part="base"))[0] == int(said["denominator"])
    doubled = await world.figure("iEJ4", period="2024", crime_type="intellectual-property-crime")
    assert (doubled["flags"], doubled["basis"]) == (["more than doubled"], "assumed")


async def test_what_is_not_published_is_not_covered_and_never_zero(world) -> None:
    for code, query in (
        ("iEJ1", {"period": "2023"}),
        ("iEJ1", {"period": "2022"}),
        ("iEJ3", {"period": "2023", "crime_type": "money-laundering"}),
        ("iEJ4", {"period": "2024", "crime_type": "drug-trafficking"}),
        ("iEJ3", {"period": "2024", "crime_type": "environmental-crime"}),
        ("iEJ3", {"period": "2024", "crime_type": "cybercrime,environmental-crime"}),
        ("iEJ1", {"period": "2024", "asof": "2020-01-01"}),
    ):
        said = await world.figure(code, **query)
        assert (said["value"], said["reason"]) == (None, "not covered"), (code, query)
        assert (await world.evidence(code, **query))[0] == 0
    assert (await world.figure("iEJ1"))["reason"] == "choose a period"
    assert (await world.figure("iEJ3", period="2024"))["reason"] == "choose a crime type"


async def test_crime_types_overlap_and_are_never_summed(world) -> None:
    told = await world.figure("iEJ1", period="2024", by="crime_type")
    rows = {row["crime_type"]: row["value"] for row in told["rows"]}
    assert (rows["swindling-and-fraud"], rows["cybercrime"], told["distinct"]) == ("152", "121", "640")
    assert "value" not in told
    assert Decimal(told["overlap_ratio"]) == (Decimal(sum(map(int, rows.values()))) / 640).quantize(Decimal("0.000001"))
    refused = await world.ask("/indicators/iEJ1", period="2024", aggregate="sum")
    assert (refused.status_code, refused.json()["distinct_total"]) == (409, "640")
    either = await world.figure("iEJ3", period="2024", crime_type="swindling-and-fraud,money-laundering")
    both = 48 + 3
    assert int(either["value"]) == 152 + 138 - both, "with either, each once"
    assert either["basis"] == "assumed", "each is published, how they combine is not"
    unknown = await world.ask("/indicators/iEJ3", period="2024", crime_type="swindling-and-fraud,arson")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "crime_type")


async def test_what_is_only_counted_by_crime_type_says_how_many_are_about_any(world) -> None:
    typed = sum(1 for e in years.meetings() if e.body.get("started", "").startswith("2024") and e.body["crime_types"])
    expected = (str(typed), "assumed", None)
    for code, said in (("iEJ1", ("640", "published", None)), ("iEJ3", expected)):
        told = await world.figure(code, period="2024", by="crime_type")
        assert (told["distinct"], told["distinct_basis"], told["distinct_reason"]) == said
        refused = (await world.ask(f"/indicators/{code}", period="2024", aggregate="sum")).json()
        assert (refused["distinct_total"], refused["distinct_basis"], refused["distinct_reason"]) == said
    one = await world.figure("iEJ3", **FRAUD, by="crime_type")
    assert (one["distinct"], one["distinct_basis"]) == ("152", "published")
    nothing = await world.figure("iEJ3", period="2022", by="crime_type")
    assert (nothing["rows"], nothing["distinct"], nothing["distinct_reason"]) == ([], None, "not covered")


@pytest.mark.parametrize("where", ["country", "participant"])
async def test_of_a_country_nothing_is_published_and_nothing_is_zero(world, where) -> None:
    for code, query in (("iEJ1", {}), ("iEJ3", FRAUD), ("iEJ3", {"crime_type": "terrorism"}), ("iEJ4", FRAUD)):
        asked = {"period": "2024", **query, where: "NL"}
        said = await world.figure(code, **asked)
        assert (said["value"], said["reason"], said["basis"]) == (None, "not covered", None), code
        assert (await world.evidence(code, **asked))[0] == 0
    told = await world.figure("iEJ1", period="2024", by="month", **{where: "NL"})
    assert {(row["value"], row["reason"]) for row in told["rows"]} == {(None, "not covered")}
    types = await world.figure("iEJ1", period="2024", by="crime_type", **{where: "NL"})
    assert (types["rows"], types["distinct"], types["distinct_reason"]) == ([], None, "not covered")


async def test_what_is_published_of_a_year_is_assumed_of_its_parts(world) -> None:
    for period, basis in {"2024": "published", "2024-01-01/2025-01-01": "published", "2024-03": "assumed", "2024-03-05": "assumed"}.items():
        for code, query in (("iEJ1", {}), ("iEJ3", {"crime_type": "swindling-and-fraud"})):
            assert (await world.figure(code, period=period, **query))["basis"] == basis, (code, period)
    for code, query in (("iEJ1", {}), ("iEJ3", FRAUD), ("iEJ4", FRAUD)):
        assert {row["basis"] for row in (await world.figure(code, **{"period": "2024", "by": "month"} | query))["rows"]} == {"assumed"}, (
            code
        )
    assert (await world.figure("iEJ4", **FRAUD))["basis"] == "published", "both years are published"


async def test_month_by_month_is_the_year_and_outside_of_it_nothing(world) -> None:
    said = await world.figure("iEJ1", period="2024", by="month")
    months = {row["month"]: int(row["value"]) for row in said["rows"]}
    assert (list(months), sum(months.values())) == ([f"2024-{month:02}" for month in range(1, 13)], 640)
    assert months["2024-03"] == int((await world.figure("iEJ1", period="2024-03"))["value"])
    cut = await world.figure("iEJ1", period="2023-12-30/2024-01-02", by="month")
    assert [(row["month"], row["reason"]) for row in cut["rows"]] == [("2023-12", "not covered"), ("2024-01", None)]
    assert cut["rows"][1]["value"] == (await world.figure("iEJ1", period="2024-01-01"))["value"]
    for period in (None, "2010-01-01/2024-01-01"):
        refused = await world.ask("/indicators/iEJ1", by="month", **({"period": period} if period else {}))
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "period")


async def test_one_retracted_is_one_less_from_now_on_and_was_there_before(world) -> None:
    subject, id = world.subjects[world.fraud.body["reference"]], uuid5(NAMESPACE_URL, world.fraud.key)
    before = datetime.now(UTC)
    later = before + timedelta(milliseconds=1)
    await world.take(fact(5000, "retracted", subject, 2, {"corrects": str(id), "reason": "not_countable"}, recorded=later))
    assert (await world.figure("iEJ3", **FRAUD))["value"] == "151"
    total, items = await world.evidence("iEJ3", **FRAUD)
    assert (total, str(subject) in {item["subject"] for item in items}) == (151, False)
    assert rounded((await world.figure("iEJ4", **FRAUD))["value"]) == 19
    assert (await world.figure("iEJ3", **FRAUD, asof=before.isoformat()))["value"] == "152"
    assert (await world.evidence("iEJ3", **FRAUD, asof=before.isoformat()))[0] == 152
    assert (await world.figure("iEJ1", period="2024"))["value"] == "639"


async def test_reclassified_corrected_exercise_and_late_versions(world) -> None:
    subject, id = world.subjects[world.fraud.body["reference"]], uuid5(NAMESPACE_URL, world.fraud.key)
    body = world.fraud.body
    corrected = took_place(body, crime_types=["terrorism"], started="2023-05-01T09:00:00+00:00", ended="2023-05-01T10:00:00+00:00")
    await world.take(fact(6000, "corrected", subject, 3, corrected | {"corrects": str(id), "reason": "wrong_date"}))
    terrorism = {"crime_type": "terrorism"}
    assert (await world.figure("iEJ3", period="2023", **terrorism))["value"] == "21"
    await world.take(fact(6001, "reclassified", subject, 2, took_place(body, crime_types=["cybercrime"]) | {"reason": "other"}))
    assert (await world.figure("iEJ3", period="2023", **terrorism))["value"] == "21", "a late older version undoes nothing"
    assert (await world.figure("iEJ3", period="2024", crime_type="cybercrime"))["value"] == "121"
    await world.take(fact(6002, "held", uuid4(), 1, took_place(body), mode="exercise"))
    assert (await world.figure("iEJ1", period="2024"))["value"] == "639", "an exercise changes nothing"


async def test_national_meetings_say_who_was_missing(world) -> None:
    for indicator in ("iA1", "iA2", "iA9"):
        await world.declare(indicator=indicator, start="2025-01-01")
    held = {"kind": "national_coordination", "started": "2025-02-01T09:00:00+00:00", "ended": "2025-02-01T10:00:00+00:00"}
    first, second = uuid4(), uuid4()
    present = {"categories": {"judge": 2, "police": 1, "liaison": 1, "prosecutor": 0}, "countries": ["NL"], "organisations": []}
    await world.take(
        fact(7000, "held", first, 1, took_place({}, **held)),
        fact(7001, "attendance_recorded", first, 2, present),
        fact(7002, "held", second, 1, took_place({}, **held)),
    )
    assert (await world.figure("iA1", period="2025-02"))["value"] == "2"
    completeness = await world.figure("iA2", period="2025")
    assert (completeness["value"], completeness["numerator"], completeness["denominator"]) == ("0.25", "2", "8")
    assert (await world.figure("iA9", period="2025"))["value"] == "0.5"
    pages = [(await world.ask("/indicators/iA2/evidence", part="denominator", period="2025", limit=3)).json()]
    while pages[-1]["next"]:
        pages.append(
            (await world.ask("/indicators/iA2/evidence", part="denominator", period="2025", limit=3, after=pages[-1]["next"])).json()
        )
    assert [len(page["items"]) for page in pages] == [3, 3, 2]
