"""Decisions and what became of them (iK5), interpretation asked for and confirmed (iK8): each as it was known."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.reporting.world import World, fact

YEAR = {"period": "2025"}
MEETINGS = "meetings.meeting.v1"
PAIRS = [{"from": "sq", "to": "en"}, {"from": "en", "to": "sq"}]


def day(month: int, day: int = 1) -> datetime:
    return datetime(2025, month, day, tzinfo=UTC)


class Agreed:
    """Facts of meetings and of action items, each on its topic's one partition."""

    def __init__(self, world: World) -> None:
        self.world, self.offsets, self.versions = world, {"meeting": 0, "action_item": 0}, dict[UUID, int]()

    async def say(self, aggregate: str, type_: str, subject: UUID, data: dict, recorded: datetime, **more) -> UUID:
        self.versions[subject] = self.versions.get(subject, 0) + 1
        number, id_ = self.offsets[aggregate], uuid4()
        self.offsets[aggregate] += 1
        topic = f"meetings.{aggregate}.v1"
        record = fact(number, f"meetings.{type_}", subject, self.versions[subject], data, recorded=recorded, id=id_, topic=topic, **more)
        await self.world.take(record)
        return id_

    async def meeting(self, country: str = "NL", month: int = 2, **more) -> tuple[UUID, UUID]:
        held = {"kind": "coordination_case", "crime_types": ["cybercrime"], "countries": ["AL", "NL"], "format": "video"}
        held |= {"started": f"2025-0{month}-03T08:00:00Z", "ended": f"2025-0{month}-03T10:00:00Z"}
        subject = uuid4()
        return subject, await self.say("meeting", "meeting.held", subject, held, day(month, 4), country=country, **more)

    async def decision(self, meeting: UUID, month: int = 2, country: str = "NL", **more) -> UUID:
        id_ = uuid4()
        said = {"decision_id": str(id_), "kind": "action", "text_sha256": "0" * 64, "languages": ["en"]}
        await self.say("meeting", "decision.adopted", meeting, said, day(month, 5), country=country, **more)
        return id_

    async def item(
        self, decision: UUID, *steps: tuple[str, datetime], first: str = "2025-03-01", due: str = "", completed: str = ""
    ) -> None:
        said = {"meeting_ref": str(uuid4()), "decision_ref": str(decision), "owner_country": "AL", "percent": 0}
        said |= {"first_due": first, "due": due or first} | ({"completed": completed} if completed else {})
        subject = uuid4()
        for step, at in steps:
            body = said | ({"reason": "other"} if step == "cancelled" else {})
            await self.say("action_item", f"action_item.{step}", subject, body, at, country="AL")

    async def value(self, code: str, **asked: str) -> str | None:
        return (await self.world.figure(code, **YEAR | asked))["value"]


@pytest.fixture
async def agreed(app, client, token) -> Agreed:
    world = World(app, client, token)
    await world.empty()
    for family in ("meetings.meeting", "meetings.action_item"):
        await world.declare(event_family=family)
    async with app.state.engine.begin() as tx:
        # Declared before anything was known: what is asked here is what was known since.
        await tx.execute(text("UPDATE coverage SET recorded_at = '2025-01-01'"))
    return Agreed(world)


async def test_a_decision_is_fulfilled_once_all_its_items_are_verified(agreed: Agreed) -> None:
    meeting, _ = await agreed.meeting()
    whole, half, idle, late, moved = [await agreed.decision(meeting) for _ in range(5)]
    done = (("assigned", day(2, 6)), ("completed", day(2, 20)), ("verified", day(4)))
    await agreed.item(whole, *done, completed="2025-02-20")
    await agreed.item(whole, ("assigned", day(2, 6)), ("cancelled", day(2, 7)))
    await agreed.item(half, *done, completed="2025-02-20")
    await agreed.item(half, ("assigned", day(2, 6)), ("completed", day(2, 8)), completed="2025-02-08")
    await agreed.item(late, *done, completed="2025-03-02")
    await agreed.item(moved, *done, due="2025-03-15", completed="2025-03-02")
    assert idle, "nobody was given anything to do for it"
    assert (await agreed.value("iK5"), await agreed.value("iK5o"), await agreed.value("iK5d")) == ("0.6", "0.2", "0.4")
    assert await agreed.value("iK5", asof="2025-03-20") == "0", "verified in April"
    total, rows = await agreed.world.evidence("iK5", part="numerator", **YEAR)
    assert (total, {row["subject"] for row in rows}) == (3, {str(meeting)})
    assert (await agreed.world.evidence("iK5", part="denominator", **YEAR))[0] == 5
    assert (await agreed.value("iK5", period="2024"), await agreed.value("iK5", country="AL")) == (None, None)


async def test_a_meeting_that_did_not_take_place_agreed_nothing_and_an_exercise_neither(agreed: Agreed) -> None:
    stays, _ = await agreed.meeting()
    gone, held = await agreed.meeting()
    for meeting in (stays, gone):
        await agreed.decision(meeting)
    await agreed.decision((await agreed.meeting(mode="exercise"))[0], mode="exercise")
    assert (await agreed.world.evidence("iK5", part="denominator", **YEAR))[0] == 2
    await agreed.say("meeting", "meeting.retracted", gone, {"corrects": str(held), "reason": "duplicate"}, day(6))
    assert (await agreed.world.evidence("iK5", part="denominator", **YEAR))[0] == 1
    assert (await agreed.world.evidence("iK5", part="denominator", **YEAR, asof="2025-05-01"))[0] == 2


async def test_pairs_confirmed_of_those_asked_for_and_the_last_word_counts(agreed: Agreed) -> None:
    meeting, _ = await agreed.meeting()
    other, _ = await agreed.meeting(month=3)
    for subject in (meeting, other):
        asked = {"support_id": str(uuid4()), "kind": "interpretation", "booths": 1}
        await agreed.say("meeting", "meeting.support_requested", subject, asked | {"pairs": PAIRS}, day(1), country="NL")
        if subject == meeting:
            await agreed.say("meeting", "meeting.support_confirmed", subject, asked | {"pairs": PAIRS}, day(4), country="NL")
            await agreed.say("meeting", "meeting.support_confirmed", subject, asked | {"pairs": PAIRS[:1]}, day(5), country="NL")
    room = {"support_id": str(uuid4()), "kind": "room", "booths": 0, "pairs": []}
    await agreed.say("meeting", "meeting.support_requested", meeting, room, day(1), country="NL")
    assert await agreed.value("iK8") == "0.25"
    assert await agreed.value("iK8", asof="2025-04-15") == "0.5"
    assert await agreed.value("iK8", period="2025-02") == "0.5"
    assert await agreed.value("iK8", participant="BR") is None, "nothing to compare with"
    assert (await agreed.world.evidence("iK8", part="denominator", **YEAR))[0] == 4
