"""Enquiries: their rules and clocks by example, and both sides of them over HTTP on a real PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.contacts import due, views
from services.contacts.domain import ENQUIRY_STEPS, Addressee, Calendars, Enquiry, Step, diplomatic_channel
from shared.errors import Conflict, Invalid
from shared.events import contacts as facts

FRIDAY = datetime(2026, 5, 8, 18, tzinfo=UTC)
"""Fifteen o'clock in Brasilia."""
CALENDARS = Calendars([])
BRASILIA = CALENDARS.of("BR", "America/Sao_Paulo")
TIRANE = CALENDARS.of(None, "UTC")
FOUR = timedelta(hours=4)


def enquiry(**changes: Any) -> Enquiry:
    given = {"id": UUID(int=9), "reference": "e", "country": "AL", "to_country": "BR", "measure": "obtain_data"}
    given |= {"crime_types": ("cybercrime",), "urgency": "urgent", "channel": "direct", "case_ref": None, "asker": None}
    return Enquiry(**given | {"opened": FRIDAY, "state": "opened", "version": 1, "recorded_at": FRIDAY} | changes)


def whom(number: int = 1, country: str | None = "BR", calendar: Any = BRASILIA) -> Addressee:
    return Addressee(UUID(int=number), "authority", country, calendar)


@pytest.mark.parametrize("state", ENQUIRY_STEPS)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    there = enquiry(state=state, step=1, addressee=UUID(int=1), since=FRIDAY)
    steps = {
        "route": lambda: there.route(whom(), FOUR, FRIDAY),
        "acknowledge": lambda: there.acknowledge(BRASILIA, FRIDAY, FRIDAY),
        "answer": lambda: there.answer(BRASILIA, FRIDAY, FRIDAY),
        "refuse": lambda: there.refuse("CAPACITY", BRASILIA, FRIDAY, FRIDAY),
        "escalate": lambda: there.escalate(BRASILIA, whom(2), FOUR, FRIDAY),
        "withdraw": lambda: there.withdraw(FRIDAY),
        "close": lambda: there.close(True, FRIDAY),
        "retract enquiry": lambda: there.retract(there.id, [Step(there.id, facts.EnquiryOpened.type, there)], "duplicate", FRIDAY),
    }
    assert set(steps) == {step for possible in ENQUIRY_STEPS.values() for step in possible}
    for intent, step in steps.items():
        if intent in ENQUIRY_STEPS[state]:
            assert step()[0].version == 2
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(ENQUIRY_STEPS[state])


def test_the_clock_is_the_addressees_and_stands_still_over_their_weekend() -> None:
    sent, fact = enquiry().route(whom(), FOUR, FRIDAY)
    monday = datetime(2026, 5, 11, 14, tzinfo=UTC)
    assert (sent.acknowledge_by, fact.step) == (monday, 1), "two hours on Friday, two on Monday"
    had, fact = sent.acknowledge(BRASILIA, monday - timedelta(hours=1), monday)
    assert (fact.working_minutes, fact.step_minutes) == (180, 180)
    answered, fact = had.answer(BRASILIA, monday, monday)
    assert (fact.working_minutes, answered.answered_in, answered.state) == (240, 240, "answered")


def test_who_comes_next_has_a_clock_of_their_own_and_all_time_counts_for_the_enquiry() -> None:
    sent, _ = enquiry().route(whom(), FOUR, FRIDAY)
    proposed, _ = sent.propose(FRIDAY + FOUR)
    later = datetime(2026, 5, 11, 13, tzinfo=UTC)
    next_, fact = proposed.escalate(BRASILIA, whom(2, None, TIRANE), FOUR, later)
    assert (next_.state, next_.step, next_.proposed_at, fact.acknowledge_by) == ("escalated", 2, None, later + FOUR)
    answered, fact = next_.answer(TIRANE, later + timedelta(hours=2), later + FOUR)
    assert (fact.working_minutes, fact.step_minutes, answered.answered_in) == (180 + 120, 120, 120)
    with pytest.raises(Invalid, match="asked already"):
        next_.escalate(TIRANE, whom(2, None), FOUR, later)


