"""Figures of networks and tools: what is wanted, at work, meets, is linked and is used, as it was known."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.reporting import projections
from shared.events import Attributes
from tests.reporting.test_fold import Sent

KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
FIU, ARO, CYBER, POINT = (UUID(int=n) for n in range(1, 5))
NET = {"reference": "n", "name": {"en": "N"}, "kind": "national_network", "level": "national"}
MEETING = {"kind": "network", "crime_types": [], "countries": [], "format": "video"}


@pytest.fixture
async def world(app, client, token):
    """Empty, declared complete; `say` folds a fact, `figure` asks."""
    async with app.state.engine.begin() as tx:
        await tx.execute(text("TRUNCATE facts, offsets, dead_letters, coverage"))
    bearer = {"Authorization": f"Bearer {token('importer')}"}
    for code in ("iA4", "iA5", "iA6", "iB1", "iB2", "iB3", "iP5"):
        body = {"indicator": code, "start": "2020-01-01", "complete": True, "basis": "recorded", "origin": "a test"}
        assert (await client.post("/coverage", json=body, headers=bearer)).status_code == 201
    places, versions = count(), {}

    class World:
        async def say(self, type_, subject, on, data, country=None, recorded=KNOWN, **more):
            topic = "contacts.domain.v1" if "domain" in type_ else f"{type_.rsplit('.', 2)[0]}.v1"
            versions[subject] = versions.get(subject, 0) + 1
            source, id_ = f"/instances/test/services/{type_.split('.')[0]}", uuid4()
            at = datetime.fromisoformat(on).replace(tzinfo=UTC)
            said = Attributes(id_, source, type_, subject, at, recorded, versions[subject], country=country, **more)
            headers = [(name, value.encode()) for name, value in said.headers().items()]
            sent = Sent(topic, next(places), str(subject).encode(), json.dumps(data).encode(), headers)
            async with app.state.engine.begin() as tx:
                folded = await projections.take(tx, [sent])
            assert not folded.letters, folded.letters
            return str(id_)

        async def turn(self, step, subject, on, country=None, recorded=KNOWN, **more):
            return await self.say(f"contacts.network.{step}.v1", subject, on, {**NET, "domain": [], **more}, country, recorded)

        async def meet(self, on, *networks, subject=None):
            subject = subject or uuid4()
            held = {**MEETING, "started": f"{on}T09:00:00Z", "ended": f"{on}T10:00:00Z", "networks": [str(each) for each in networks]}
            return await self.say("meetings.meeting.held.v1", subject, on, held), subject

        async def adopt(self, tool, on, country, *measures):
            told = {"reference": "t", "title": {"en": "T"}, "kind": "guide", "version": "1", "languages": [], "source_revision": 1}
            told |= {"measures": measures, "adopted_on": on}
            return await self.say("capacity.tool.adopted_nationally.v1", tool, on, told, country)

        async def tool(self, step, tool, on):
            told = {"reference": "t", "title": {"en": "T"}, "kind": "guide", "version": "1", "languages": [], "source_revision": 1}
            return await self.say(f"capacity.tool.{step}.v1", tool, on, told | {"measures": ["B.a"]})

        async def figure(self, code, period="2026", **query):
            answer = await client.get(f"/indicators/{code}", params={"period": period, **query}, headers=bearer)
            assert answer.status_code == 200, answer.text
            said = answer.json()
            evidence = (await client.get(f"/indicators/{code}/evidence", params={"period": period, **query}, headers=bearer)).json()
            assert sum(item["contributes"] for item in evidence["items"]) == evidence["total"] == int(said["numerator"] or 0)
            return said["numerator"], said["denominator"]

    return World()


async def test_domains_that_have_a_network_at_work(world) -> None:
    for code in ("cybercrime", "money-laundering"):
        await world.say(
            "contacts.domain.added.v1", uuid4(), "2024-01-01", {"code": code, "label": {"en": code}, "valid_from": "2024-01-01"}
        )
    later = {"code": "terrorism", "label": {"en": "T"}, "valid_from": "2026-06-01"}
    await world.say("contacts.domain.added.v1", uuid4(), "2026-06-01", later, country="AL")
    await world.turn("founded", FIU, "2024-02-01", domain=["money-laundering"])
    assert await world.figure("iA4", "2025") == ("0", "2"), "founded is not at work"
    await world.turn("activated", FIU, "2024-03-01", domain=["money-laundering"])
    await world.turn("activated", ARO, "2024-03-01", domain=["money-laundering"])
    await world.turn("activated", CYBER, "2024-03-01", country="AL", domain=["cybercrime"])
    assert await world.figure("iA4", "2025") == ("2", "2"), "two networks for one domain count once"
    assert await world.figure("iA4") == ("2", "3")
    assert await world.figure("iA4", country="NL") == ("1", "2"), "of the country or above countries"
    assert await world.figure("iA4", country="AL") == ("2", "3")
    later = datetime.now(UTC) + timedelta(hours=1)
    await world.turn("silent_flagged", CYBER, "2024-06-01", country="AL", recorded=later, domain=["cybercrime"])
    assert await world.figure("iA4", "2025") == ("2", "2"), "nobody knows yet"
    assert await world.figure("iA4", "2025", asof=later.isoformat(timespec="microseconds").replace("+00:00", "Z")) == ("1", "2")


async def test_networks_that_meet_as_often_as_they_should(world) -> None:
    for network, rhythm in ((FIU, "P3M"), (ARO, "P1Y"), (CYBER, None)):
        await world.turn("activated", network, "2024-03-01", **({"rhythm": rhythm} if rhythm else {}))
        await world.meet("2025-09-15", network)
    assert await world.figure("iA5", "2025") == ("2", "3"), "1.25 times a quarter is 3 months and a week or so; no rhythm, no regularity"
    assert await world.figure("iA5", "2026-01") == ("1", "3")
    held, meeting = await world.meet("2026-01-20", FIU)
    assert await world.figure("iA5", "2026-01") == ("2", "3")
    await world.say("meetings.meeting.retracted.v1", meeting, "2026-01-21", {"corrects": held, "reason": "duplicate"})
    assert await world.figure("iA5", "2026-01") == ("1", "3")


async def test_pairs_that_are_linked_and_do_something_together(world) -> None:
    assert await world.figure("iA6", "2025") == ("0", "0")
    for network in (FIU, ARO, CYBER):
        await world.turn("activated", network, "2024-03-01")
    link = {"other_network": str(ARO), "purpose": "contact"}
    await world.say("contacts.network.interconnected.v1", FIU, "2024-04-01", link)
    await world.say("contacts.network.interconnected.v1", ARO, "2024-04-01", {**link, "other_network": str(FIU)})
    assert await world.figure("iA6", "2025") == ("0", "3"), "a link alone is not enough"
    await world.meet("2025-03-01", FIU, ARO)
    assert await world.figure("iA6", "2025") == ("1", "3"), "said from both ends, it is one pair"
    assert await world.figure("iA6", "2026-05") == ("0", "3"), "the joint meeting is too long ago"
    for network in (FIU, ARO):
        member = {"member_ref": str(POINT), "role": "member", "valid_from": "2024-05-01"}
        await world.say("contacts.network.membership_granted.v1", network, "2024-05-01", member)
    assert await world.figure("iA6", "2026-05") == ("0", "3"), "a shared member must be verified"
    await world.say("contacts.contact_point.verified.v1", POINT, "2026-04-01", {"method": "self"})
    assert await world.figure("iA6", "2026-05") == ("1", "3")
    await world.say("contacts.network.disconnected.v1", FIU, "2026-04-02", link)
    assert await world.figure("iA6", "2026-05") == ("1", "3"), "the other end still says so"
    await world.say("contacts.network.disconnected.v1", ARO, "2026-04-02", {**link, "other_network": str(FIU)})
    assert await world.figure("iA6", "2026-05") == ("0", "3")


async def test_groups_of_tools_that_a_country_uses(world) -> None:
    adopt, handbook, atlas, other = world.adopt, uuid4(), uuid4(), uuid4()
    await adopt(handbook, "2024-03-01", "AL", "B.a", "B.a.3")
    await adopt(uuid4(), "2024-03-01", "AL", "B.a", "B.a.1")
    wrong = await adopt(atlas, "2025-02-01", "AL", "A.d.1", "B.b")
    await adopt(other, "2024-03-01", "AL")
    await adopt(handbook, "2024-03-01", "NL", "B.a", "B.a.3")
    assert await world.figure("iB1", "2024", country="AL") == ("1", "8"), "a group counts once, whatever is used of it"
    assert await world.figure("iB1", "2025", country="AL") == ("2", "8")
    assert await world.figure("iB1", "2025", country="NL") == ("1", "8")
    await world.say("capacity.tool.retracted.v1", atlas, "2025-03-01", {"corrects": wrong, "reason": "wrong_subject"}, "AL")
    assert await world.figure("iB1", "2025", country="AL") == ("1", "8")
    assert await world.figure("iB1", "2025") == (None, None), "it is a figure of one country"


async def test_tools_that_were_looked_after_in_two_years(world) -> None:
    old, revised, withdrawn = uuid4(), uuid4(), uuid4()
    for tool in (old, revised, withdrawn):
        await world.tool("published", tool, "2023-03-01")
    assert await world.figure("iB2", "2024") == ("3", "3")
    await world.tool("revised", revised, "2025-06-01")
    await world.tool("withdrawn", withdrawn, "2025-07-01")
    assert await world.figure("iB2", "2025") == ("1", "2"), "what is withdrawn is on offer no longer"
    assert await world.figure("iB2", "2025-02") == ("3", "3"), "to the day: 24 months before the first of March"
    assert await world.figure("iB2", "2025-03") == ("0", "3")
    await world.tool("published", uuid4(), "2025-08-01")
    assert await world.figure("iB2", "2025") == ("2", "3")
    assert await world.figure("iB2", "2025", country="AL") == ("2", "3"), "what stands above countries is offered to each"


async def test_uses_for_each_account_by_which_anything_was_recorded(world, client, token) -> None:
    used = {"surface": "web", "query_shape": "country", "result_count": 3}

    async def act(type_, on, data, who, country=None, **more):
        recorded = datetime.fromisoformat(on).replace(hour=9, tzinfo=UTC)
        return await world.say(type_, uuid4(), on, data, country, **{"recorded": recorded, "actor": f"user:{who}", **more})

    for on, who, country in (("2025-02-01", 1, "AL"), ("2025-02-28", 1, "AL"), ("2025-02-28", 1, None), ("2025-03-01", 2, "AL")):
        await act("contacts.directory.used.v1", on, used, who, country)
    held = {**MEETING, "started": "2024-11-01T09:00:00Z", "ended": "2024-11-01T10:00:00Z"}
    february = datetime(2025, 2, 3, tzinfo=UTC)
    meeting = await act("meetings.meeting.held.v1", "2024-11-01", held, 3, "NL", recorded=february)
    for who, more in (("4", {"mode": "exercise"}), ("5", {"mode": "import"}), ("6", {"actor": "service:contacts"}), ("7", {"actor": None})):
        await act("meetings.meeting.held.v1", "2025-02-04", held, who, "NL", **more)
    assert await world.figure("iB3", "2025-02") == ("3", "2"), "whoever recorded a meeting then is as active, whenever that was held"
    assert await world.figure("iB3", "2025") == ("4", "3"), "an account is one, in a month and in a year"
    assert await world.figure("iB3", "2025", country="AL") == ("3", "2")
    assert await world.figure("iB3", "2024") == ("0", "0"), "nobody recorded anything in that year"
    bearer = {"Authorization": f"Bearer {token('auditor')}"}

    async def ask(path="", **query):
        return (await client.get(f"/indicators/iB3{path}", params=query, headers=bearer)).json()

    said = await ask(period="2025-02")
    assert (said["value"], said["unit"], said["reason"]) == ("1.5", "rate", None)
    accounts = await ask("/evidence", period="2025-02", part="denominator")
    assert accounts["total"] == len(accounts["items"]) == 2, "each account by its first fact alone"
    assert meeting in {item["event_id"] for item in accounts["items"]}
    assert "user:" not in str(accounts)
    later = datetime.now(UTC) + timedelta(hours=1)
    await act("contacts.directory.used.v1", "2025-02-09", used, 8, recorded=later)
    assert (await ask(period="2025-02"))["value"] == "1.5", "nobody knows of it yet"
    known = await ask(period="2025-02", asof=later.isoformat(timespec="microseconds").replace("+00:00", "Z"))
    assert (known["numerator"], known["denominator"]) == ("4", "2"), "it happened then, but nobody recorded it then"
    assert (await ask())["reason"] == "choose a period"
    said = (await client.get("/indicators/iB3", params={"period": "2019"}, headers=bearer)).json()
    assert (said["numerator"], said["reason"]) == (None, "not covered")


async def test_the_scoreboard_says_what_is_known_and_what_is_not(world, client, token) -> None:
    priority = {"code": "terrorism", "label": {"en": "T"}, "valid_from": "2024-01-01"}
    await world.say("contacts.domain.added.v1", uuid4(), "2024-01-01", priority)
    network = await world.turn("activated", FIU, "2024-03-01", domain=["terrorism"])
    await world.adopt(uuid4(), "2024-03-01", "AL", "B.a", "B.a.3")
    await world.adopt(uuid4(), "2024-03-01", "AL", "B.a", "B.a.1")
    bearer = {"Authorization": f"Bearer {token('visitor')}"}

    async def board(**query):
        answer = await client.get("/scoreboard", params=query, headers=bearer)
        assert answer.status_code == 200, answer.text
        return answer

    said = (await board(period="2025", country="AL")).json()
    rows = {row["measure"]: row for row in said["rows"]}
    assert list(rows) == sorted(rows), "in the roadmap's order"
    assert [row["measure"] for row in said["rows"] if row["parent"] is None] == ["A", "B", "C", "D", "E"]
    assert [(cell["indicator"], cell["value"]) for cell in rows["A.b"]["cells"]] == [("iA4", "1")]
    told = {measure: [(cell["numerator"], cell["reason"]) for cell in rows[measure]["cells"]] for measure in ("B", "B.a", "B.a.3", "B.c")}
    practical = [("1", None), ("0", "nothing to compare with"), ("0", "nothing to compare with")]
    assert told == {"B": practical, "B.a": [("2", None)], "B.a.3": [("1", None)], "B.c": [("0", None)]}
    assert (rows["A"]["covered"], rows["C"]["cells"][0]["reason"], rows["A.d.1"]["cells"]) == (False, "not covered", [])
    whose = (await board(period="2025")).json()["rows"]
    tools = [cell for row in whose if row["measure"].startswith("B") for cell in row["cells"] if cell["indicator"] == "iB1"]
    assert {cell["reason"] for cell in tools} == {"choose a country"}
    link = (await client.get(rows["A.b"]["cells"][0]["evidence"], headers={"Authorization": f"Bearer {token('auditor')}"})).json()
    assert [item["event_id"] for item in link["items"]] == [network]
    lines = (await board(period="2025", country="AL", format="csv")).text.splitlines()
    assert lines[0].startswith("measure,title,indicator,channel,value,unit,reason,numerator,denominator,basis,period,asof,evidence")
    assert len(lines) == 1 + sum(max(1, len(row["cells"])) for row in said["rows"])
    assert next(line for line in lines if line.startswith("A.d.1,")).split(",")[2:7] == ["", "", "", "", "not covered"]
