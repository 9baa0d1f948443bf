"""What keeps contact points reliable: absences, suspensions, the flag of the dormant, and a successor asked for in time."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from services.contacts import due
from services.contacts.domain import ContactPoint
from shared.errors import Conflict, Invalid

SOURCE = "/instances/test/services/contacts"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TERM = date(2026, 9, 30)


def serving(**changed):
    nominated = ContactPoint(
        uuid4(), None, uuid4(), "AL", "country", None, (), (), state="nominated", version=1, recorded_at=NOW - timedelta(days=500)
    )
    post = {"valid_from": date(2025, 1, 1), "authority": uuid4(), "duty": "office_hours", "deputy": None, "term_to": None}
    after, fact = nominated.designate(**post | changed, now=NOW - timedelta(days=400))
    return after.heard(fact, NOW - timedelta(days=400))


def test_away_on_its_days_alone_and_the_newest_note_counts():
    point = serving()
    assert not point.absent(NOW.date())
    deputy = uuid4()
    away, fact = point.note_absence(first=date(2026, 8, 1), last=date(2026, 8, 21), deputy=deputy, now=NOW)
    assert [away.absent(date(2026, 7, 31) + timedelta(days=days)) for days in (0, 1, 21, 22)] == [False, True, True, False]
    assert (away.state, fact.deputy_ref, fact.absent_to) == ("designated", deputy, date(2026, 8, 21))
    shorter, _ = away.note_absence(first=date(2026, 8, 1), last=date(2026, 8, 2), deputy=None, now=NOW)
    assert (shorter.absent(date(2026, 8, 3)), shorter.absence_deputy) == (False, None)
    for wrong, field in (({"last": date(2026, 7, 31)}, "absent_to"), ({"deputy": point.id}, "deputy_ref")):
        with pytest.raises(Invalid) as refused:
            point.note_absence(**{"first": date(2026, 8, 1), "last": date(2026, 8, 2), "deputy": None, "now": NOW} | wrong)
        assert refused.value.errors[0]["field"] == field


def test_who_is_suspended_comes_back_by_a_verification_alone():
    suspended, _ = serving().suspend(NOW.date(), NOW)
    with pytest.raises(Conflict):
        suspended.request_verification(due=date(2026, 6, 1), method="self", today=NOW.date(), now=NOW)
    assert suspended.verify(method="call", changed_fields=[], at=NOW, now=NOW)[0].state == "verified"


def test_dormant_after_365_days_once_and_until_something_is_heard():
    point = serving()
    heard = NOW - timedelta(days=400)
    assert point.dormant(heard + timedelta(days=365) - timedelta(seconds=1)) is None
    flagged, fact = point.dormant(NOW)
    assert (fact.last_activity, fact.since) == (heard, (heard + timedelta(days=365)).date())
    assert flagged.dormant(NOW) is None
    asked, request = flagged.request_verification(due=date(2026, 6, 1), method="self", today=NOW.date(), now=NOW)
    assert asked.heard(request, NOW).dormant_since == flagged.dormant_since, "being asked is no sign of life"
    verified, answer = asked.verify(method="self", changed_fields=[], at=NOW, now=NOW)
    assert verified.heard(answer, NOW).dormant_since is None


def test_a_successor_is_asked_for_sixty_days_before_the_end_of_a_term_and_once():
    point = serving(term_to=TERM)
    assert point.ask_successor(date(2026, 7, 31), NOW) is None
    asked, fact = point.ask_successor(date(2026, 8, 1), NOW)
    assert fact.term_to == TERM
    assert asked.ask_successor(date(2026, 9, 1), NOW) is None
    assert serving().ask_successor(NOW.date(), NOW) is None
    with pytest.raises(Invalid, match="over before"):
        serving(term_to=date(2024, 12, 31))


def test_a_term_ends_on_its_day_and_nothing_prolongs_it():
    point = serving(term_to=TERM)
    assert point.term_over(date(2026, 9, 29), NOW) is None
    over, fact = point.term_over(date(2026, 9, 30), NOW)
    assert (over.state, over.valid_to, fact.valid_to, fact.reason) == ("ended", TERM, TERM, "term_ended")
    assert over.term_over(date(2027, 1, 1), NOW) is None
    assert serving().term_over(NOW.date(), NOW) is None


async def test_over_http_an_absence_is_answered_and_said(ask, desk, outbox):
    point, deputy = await desk(), await desk()
    path = f"/contact-points/{point['id']}"
    body = {"absent_from": "2026-08-01", "absent_to": "2026-08-21", "deputy_ref": deputy["id"]}
    noted = (await ask("POST", f"{path}/note-absence", "contact_point", json=body, headers={"If-Match": '"2"'})).json()
    assert (noted["state"], noted["absent_from"], noted["absent_to"], noted["absence_deputy_ref"]) == (
        "designated",
        "2026-08-01",
        "2026-08-21",
        deputy["id"],
    )
    assert (await outbox(point["id"]))[-1]["data"] == body
    nobody = await ask("POST", f"{path}/note-absence", json=body | {"deputy_ref": str(uuid4())})
    assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (422, "deputy_ref")
    taken = {"corrects": noted["history"][-1]["event_id"], "reason": "typing_error"}
    back = (await ask("POST", f"{path}/retract", json=taken)).json()
    assert (back["absent_from"], back["absence_deputy_ref"], back["state"]) == (None, None, "designated")


async def test_the_passing_of_time_asks_for_a_successor_and_ends_a_term(ask, app, office, nominee, outbox):
    at, point = await office(), await nominee(on="2026-01-10")
    path = f"/contact-points/{point['id']}"
    term = datetime.now(UTC).date() + timedelta(days=90)
    body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7", "term_to": str(term)}
    assert (await ask("POST", f"{path}/designate", json=body)).json()["term_to"] == str(term)

    async def said():
        return [fact["ce_type"].split(".")[2] for fact in await outbox(point["id"])][2:]

    async def fall_due(days):
        await due.fall_due(app.state.engine, SOURCE, datetime.now(UTC) + timedelta(days=days))
        return await said()

    assert await fall_due(29) == []
    assert await fall_due(31) == ["successor_requested"]
    assert await fall_due(40) == ["successor_requested"]
    assert await fall_due(90) == ["successor_requested", "ended"]
    page = (await ask("GET", path)).json()
    assert (page["successor_asked"], page["state"], page["valid_to"], page["end_reason"]) == (str(term), "ended", str(term), "term_ended")
    ended = (await outbox(point["id"]))[-1]
    assert (ended["ce_time"][:10], ended["ce_actor"]) == (str(term), "service:contacts")
    back = await ask("POST", f"{path}/retract", json={"corrects": ended["ce_id"], "reason": "other"})
    assert back.json()["state"] == "designated"
    assert (await fall_due(100)).count("ended") == 1, "what a person undid is not repeated"


@pytest.mark.parametrize(("zone", "before"), [("Etc/GMT+12", timedelta(hours=-12)), ("Pacific/Kiritimati", timedelta(hours=14))])
async def test_a_term_ends_on_its_day_by_the_clock_of_the_office(ask, app, office, nominee, zone, before):
    at, point, term = await office(zone=zone), await nominee(), datetime.now(UTC).date() + timedelta(days=200)
    body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7", "term_to": str(term)}
    assert (await ask("POST", f"/contact-points/{point['id']}/designate", json=body)).status_code == 200
    begins = datetime.combine(term, time(), UTC) - before

    async def told(moment):
        await due.fall_due(app.state.engine, SOURCE, moment)
        page = (await ask("GET", f"/contact-points/{point['id']}")).json()
        return page["successor_asked"], page["state"]

    minute = timedelta(minutes=1)
    assert await told(begins - timedelta(days=60) - minute) == (None, "designated")
    assert await told(begins - timedelta(days=60) + minute) == (str(term), "designated")
    assert await told(begins - minute) == (str(term), "designated")
    assert await told(begins + minute) == (str(term), "ended")


async def test_asked_suspended_and_gone_on_the_day_it_is_there(ask, office, nominee, outbox):
    now = datetime.now(UTC)
    zone = "Etc/GMT+12" if now.hour < 12 else "Pacific/Kiritimati"
    there = now.astimezone(ZoneInfo(zone)).date()
    at, point = await office(zone=zone), await nominee()
    path = f"/contact-points/{point['id']}"
    body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7"}
    assert (await ask("POST", f"{path}/designate", json=body)).status_code == 200
    past, today = ({"method": "self", "due": str(there - timedelta(days=late))} for late in (1, 0))
    assert (await ask("POST", f"{path}/request-verification", json=past)).status_code == 422
    assert (await ask("POST", f"{path}/request-verification", json=today)).status_code == 200
    assert (await ask("POST", f"{path}/suspend")).status_code == 200
    assert (await outbox(point["id"]))[-1]["data"]["since"] == str(there)


async def test_the_passing_of_time_flags_the_dormant_until_somebody_takes_it_back(ask, app, desk):
    point = await desk()
    for days in (364, 400, 401):
        await due.fall_due(app.state.engine, SOURCE, datetime.now(UTC) + timedelta(days=days))
    path = f"/contact-points/{point['id']}"
    page = (await ask("GET", path)).json()
    assert [step["type"].split(".")[2] for step in page["history"]][2:] == ["dormant_flagged"]
    # A person takes the flag back: the loop does not set it again.
    taken = {"corrects": page["history"][-1]["event_id"], "reason": "typing_error"}
    assert (await ask("POST", f"{path}/retract", json=taken)).json()["dormant_since"] is None
    await due.fall_due(app.state.engine, SOURCE, datetime.now(UTC) + timedelta(days=402))
    verified = (await ask("POST", f"{path}/verify", json={"method": "call"})).json()
    assert [step["type"].split(".")[2] for step in verified["history"]][2:] == ["dormant_flagged", "retracted", "verified"]
    assert (verified["dormant_since"], verified["state"]) == (None, "verified")


async def test_a_vacancy_is_told_at_once_and_gone_when_somebody_follows(ask, office, nominee):
    async def vacant():
        listed = (await ask("GET", "/vacancies", "contact_point", params={"country": "IS"})).json()
        return {row["seat"]: (row["since"], row["last"]) for row in listed["items"]}

    async def designated(at):
        point = await nominee(country="IS")
        body = {"valid_from": "2025-01-01", "authority_ref": at["id"], "duty": "office_hours"}
        assert (await ask("POST", f"/contact-points/{point['id']}/designate", json=body)).status_code == 200
        return point["id"]

    assert await vacant() == {}, "a country that is not in the directory has no seats there"
    council, prosecution = [
        await office(country="IS", zone="Atlantic/Reykjavik", kind=kind) for kind in ("council_judiciary", "prosecutor_general")
    ]
    assert set(await vacant()) == {"ministry_justice", "prosecutor_general", "judiciary"}
    await designated(council)
    last = await designated(prosecution)
    assert await vacant() == {"ministry_justice": (None, None)}
    gone = {"valid_to": "2025-06-01", "reason": "resigned"}
    assert (await ask("POST", f"/contact-points/{last}/end", json=gone)).status_code == 200
    assert await vacant() == {"ministry_justice": (None, None), "prosecutor_general": ("2025-06-01", last)}
    first = (await ask("GET", "/vacancies", "contact_point", params={"country": "IS", "limit": 1})).json()
    rest = (await ask("GET", "/vacancies", "contact_point", params={"country": "IS", "limit": 1, "after": first["next"]})).json()
    assert (first["total"], [row["seat"] for row in (*first["items"], *rest["items"])]) == (2, ["ministry_justice", "prosecutor_general"])
    assert (await ask("GET", "/vacancies", "visitor")).status_code == 403
    await designated(prosecution)
    assert await vacant() == {"ministry_justice": (None, None)}


async def test_it_is_told_as_it_was_on_a_day(ask, office, nominee):
    first, second, point = await office(), await office(), await nominee(on="2026-01-10")
    path = f"/contact-points/{point['id']}"

    async def step(name, **body):
        return (await ask("POST", f"{path}/{name}", json=body)).json()

    designated = await step("designate", valid_from="2026-01-20", authority_ref=first["id"], duty="office_hours")
    await step("verify", method="call", on="2026-03-01")
    moved = {"authority_ref": second["id"], "specialisations": ["terrorism"], "languages": [{"code": "sq", "level": "native"}]}
    now = await step("update", **moved, duty="24x7")

    async def on(day):
        return await ask("GET", path, "visitor" if day == "2025-01-01" else "auditor", params={"on": day})

    async def stood(day):
        page = (await on(day)).json()
        return page["state"], page["authority"] and page["authority"]["id"], page["duty"], page["verified_at"] is not None

    assert (await ask("GET", path, "auditor", params={"on": "2026-01-09"})).status_code == 404
    assert await stood("2026-01-10") == ("nominated", None, None, False)
    assert await stood("2026-01-20") == ("designated", first["id"], "office_hours", False)
    assert await stood("2026-03-01") == ("verified", first["id"], "office_hours", True)
    assert await stood(str(datetime.now(UTC).date())) == ("verified", second["id"], "24x7", True)
    await step("correct", corrects=designated["history"][-1]["event_id"], on="2026-02-01", reason="wrong_date")
    assert await stood("2026-01-20") == ("nominated", None, None, False)
    corrected = (await on("2026-02-01")).json()
    assert (corrected["state"], corrected["valid_from"], corrected["possible"]) == ("designated", "2026-02-01", [])
    await step("retract", corrects=(await ask("GET", path)).json()["history"][-1]["event_id"], reason="typing_error")
    await step("retract", corrects=now["history"][-1]["event_id"], reason="wrong_subject")
    assert await stood(str(datetime.now(UTC).date())) == ("verified", first["id"], "office_hours", True)


async def test_the_log_of_readings_is_asked_by_purpose_door_and_day(ask, nominee):
    point = await nominee(person={"family_name": "Rassendyll", "given_name": "Rudolf"})
    path = f"/persons/{point['person_ref']}"
    for purpose, surface in (("contact", "web"), ("verification", "api")):
        assert (await ask("GET", path, params={"purpose": purpose, "surface": surface})).is_success
    today, later = datetime.now(UTC).isoformat(), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for asked, found in (
        ({}, ["verification", "contact"]),
        ({"purpose": "contact"}, ["contact"]),
        ({"surface": "api"}, ["verification"]),
        ({"since": later}, []),
        ({"until": later}, ["verification", "contact"]),
        ({"since": today}, []),
    ):
        log = await ask("GET", "/access-log", "auditor", countries=["*"], params={"person": point["person_ref"], **asked})
        assert [row["purpose"] for row in log.json()["items"]] == found, asked
