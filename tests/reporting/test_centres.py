"""Figures of coordination centres: the published year counted, economic crime as a group, a record only where every year is covered."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from deploy.local.load import years
from tests.reporting.world import World, fact

YEAR = {"period": "2024"}


def worked(**changed):
    opened = datetime.fromisoformat(changed.pop("opened"))
    told = {"title": {"en": "x"}, "form": "both", "crime_types": [], "countries": [], "opened": opened.isoformat()}
    return told | changed


def centre(number, step, subject, version, data, **more):
    return fact(number, f"operations.centre.{step}", subject, version, data, **more)


@pytest.fixture
async def world(app, client, token):
    """The published centres, folded and declared as the loader does it: each opened, then closed."""
    made = World(app, client, token)
    await made.empty()
    entries = list(years.centres())
    for entry in entries:
        if entry.service == "reporting":
            await made.declare(**entry.body)
    records = []
    for entry in (each for each in entries if each.service == "operations"):
        subject, told = uuid5(NAMESPACE_URL, entry.key), {name: entry.body[name] for name in ("crime_types", "opened")}
        records.append(centre(2 * len(records), "opened", subject, 1, worked(**told)))
        records.append(centre(2 * len(records) + 1, "closed", subject, 2, worked(**told, closed=entry.body["closed"])))
    await made.take(*records)
    return made


async def test_the_published_sentences_come_out_of_the_queries(world) -> None:
    said = await world.figure("iEJ5", **YEAR)
    assert (said["value"], said["basis"], said["flags"]) == ("32", "published", []), "no year before is covered: no record is counted"
    total, items = await world.evidence("iEJ5", **YEAR)
    assert total == 32 == len({item["subject"] for item in items})
    share = await world.figure("iEJ8", **YEAR)
    assert (share["flags"], share["denominator"], share["basis"]) == (["more than half"], "32", "assumed")
    assert (await world.evidence("iEJ8", **YEAR))[0] == int(share["numerator"]) > 16
    told = await world.figure("iEJ5", **YEAR, by="crime_type")
    rows = sorted(told["rows"], key=lambda row: -int(row["value"]))
    ranked = ["economic-crime", "drug-trafficking", "cybercrime", "organised-crime", "migrant-smuggling"]
    assert [row["crime_type"] for row in rows] == ranked, "and nothing of a type of which nothing is published"
    assert ({row["basis"] for row in rows}, told["distinct"]) == ({"assumed"}, "32")
    for query in ({"period": "2023"}, {"period": "2025"}, {**YEAR, "crime_type": "terrorism"}, {**YEAR, "crime_group": "economic-crime"}):
        assert (await world.figure("iEJ5", **query))["reason"] == "not covered"


async def test_of_a_country_nothing_is_published_and_of_a_month_nothing_but_the_total(world) -> None:
    for code in ("iEJ5", "iEJ8"):
        for where in ("country", "participant"):
            said = await world.figure(code, **YEAR, **{where: "NL"})
            assert (said["value"], said["reason"]) == (None, "not covered"), (code, where)
    months = (await world.figure("iEJ5", **YEAR, by="month"))["rows"]
    assert (sum(int(row["value"]) for row in months), {row["basis"] for row in months}) == (32, {"assumed"})


async def test_retracted_corrected_and_exercised_centres(world) -> None:
    total, items = await world.evidence("iEJ8", **YEAR)
    one, other = items[0]["subject"], items[1]["subject"]
    before = datetime.now(UTC)
    later = before + timedelta(milliseconds=1)
    right = worked(opened="2024-03-01T08:00:00+00:00", crime_types=["terrorism"], closed="2024-03-01T09:00:00+00:00")
    await world.take(
        centre(900, "retracted", one, 3, {"corrects": str(uuid4()), "reason": "duplicate"}, recorded=later),
        centre(901, "corrected", other, 4, right | {"corrects": str(uuid4()), "reason": "other"}, recorded=later),
        centre(902, "opened", uuid4(), 1, worked(opened="2024-05-01T00:00:00+00:00"), mode="exercise"),
    )
    assert (await world.figure("iEJ5", **YEAR))["value"] == "31"
    assert (await world.figure("iEJ8", **YEAR))["numerator"] == str(total - 2)
    assert (await world.figure("iEJ5", **YEAR, asof=before.isoformat()))["value"] == "32"
    await world.take(centre(903, "closed", other, 3, worked(opened="2024-01-01T00:00:00+00:00", crime_types=["economic-crime"])))
    assert (await world.figure("iEJ8", **YEAR))["numerator"] == str(total - 2), "a late older version undoes nothing"


async def test_a_group_counts_each_once_and_a_record_needs_every_year_before(app, client, token) -> None:
    world = World(app, client, token)
    await world.empty()
    await world.declare(event_family="operations.centre", start="2021-06-01")
    both = ["swindling-and-fraud", "money-laundering"]
    opened = {2022: 2, 2023: 2, 2024: 3}
    places = [f"{year}-0{month + 1}-01T00:00:00+00:00" for year, count in opened.items() for month in range(count)]
    await world.take(*(centre(n, "opened", uuid4(), 1, worked(opened=at, crime_types=both)) for n, at in enumerate(places)))
    assert (await world.figure("iEJ5", **YEAR))["flags"] == ["record since 2022"], "a year that is covered in part is not compared with"
    assert (await world.figure("iEJ5", period="2023"))["flags"] == [], "as many as before is no record"
    assert (await world.figure("iEJ5", period="2022"))["flags"] == [], "the first year is none"
    assert (await world.figure("iEJ5", period="2024-02"))["flags"] == []
    assert (await world.figure("iEJ5", **YEAR, crime_group="economic-crime"))["value"] == "3", "two members, one centre"
    assert (await world.figure("iEJ8", **YEAR))["value"] == "1"
    unknown = await world.ask("/indicators/iEJ5", **YEAR, crime_group="blue-crime")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "crime_group")
    await world.declare(event_family="operations.centre", start="2023-01-01", end="2024-01-01", complete=False)
    assert (await world.figure("iEJ5", **YEAR))["flags"] == [], "a year taken back cannot be compared with"