def test_what_makes_no_sense_is_refused() -> None:
    sent, _ = enquiry().route(whom(), FOUR, FRIDAY)
    for wrong in (
        lambda: enquiry(to_country="AL"),
        lambda: enquiry().route(whom(country="FR"), FOUR, FRIDAY),
        lambda: sent.answer(BRASILIA, FRIDAY + FOUR, FRIDAY),
        lambda: sent.acknowledge(BRASILIA, FRIDAY - FOUR, FRIDAY),
    ):
        with pytest.raises(Invalid):
            wrong()


ASK = {"to_country": "AL", "measure": "preserve_data", "crime_types": ["cybercrime"], "urgency": "urgent", "case_ref": "c-1"}


@pytest.fixture
def both(ask: Any) -> Any:
    """Requests of the country that asks, and of the one that is asked."""

    async def theirs(method: str, path: str, country: str, status: int = 200, **more: Any) -> Any:
        answer = await ask(method, path, "contact_point", countries=[country], **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    return theirs


async def test_asked_acknowledged_answered_closed_by_the_two_sides(both: Any, outbox: Any, office: Any) -> None:
    there = await office(country="AL")
    made = await both("POST", "/enquiries", "NL", 201, json=ASK | {"addressee_ref": there["id"]})
    assert (made["country"], made["state"], made["addressee"]["name"], made["addressee"]["zone"]) == (
        *("NL", "routed", {"en": "Ministry"}),
        "Europe/Tirane",
    )
    assert made["possible"] == ["acknowledge", "answer", "refuse", "escalate", "withdraw", "retract enquiry"]
    path = f"/enquiries/{made['id']}"
    assert (await both("GET", path, "AL"))["possible"] == ["acknowledge", "answer", "refuse", "retract enquiry"]
    await both("GET", path, "FR", 403)
    await both("POST", f"{path}/acknowledge", "FR", 403, json={})
    await both("POST", f"{path}/withdraw", "AL", 403)
    await both("POST", f"{path}/acknowledge", "AL", json={})
    answered = await both("POST", f"{path}/answer", "AL", json={})
    assert (answered["state"], answered["answered_in"]) == ("answered", 0)
    closed = await both("POST", f"{path}/close", "NL", json={"useful": True})
    assert (closed["state"], closed["useful"]) == ("closed", True)
    said = await outbox(made["id"])
    assert [fact["ce_type"].split(".")[2] for fact in said] == "opened routed acknowledged answered closed".split()
    assert [fact["ce_country"] for fact in said] == ["NL", "NL", "AL", "AL", "NL"], "whose achievement it is"
    assert said[3]["data"]["working_minutes"] == 0
    assert {fact["ce_classification"] for fact in said} == {"restricted"}


async def test_a_refusal_has_a_reason_and_its_words_go_on_no_topic(both: Any, outbox: Any, office: Any) -> None:
    made = await both("POST", "/enquiries", "NL", 201, json=ASK | {"addressee_ref": (await office())["id"]})
    path = f"/enquiries/{made['id']}/refuse"
    bare = await both("POST", path, "AL", 422, json={"reason": "OTHER"})
    assert bare["errors"][0]["field"] == "told"
    refused = await both("POST", path, "AL", json={"reason": "OTHER", "told": "moved away"})
    assert (refused["state"], refused["reason"], refused["told"]) == ("refused", "OTHER", "moved away")
    assert "moved" not in str((await outbox(made["id"]))[-1]["data"])
    back = await both(
        "POST", f"/enquiries/{made['id']}/retract", "AL", json={"corrects": refused["history"][-1]["event_id"], "reason": "other"}
    )
    assert back["state"] == "routed"
    assert [(row["step"], row["state"], row["reason"]) for row in back["route"]] == [(1, "routed", None)]


async def test_the_route_tells_each_who_was_asked_in_turn_and_how_far_it_came_with_them(both: Any, office: Any) -> None:
    first, second = await office(country="AL"), await office(country="AL")
    made = await both("POST", "/enquiries", "NL", 201, json=ASK)
    assert made["route"] == []
    path = f"/enquiries/{made['id']}"
    for step, country, body in (
        ("route", "NL", {"addressee_ref": first["id"]}),
        ("acknowledge", "AL", {}),
        ("refuse", "AL", {"reason": "WRONG_ADDRESSEE"}),
        ("escalate", "NL", {"addressee_ref": second["id"]}),
        ("answer", "AL", {}),
        ("close", "NL", {}),
    ):
        now = await both("POST", f"{path}/{step}", country, json=body)
    told = [(row["step"], row["addressee"]["id"], row["state"], row["reason"]) for row in now["route"]]
    assert told == [(1, first["id"], "refused", "WRONG_ADDRESSEE"), (2, second["id"], "answered", None)]
    assert [row["acknowledged_at"] is not None for row in now["route"]] == [True, False]


async def test_a_liaison_posted_there_and_the_diplomatic_channel_can_be_asked_too(
    both: Any, ask: Any, outbox: Any, office: Any, desk: Any
) -> None:
    point = await desk(await office(country="NL", zone="Europe/Amsterdam"), country="NL")
    posting = {"country": "NL", "kind": "magistrate", "valid_from": "2024-03-01"}

    async def posted(**more: Any) -> dict[str, Any]:
        made = await ask("POST", "/liaisons", countries=["NL"], json=posting | {"reference": f"l-{uuid4().hex[:8]}"} | more)
        assert made.status_code == 201, made.text
        return dict(made.json())

    there, bare = await posted(host="AL", contact_point_ref=point["id"]), await posted(host="AL")
    elsewhere, over = await posted(host="FR"), await posted(host="AL", valid_to="2025-01-01")
    channel = str(diplomatic_channel("AL"))
    for wrong in (elsewhere["id"], over["id"], str(diplomatic_channel("FR"))):
        refused = await both("POST", "/enquiries", "NL", 422, json=ASK | {"addressee_ref": wrong})
        assert refused["errors"][0]["field"] == "addressee_ref", refused
    made = await both("POST", "/enquiries", "NL", 201, json=ASK | {"addressee_ref": there["id"]})
    sent = {"kind": "magistrate", "country": "NL", "organisation": None}
    named = {"id": there["id"], "kind": "liaison", "name": {"en": "Ministry"}, "country": "AL", "zone": "Europe/Amsterdam", "posting": sent}
    assert made["addressee"] == named
    others = {each["id"]: each["kind"] for each in made["candidates"]}
    assert (others[bare["id"]], others[channel], made["candidates"][-1]["id"]) == ("liaison", "channel", channel)
    assert not {there["id"], elsewhere["id"], over["id"]} & others.keys()
    path = f"/enquiries/{made['id']}"
    await ask("POST", f"/liaisons/{there['id']}/end", countries=["NL"], json={"valid_to": "2025-01-01"})
    assert (await both("POST", f"{path}/acknowledge", "NL", json={}))["state"] == "acknowledged", "as whoever had it when it was sent"
    now = await both("POST", f"{path}/escalate", "NL", json={"addressee_ref": channel})
    assert (now["addressee"]["kind"], now["addressee"]["country"], now["state"]) == ("channel", "AL", "escalated")
    assert datetime.fromisoformat(now["acknowledge_by"]) > datetime.now(UTC)
    await both("POST", f"{path}/escalate", "NL", 422, json={"addressee_ref": channel})
    now = await both("POST", f"{path}/answer", "NL", json={})
    assert [(row["step"], row["addressee"]["kind"], row["state"]) for row in now["route"]] == [
        (1, "liaison", "acknowledged"),
        (2, "channel", "answered"),
    ]
    said = await outbox(made["id"])
    told = [(fact["data"]["addressee_kind"], fact["data"]["addressee_ref"]) for fact in said if fact["data"]["step"]]
    assert told == 2 * [("liaison", there["id"])] + 2 * [("channel", channel)]
    card = (await ask("GET", "/whom-to-ask", params={"country": "AL"})).json()
    (last,) = [place for place in (card["first"], *card["chain"]) if place["kind"] == "channel"]
    assert (last["id"], last["median_minutes"]) == (channel, 0), "how fast it answers is known of the channel too"


@pytest.mark.parametrize("state", ["suspended", "lapsed", "ended"])
async def test_who_is_not_to_be_asked_is_refused_with_the_reason(
    app: FastAPI, both: Any, ask: Any, office: Any, desk: Any, state: str
) -> None:
    asked_of = ASK | {"to_country": "SM"}
    point = await desk(await office(country="SM", zone="Europe/San_Marino"), country="SM")
    posting = {"country": "NL", "kind": "magistrate", "host": "SM", "valid_from": "2024-03-01", "contact_point_ref": point["id"]}
    posted = await ask("POST", "/liaisons", countries=["NL"], json={**posting, "reference": f"l-{uuid4().hex[:8]}"})
    waiting = await both("POST", "/enquiries", "NL", 201, json=asked_of)
    before = {each["id"] for each in waiting["candidates"]}
    assert {point["id"], posted.json()["id"]} <= before
    path = f"/contact-points/{point['id']}"
    match state:
        case "suspended":
            assert (await ask("POST", f"{path}/suspend")).is_success
        case "lapsed":
            due_on = datetime.now(UTC).date() + timedelta(days=1)
            assert (await ask("POST", f"{path}/request-verification", json={"due": str(due_on), "method": "self"})).is_success
            await due.fall_due(app.state.engine, "/instances/test/services/contacts", datetime.now(UTC) + timedelta(days=3))
        case "ended":
            assert (await ask("POST", f"{path}/end", json={"valid_to": "2026-02-01", "reason": "term_ended"})).is_success
    assert (await ask("GET", path)).json()["state"] == state
    reason = "nobody who can be asked" if state == "ended" else f"{state}: not to be asked until it is verified"
    for asked in (point["id"], posted.json()["id"]):
        for url, body in (("/enquiries", asked_of), (f"/enquiries/{waiting['id']}/route", {})):
            refused = await both("POST", url, "NL", 422, json=body | {"addressee_ref": asked})
            assert refused["errors"] == [{"field": "addressee_ref", "reason": reason}]
    now = await both("GET", f"/enquiries/{waiting['id']}", "NL")
    assert {each["id"] for each in now["candidates"]} == before - {point["id"], posted.json()["id"]}


async def test_a_posting_holds_by_the_day_it_is_where_it_is_reached(both: Any, ask: Any, office: Any, desk: Any) -> None:
    now = datetime.now(UTC)
    zone = "Etc/GMT+12" if now.hour < 12 else "Pacific/Kiritimati"
    there = now.astimezone(ZoneInfo(zone)).date()
    point = await desk(await office(zone=zone))
    posting = {"country": "NL", "kind": "magistrate", "host": "AL", "contact_point_ref": point["id"]}
    for days, status in (((there, None), 201), ((there + timedelta(days=1), None), 422), ((date(2024, 3, 1), there), 422)):
        since, until = days
        body = {**posting, "reference": f"l-{uuid4().hex[:8]}", "valid_from": str(since), "valid_to": str(until) if until else None}
        posted = await ask("POST", "/liaisons", countries=["NL"], json=body)
        assert posted.status_code == 201, posted.text
        await both("POST", "/enquiries", "NL", status, json=ASK | {"addressee_ref": posted.json()["id"]})


async def test_nobody_acknowledged_in_time_and_the_next_step_is_proposed_once(app: FastAPI, both: Any, outbox: Any, office: Any) -> None:
    made = await both("POST", "/enquiries", "NL", 201, json=ASK | {"addressee_ref": (await office())["id"]})
    source, id_ = "/instances/test/services/contacts", made["id"]
    due_at = datetime.fromisoformat(made["acknowledge_by"])
    await due.fall_due(app.state.engine, source, due_at - timedelta(seconds=1))
    assert (await both("GET", f"/enquiries/{id_}", "NL"))["proposed_at"] is None
    await due.fall_due(app.state.engine, source, due_at)
    await due.fall_due(app.state.engine, source, due_at + FOUR)
    there = await both("GET", f"/enquiries/{id_}", "NL")
    assert (there["state"], datetime.fromisoformat(there["proposed_at"])) == ("routed", due_at)
    assert [fact["ce_type"].split(".")[2] for fact in await outbox(id_)] == ["opened", "routed", "step_proposed"]
    assert len(there["candidates"])
    assert there["addressee"]["id"] not in {each["id"] for each in there["candidates"]}


async def test_refusals_name_field_and_reason(both: Any, ask: Any, office: Any) -> None:
    foreign = await ask(
        "POST",
        "/authorities",
        "administrator",
        countries=["*"],
        json={"reference": f"a-{uuid4().hex[:10]}", "name": {"en": "X"}, "kind": "court", "country": "FR", "zone": "Europe/Paris"},
    )
    for wrong, field in (
        ({"addressee_ref": str(uuid4())}, "addressee_ref"),
        ({"addressee_ref": foreign.json()["id"]}, "addressee_ref"),
        ({"asker_ref": str(uuid4())}, "asker_ref"),
        ({"to_country": "NL"}, "to_country"),
    ):
        refused = await both("POST", "/enquiries", "NL", 422, json=ASK | wrong)
        assert refused["errors"][0]["field"] == field, refused
    nobody = await ask("POST", "/enquiries", "coordinator", countries=["*"], json=ASK)
    assert nobody.json()["errors"][0]["field"] == "country"
    made = await both("POST", "/enquiries", "NL", 201, json=ASK)
    assert made["state"] == "opened"
    early = await both("POST", f"/enquiries/{made['id']}/answer", "AL", 409, json={})
    assert early["possible"] == ["route", "withdraw", "retract enquiry"]


async def test_the_inbox_is_that_of_ones_countries(app: FastAPI, both: Any, ask: Any, office: Any) -> None:
    async with app.state.engine.begin() as tx:
        await tx.execute(text("TRUNCATE enquiries"))
    there = await office(country="AL")
    made = [await both("POST", "/enquiries", country, 201, json=ASK | {"addressee_ref": there["id"]}) for country in ("NL", "NL", "FR")]
    other = await both("POST", "/enquiries", "AL", 201, json=ASK | {"to_country": "NL"})

    async def listed(country: str, **asked: Any) -> list[str]:
        seen, after = [], None
        while True:
            page = await both("GET", "/enquiries", country, params={"limit": 2, **asked} | ({"after": after} if after else {}))
            seen += [row["id"] for row in page["items"]]
            if not (after := page["next"]):
                assert page["total"] == len(seen)
                return seen

    assert await listed("AL") == [other["id"], *(each["id"] for each in reversed(made))], "newest first"
    assert await listed("AL", direction="asked") == [each["id"] for each in reversed(made)]
    assert await listed("AL", direction="asking") == [other["id"]]
    assert await listed("NL", direction="asked") == [other["id"]]
    assert await listed("DE") == []
    assert await listed("AL", ids=[made[1]["id"], other["id"]]) == [other["id"], made[1]["id"]]
    assert await listed("FR", ids=[made[0]["id"]]) == [], "not theirs"
    channel = str(diplomatic_channel("AL"))
    sent = await both("POST", "/enquiries", "FR", 201, json=ASK | {"addressee_ref": channel})
    assert await listed("AL", addressee=there["id"]) == [each["id"] for each in reversed(made)]
    assert await listed("FR", addressee=there["id"]) == [made[2]["id"]]
    assert await listed("AL", addressee=channel) == [sent["id"]]
    assert await listed("NL", addressee=channel) == [], "not theirs"

    async def asked(country: str, **more: Any) -> list[tuple[str, int]]:
        page = await both("GET", "/enquiries/addressees", country, params={"limit": 1} | more)
        items = [(each["id"], each["enquiries"]) for each in page["items"]]
        return items + (await asked(country, after=page["next"]) if page["next"] else [])

    assert await asked("AL") == [(there["id"], 3), (channel, 1)], "whoever has most of them first"
    assert await asked("NL") == [(there["id"], 2)]
    assert await asked("AL", ids=[channel]) == [(channel, 1)]
    assert (await both("GET", "/enquiries/addressees", "DE"))["total"] == 0
    await both("GET", "/enquiries", "AL", 422, params={"addressee": "nobody"})
    await both("GET", "/enquiries/addressees", "AL", 422, params={"after": "WyJ4IiwieCJd"})
    async with app.state.engine.begin() as tx:
        await tx.execute(text("DELETE FROM enquiries WHERE id = :id"), {"id": sent["id"]})
    assert await listed("AL", clock="running") == [each["id"] for each in reversed(made)]
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE enquiries SET acknowledge_by = now() - interval '1 hour' WHERE id = :id"), {"id": made[0]["id"]})
    assert await listed("NL", clock="overdue") == [made[0]["id"]]
    for minutes, each in zip((10, 30, 60), made, strict=True):
        await both("POST", f"/enquiries/{each['id']}/answer", "AL", json={})
        async with app.state.engine.begin() as tx:
            await tx.execute(text("UPDATE enquiries SET answered_in = :n WHERE id = :id"), {"n": minutes, "id": each["id"]})
    async with app.state.engine.connect() as tx:
        assert await views.enquiries.median_minutes(tx, [UUID(there["id"]), uuid4()]) == {UUID(there["id"]): 30}
    pairs = (await ask("GET", "/response-times", params={"to_country": "AL"})).json()["items"]
    assert [(row["country"], row["asked"], row["answered"], row["median_minutes"]) for row in pairs] == [("FR", 1, 1, 60), ("NL", 2, 2, 20)]
