"""The whole way of a fact: public command, outbox, Kafka, fold, figure, and down again to the very events; the same after a rebuild."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events.contacts import CONTACT_POINTS
from tests.system.house import House, opened
from tests.system.world import sql

REFERENCE = {"iP1": "13", "iP2": "14", "iP3": "9", "iP7": "2", "iP8": "10", "iA4": "0.5"}
"""Counted by hand in the reference data."""


@pytest.fixture(scope="module")
async def house(
    topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any
) -> AsyncIterator[House]:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        yield house


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@pytest.fixture(scope="module")
async def moments(house: House) -> dict[str, str]:
    """As-of times around each step: nothing known, everything loaded, one agreement terminated."""
    found = {"empty": now()}
    await house.load()
    await house.settled()
    found["loaded"] = now()
    instruments = await house.told("partners", "GET", "/instruments", params={"state": "in_force", "kind": "international_agreement"})
    await house.told("partners", "POST", f"/instruments/{instruments['items'][0]['id']}/advance", json={"state": "terminated"})
    await house.settled()
    found["terminated"] = now()
    return found


async def counted(house: House) -> dict[str, int]:
    """Rows of every table, except of answers kept for replay."""
    found = {}
    for name, member in house.members.items():
        for schema, table in [row.split(".") for row in (await tables(member.dsn))]:
            if table not in ("idempotency_keys", "alembic_version", "outbox"):
                found[f"{name}.{schema}.{table}"] = await sql(member.dsn, f'SELECT count(*) FROM "{schema}"."{table}"')
    return found


async def tables(dsn: str) -> list[str]:
    return list(
        await sql(
            dsn,
            """SELECT array_agg(table_schema || '.' || table_name) FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')""",
        )
    )


