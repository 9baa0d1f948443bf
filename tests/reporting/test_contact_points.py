"""Whom one can ask (iA7, iA8, iA8d, iP8): a vacancy counts at once, what was known before stays known, evidence is what is counted."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.reporting.test_fold import Sent
from tests.reporting.world import World, fact

KINDS = ("ministry_justice", "prosecutor_general", "council_judiciary", "court", "police")
OFFICES = {kind: uuid4() for kind in KINDS}
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


class Directory:
    """Facts of offices and contact points, each at its own offset."""

    def __init__(self) -> None:
        self.number, self.records, self.versions = 0, [], {}

    def say(self, type_: str, subject: UUID, data: Any, at: str, recorded: datetime = EARLY, **more: Any) -> UUID:
        self.number, version, id_ = self.number + 1, self.versions.get(subject, 0) + 1, uuid4()
        self.versions[subject] = version
        moments = {"at": at} | data
        sent = fact(self.number, type_, subject, version, moments, moments=("at",), recorded=recorded, id=id_, country="AL", **more)
        self.records.append(sent)
        return id_

    def office(self, kind: str) -> None:
        said = {"reference": f"al:{kind}", "name": {"en": kind}, "kind": kind, "country": "AL", "zone": "Europe/Tirane"}
        self.say("contacts.authority.registered", OFFICES[kind], said, "2025-01-01T00:00:00+00:00")

    def serving(self, kind: str, since: str = "2025-02-01") -> UUID:
        point = uuid4()
        self.say(
            "contacts.contact_point.nominated",
            point,
            {"person_ref": str(uuid4()), "appointing_kind": "country"},
            "2025-01-02T00:00:00+00:00",
        )
        said = {"valid_from": since, "authority_ref": str(OFFICES[kind]), "duty": "24x7"}
        self.say("contacts.contact_point.designated", point, said, f"{since}T00:00:00+00:00")
        return point

    def of(self, *topics: str) -> list[Sent]:
        return [record for record in self.records if record.topic in topics]


@pytest.fixture
async def world(app: Any, client: Any, token: Any) -> World:
    made = World(app, client, token)
    await made.empty()
    return made


@pytest.fixture
async def directory(world: World) -> Directory:
    for code in ("iA7", "iA8", "iA8d", "iP8"):
        await world.declare(indicator=code)
    async with world.app.state.engine.begin() as tx:
        # Declared before anything happened, so that one can ask what was known meanwhile.
        await tx.execute(text("UPDATE coverage SET recorded_at = '2025-01-01'"))
    directory = Directory()
    for kind in KINDS:
        directory.office(kind)
    return directory


async def told(world: World, code: str, **query: Any) -> tuple[str, str]:
    figure = await world.figure(code, country="AL", **query)
    return figure["numerator"], figure["denominator"]


async def test_a_vacancy_lowers_coverage_at_once_and_courts_and_councils_are_one_branch(world: World, directory: Directory) -> None:
    justice, prosecution = directory.serving("ministry_justice"), directory.serving("prosecutor_general")
    directory.serving("court")
    directory.serving("council_judiciary")
    directory.serving("police")
    await world.take(*directory.records)
    assert await told(world, "iA7", period="2026-03") == ("3", "3")
    assert (await world.figure("iP8", period="2026-03"))["value"] == "1"
    directory.records.clear()
    ended = {"valid_to": "2026-03-10", "reason": "resigned"}
    gone = directory.say("contacts.contact_point.ended", justice, ended, "2026-03-10T00:00:00+00:00", LATE)
    await world.take(*directory.records)
    assert await told(world, "iA7", period="2026-03") == ("2", "3"), "nobody follows: the seat is empty"
    assert await told(world, "iA7", period="2026-02") == ("3", "3"), "it served then"
    assert await told(world, "iA7", period="2026-03", asof="2026-05-01") == ("3", "3"), "that was not known then"
    total, rows = await world.evidence("iA7", country="AL", period="2026-03")
    assert (total, sum(row["contributes"] for row in rows)) == (2, 2)
    assert str(justice) not in {row["subject"] for row in rows}
    assert str(prosecution) in {row["subject"] for row in rows}
    directory.records.clear()
    directory.say(
        "contacts.contact_point.retracted", justice, {"corrects": str(gone), "reason": "wrong_subject"}, "2026-06-02T00:00:00+00:00", LATE
    )
    moved = {"changed": ["authority_ref"], "authority_ref": str(OFFICES["police"]), "specialisations": [], "languages": [], "duty": "24x7"}
    directory.say("contacts.contact_point.updated", prosecution, moved, "2026-03-12T00:00:00+00:00", LATE)
    await world.take(*directory.records)
    assert await told(world, "iA7", period="2026-03") == ("2", "3"), "justice is back, the prosecution's seat moved away"


async def test_fresh_for_180_days_and_dormant_after_365(world: World, directory: Directory) -> None:
    fresh, stale, asked = (directory.serving(kind) for kind in ("ministry_justice", "police", "court"))
    directory.say("contacts.contact_point.verified", fresh, {"method": "call"}, "2026-01-10T09:00:00+00:00", LATE)
    directory.say("contacts.contact_point.verified", stale, {"method": "call"}, "2025-06-10T09:00:00+00:00", LATE)
    due = {"due": "2026-03-01", "method": "self"}
    directory.say("contacts.contact_point.verification_requested", asked, due, "2026-02-10T09:00:00+00:00", LATE)
    directory.say("contacts.contact_point.verification_lapsed", asked, {"due": "2026-03-01"}, "2026-03-02T00:00:00+00:00", LATE)
    await world.take(*directory.records)
    assert await told(world, "iA8", period="2026-03") == ("1", "3")
    assert await told(world, "iA8", period="2025-07") == ("1", "3")
    assert await told(world, "iA8d", period="2026-03") == ("1", "3"), "being asked is no sign of life"
    assert await told(world, "iA8d", period="2026-01") == ("0", "3")
    assert await told(world, "iA8d", period="2026-06") == ("2", "3")
    total, rows = await world.evidence("iA8d", country="AL", period="2026-03")
    assert (total, rows[0]["subject"]) == (1, str(asked))
    assert (await world.figure("iA8d", country="NL", period="2026-03"))["reason"] == "nothing to compare with"


async def test_the_order_in_which_facts_come_changes_nothing(world: World, directory: Directory) -> None:
    point = directory.serving("ministry_justice")
    directory.serving("prosecutor_general")
    directory.say("contacts.contact_point.verified", point, {"method": "call"}, "2026-01-10T09:00:00+00:00", LATE)
    directory.say(
        "contacts.contact_point.ended", point, {"valid_to": "2026-03-10", "reason": "resigned"}, "2026-03-10T00:00:00+00:00", LATE
    )
    asked = [(code, period) for code in ("iA7", "iA8", "iA8d") for period in ("2026-01", "2026-03", "2027-01")]
    await world.take(*directory.records)
    first = [await told(world, code, period=period) for code, period in asked]
    await world.empty()
    for code in ("iA7", "iA8", "iA8d"):
        await world.declare(indicator=code)
    await world.take(*directory.of("contacts.contact_point.v1"))
    await world.take(*directory.of("contacts.authority.v1"))
    assert [await told(world, code, period=period) for code, period in asked] == first
    assert first[:3] == [("2", "3"), ("1", "3"), ("1", "3")]
