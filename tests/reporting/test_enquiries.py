"""Figures of enquiries: how fast countries acknowledge and answer, what stays unanswered, and whether both sides give as they take."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from tests.reporting.world import LOADED, World, fact
from tests.statements import statements

YEAR = {"period": "2024"}
T = "contacts.enquiry"


def whole(asks, asked, **told):
    """An enquiry as its facts carry it."""
    said = {"from_country": asks, "to_country": asked, "measure": "hear_witness", "crime_types": ["cybercrime"], "urgency": "normal"}
    return said | {"channel": "direct", "opened": "2024-03-01T09:00:00+00:00", "step": 1} | told


class Desk(World):
    """Enquiries that are asked, and what becomes of them."""

    places, versions = count(), {}

    async def say(self, step, id_, told, recorded=LOADED, mode="live", country=None):
        self.versions[id_] = self.versions.get(id_, 0) + 1
        said = uuid4()
        at = {"moments": ("at", "opened"), "recorded": recorded, "id": said, "mode": mode, "country": country}
        await self.take(fact(next(self.places), f"{T}.{step}", id_, self.versions[id_], told, **at))
        return said

    async def ask_of(self, asks, asked, *steps, sent=True, **told):
        """An enquiry that went to somebody, and then (step, working minutes since it was opened)."""
        id_, said = uuid4(), whole(asks, asked, **told)
        await self.say("opened", id_, said | {"step": 0}, country=asks)
        if sent:
            await self.say("routed", id_, said, country=asks)
        for step, minutes in steps:
            taken = {} if minutes is None else {"working_minutes": minutes, "step_minutes": minutes}
            taken |= {"reason": "CAPACITY"} if step == "refused" else {}
            await self.say(step, id_, said | taken, country=asked)
        return id_, said

    async def value(self, code, **query):
        told = await self.figure(code, **YEAR | query)
        return told["value"] if told["value"] is not None else told["reason"]


@pytest.fixture
async def world(app, client, token):
    """AL was asked six times by NL and once by FR; NL was asked twice by AL."""
    made = Desk(app, client, token)
    await made.empty()
    await made.declare(event_family=T, start="2023-01-01")
    made.first = await made.ask_of("NL", "AL", ("acknowledged", 60), ("answered", 600))
    await made.ask_of("NL", "AL", ("acknowledged", 120), ("answered", 1200), channel="ejn_secretariat")
    await made.ask_of("NL", "AL", ("acknowledged", 180), ("refused", 240))
    made.open = await made.ask_of("NL", "AL", ("step_proposed", None), crime_types=["terrorism"])
    await made.ask_of("NL", "AL", ("acknowledged", 1), ("withdrawn", None))
    await made.ask_of("NL", "AL", sent=False)
    await made.ask_of("FR", "AL", ("answered", 30))
    await made.ask_of("AL", "NL", ("answered", 15), opened="2024-12-31T23:59:59+00:00")
    await made.ask_of("AL", "NL", ("answered", 15), opened="2025-01-01T00:00:00+00:00")
    return made


async def test_working_time_to_acknowledge_and_to_answer(world) -> None:
    both = {"country": "AL", "participant": "NL"}
    assert await world.value("iK1", **both) == "2", "of 60, 120 and 180 minutes"
    assert await world.value("iK1p", **both) == "2.8", "of 60, 120 and 180: 168 minutes"
    assert (await world.value("iK2", **both), await world.value("iK2p", **both)) == ("15", "19")
    told = await world.figure("iK2", **YEAR, **both)
    assert (told["unit"], told["numerator"], told["denominator"]) == ("hours", "900", "60"), "minutes, of which sixty are an hour"
    assert await world.value("iK1", country="AL") == "1.5", "who answers at once has acknowledged: 30, 60, 120, 180"
    assert await world.value("iK1", country="AL", channel="ejn_secretariat") == "2"
    assert await world.value("iK1", country="AL", crime_type="terrorism") == "nothing to compare with"
    total, items = await world.evidence("iK1", **YEAR, **both)
    assert (total, sorted(item["amount"] for item in items), all(item["contributes"] for item in items)) == (3, [60, 120, 180], True)
    assert (await world.value("iK2u", **both), await world.value("iK2u", country="AL")) == ("0.25", "0.2"), "a refusal is a reply"
    total, items = await world.evidence("iK2u", **YEAR, **both)
    assert [item["subject"] for item in items] == [str(world.open[0])]
    assert (await world.value("iK1", country="NL"), await world.value("iK1", country="NL", period="2025-01")) == ("0.25", "0.25")
    assert (await world.value("iK2", period="2022"), (await world.figure("iK2"))["reason"]) == ("not covered", "choose a period")
    assert await world.value("iK1", kind="joint") == "not counted by kind"
    assert await world.value("iEJ1", channel="direct") == "not counted by channel"


async def test_both_sides_give_and_take(world) -> None:
    assert await world.value("iK4") == "choose a country"
    told = await world.figure("iK4", **YEAR, country="AL", participant="NL")
    assert (told["value"], told["numerator"], told["denominator"]) == ("1", "2", "1")
    assert await world.value("iK4", country="NL", participant="AL") == "-1"
    assert (await world.value("iK4", country="AL"), await world.value("iK4", country="FR")) == ("2", "-1")
    assert await world.value("iK4", country="DE") == "0", "asked nothing and gave nothing"
    assert await world.value("iK4r", country="AL", participant="NL") == "0.5", "of four that went to somebody and still count"
    assert await world.value("iK4r", country="NL", participant="AL") == "1"
    assert await world.value("iK4r", country="DE") == "nothing to compare with"
    _, items = await world.evidence("iK4", **YEAR, country="NL", participant="AL", part="denominator")
    assert {item["type"] for item in items} == {f"{T}.answered.v1"}
    assert len(items) == 2


async def test_a_row_for_each_pair_is_what_one_asks_of_that_pair_alone(world) -> None:
    expected = {"iK1": 3, "iK1p": 3, "iK2": 3, "iK2p": 3, "iK2u": 3, "iK4": 4, "iK4r": 3}
    for code, pairs in expected.items():
        rows = (await world.figure(code, **YEAR, by="pair"))["rows"]
        assert len(rows) == pairs, code
        assert [(row["country"], row["participant"]) for row in rows] == sorted((row["country"], row["participant"]) for row in rows)
        for row in rows:
            alone = await world.figure(code, **YEAR, country=row["country"], participant=row["participant"])
            assert {name: alone[name] for name in row if name in alone} == {k: v for k, v in row.items() if k in alone}, code
    rows = (await world.figure("iK4", **YEAR, by="pair"))["rows"]
    assert {(row["country"], row["participant"]): row["value"] for row in rows} == {
        ("AL", "FR"): "1",
        ("AL", "NL"): "1",
        ("FR", "AL"): "-1",
        ("NL", "AL"): "-1",
    }
    assert [row["participant"] for row in (await world.figure("iK2", **YEAR, by="pair", country="AL"))["rows"]] == ["FR", "NL"]
    early = (await world.figure("iK1", period="2022-01-01/2025-01-01", by="pair"))["rows"]
    assert [(row["value"], row["reason"]) for row in early] == [(None, "not covered")] * 3
    refused = await world.ask("/indicators/iEJ1", **YEAR, by="pair")
    assert (refused.status_code, "not counted by pair" in refused.text) == (409, True)


async def test_however_many_pairs_there_are_coverage_is_asked_for_once(world) -> None:
    with statements(world.app) as of_one:
        await world.figure("iK2", **YEAR)
    with statements(world.app) as of_pairs:
        assert len((await world.figure("iK2", **YEAR, by="pair"))["rows"]) > 2
    alone, together = [sum("FROM coverage" in statement for statement in each) for each in (of_one, of_pairs)]
    assert (alone, together) == (1, 1)


async def test_coverage_is_of_each_country(world) -> None:
    await world.declare(event_family=T, start="2023-01-01", country="AL", complete=False)
    rows = {row["country"]: row for row in (await world.figure("iK2", **YEAR, by="pair"))["rows"]}
    assert (rows["AL"]["value"], rows["AL"]["reason"], rows["NL"]["value"]) == (None, "not covered", "0.25")


async def test_what_is_taken_back_counts_no_longer_from_then_on_and_an_exercise_never(world) -> None:
    both, now = {"country": "AL", "participant": "NL"}, datetime.now(UTC)
    before, later = now.isoformat(), now + timedelta(milliseconds=1)
    id_, said = world.open
    answered = await world.say("answered", id_, said | {"working_minutes": 6000, "step_minutes": 1}, recorded=later)
    assert (await world.value("iK2", **both), await world.value("iK2u", **both)) == ("20", "0")
    assert (await world.value("iK2", **both, asof=before), await world.value("iK2u", **both, asof=before)) == ("15", "0.25")
    await world.say("retracted", id_, {"corrects": str(answered), "reason": "wrong_date"}, recorded=later + timedelta(seconds=1))
    asof = (later + timedelta(seconds=2)).isoformat()
    assert (await world.value("iK2", **both, asof=asof), await world.value("iK2u", **both, asof=asof)) == ("15", "0.25")
    assert await world.value("iK2", **both, asof=later.isoformat()) == "20", "as it was known between"
    exercise, told = uuid4(), whole("NL", "AL", working_minutes=1, step_minutes=1)
    for step in ("opened", "routed", "answered"):
        await world.say(step, exercise, told, mode="exercise")
    assert await world.value("iK4", **both, asof=asof) == "1"


async def test_an_older_fact_without_its_working_time_is_no_zero(world) -> None:
    await world.ask_of("DE", "FR", ("answered", None))
    assert await world.value("iK2", country="FR", participant="DE") == "nothing to compare with"
    assert await world.value("iK4r", country="FR", participant="DE") == "1"


async def test_the_scoreboard_tells_of_what_went_through_the_ejn_secretariat(world) -> None:
    board = (await world.ask("/scoreboard", **YEAR, country="AL")).json()
    row = next(row for row in board["rows"] if row["measure"] == "B.d")
    told = {cell["indicator"]: (cell["value"], cell["channel"]) for cell in row["cells"]}
    assert told == {"iB1": (None, None), "iK1": ("2", "ejn_secretariat"), "iK2": ("20", "ejn_secretariat")}
    link = next(cell["evidence"] for cell in row["cells"] if cell["indicator"] == "iK2")
    assert [item["amount"] for item in (await world.ask(link)).json()["items"]] == [1200]
    lines = csv.DictReader(io.StringIO((await world.ask("/scoreboard", **YEAR, country="AL", format="csv")).text))
    by = {(line["measure"], line["indicator"]): line["channel"] for line in lines if line["channel"]}
    assert by == {("B.d", code): "ejn_secretariat" for code in ("iK1", "iK2")}