async def every(house: House, path: str, *roles: str, limit: int = 100, **params: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found, after = [], None
    while True:
        page = await house.told("reporting", "GET", path, *roles, params={**params, "limit": limit, **({"after": after} if after else {})})
        found += page["items"]
        after = page["next"]
        if after is None:
            # Several events may stand for one counted subject: then one of them contributes.
            assert page["total"] == sum(row.get("contributes", True) for row in found)
            return found


async def test_figures_are_those_of_the_reference_data(house: House, moments: dict[str, str]) -> None:
    found = {code: await house.value(code, asof=moments["loaded"]) for code in REFERENCE}
    assert found == REFERENCE
    nothing = {code: await house.value(code, asof=moments["empty"]) for code in REFERENCE}
    assert set(nothing.values()) == {None}, "before anything was known there is no figure, which is not zero"


@pytest.mark.parametrize(("country", "zeros"), [("NL", set()), ("FR", set()), ("HR", set()), ("BR", {"iP1", "iP3", "iP7"})])
async def test_a_zero_of_a_country_is_only_told_where_the_sources_tell_of_it(
    house: House, moments: dict[str, str], country: str, zeros: set[str]
) -> None:
    """Brazil is a partner, and of each partner the sources say which agreements there are and which are not; Croatia has a desk alone."""
    found = set()
    for each in (await house.told("reporting", "GET", "/indicators"))["items"]:
        more = {"crime_type": "swindling-and-fraud"} if "crime_type" in each["filters"] else {}
        more |= {"measure_kind": "arrest"} if "measure_kind" in each["filters"] else {}
        for where in {"country", "participant"} & set(each["filters"]):
            for period in ("2024", "2024-03"):
                asked = {"period": period, "asof": moments["loaded"], where: country, **more}
                value = (await house.told("reporting", "GET", f"/indicators/{each['code']}", params=asked))["value"]
                found |= {each["code"]} if value is not None and float(value) == 0 else set()
    assert found == zeros


async def test_every_figure_leads_down_to_its_events(house: House, moments: dict[str, str]) -> None:
    for code in REFERENCE:
        value = (await house.told("reporting", "GET", f"/indicators/{code}", "auditor", params={"asof": moments["loaded"]}))["numerator"]
        rows = await every(house, f"/indicators/{code}/evidence", "auditor", limit=5, asof=moments["loaded"])
        assert sum(row["contributes"] for row in rows) == int(value)
        assert len({row["event_id"] for row in rows}) == len(rows) >= int(value)
        for row in rows:
            fact = await house.told("reporting", "GET", f"/facts/{row['event_id']}", "auditor")
            assert (fact["subject"], fact["type"], fact["time"]) == (row["subject"], row["type"], row["time"])
            assert fact["data"], "the event itself can be read"


async def test_a_termination_counts_from_the_moment_it_is_known(house: House, moments: dict[str, str]) -> None:
    assert await house.value("iP1") == "12"
    assert await house.value("iP1", asof=moments["terminated"]) == "12"
    assert await house.value("iP1", asof=moments["loaded"]) == "13"
    assert await house.value("iP1", period="2024-03") == "13", "in March 2024 it was in force, whenever that is asked"
    rows = await every(house, "/indicators/iP1/evidence", "auditor")
    assert len(rows) == 12


@dataclass
class Known:
    """What the house says once everything of this module has happened: whatever is done later, it must say this again."""

    asofs: list[str]
    figures: dict[tuple[str, ...], Any]
    facts: list[dict[str, Any]]

    @classmethod
    async def by(cls, house: House, asofs: list[str]) -> "Known":
        # What falls due meanwhile, such as a contact point that nobody has heard of for a year, a service says by itself.
        asked = [fact for fact in await every(house, "/facts", "auditor") if not fact["actor"].startswith("service:")]
        return cls(asofs, await house.figures(asofs), asked)


@pytest.fixture(scope="module")
async def known(house: House, moments: dict[str, str]) -> Known:
    known = await Known.by(house, [*moments.values(), now()])
    assert {figure.get("value") for figure in known.figures.values()} >= {"13", "12", "14", "9", "2", "10", None}, (
        "there is something to compare"
    )
    return known


@pytest.mark.parametrize("loader", ["loader", "another"], ids=["with the keys it had", "when the keys are forgotten"])
async def test_loading_again_doubles_nothing(house: House, known: Known, loader: str) -> None:
    before, ends = await counted(house), await house.ends()
    assert await house.load(loader) > 0
    await house.settled()
    assert await counted(house) == before
    later = await house.ends()
    assert {topic for topic, end in later.items() if end != ends[topic]} <= {CONTACT_POINTS}, "where something may have fallen due"
    assert await Known.by(house, known.asofs) == known


async def rebuilt_live(house: House) -> None:
    assert "equal" in await house.operate("rebuild")


async def rebuilt_from_nothing(house: House) -> None:
    """As the runbook says: stop, empty what is made of facts and the positions, compare, rebuild, start."""
    house["reporting"].child.stop()
    await sql(house["reporting"].dsn, "TRUNCATE facts.facts, facts.offsets")
    assert "differing: rows, keys" in await house.operate("rebuild", "--check", expected=1)
    assert await sql(house["reporting"].dsn, "SELECT count(*) FROM facts.facts") == 0, "a comparison changes nothing"
    await house.operate("rebuild")
    assert await sql(house["reporting"].dsn, "SELECT count(*) FROM facts.facts") > 0, "there before the service reads anything"
    await house.start("reporting")


async def read_again_by_the_service(house: House) -> None:
    """As the runbook says for any reader: stop, empty, start; it begins at the first record."""
    house["reporting"].child.stop()
    await sql(house["reporting"].dsn, "TRUNCATE facts.facts, facts.offsets")
    await house.start("reporting")


@pytest.mark.parametrize("again", [rebuilt_live, rebuilt_from_nothing, read_again_by_the_service], ids=lambda how: how.__name__)
async def test_figures_are_the_same_after_everything_was_read_again(house: House, known: Known, again: Any) -> None:
    await again(house)
    await house.settled()
    assert await Known.by(house, known.asofs) == known
    stream = await house.told("reporting", "GET", "/stream", "operator")
    assert all(topic["folded"] == topic["end_offsets_sum"] for topic in stream["topics"])
    assert stream["gaps"] == []
