"""Meetings over HTTP, on a real PostgreSQL: what is answered, and what is said."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.meetings.domain import NEXT

BODY = {"country": "NL", "kind": "coordination_case", "title": {"en": "Next steps"}, "crime_types": ["cybercrime", "money-laundering"]}
SLOT = {"start": "2026-12-01T09:00:00+01:00", "end": "2026-12-01T10:30:00+01:00", "zone": "Europe/Amsterdam"}
HELD = {"started": "2026-03-02T08:00:00Z", "ended": "2026-03-02T09:00:00Z"}


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any) -> Any:
    async def request(method: str, path: str, *roles: str, countries: Any = None, headers: Any = None, **more: Any) -> httpx.Response:
        given = {"Authorization": f"Bearer {token(*(roles or ('coordinator',)), countries=countries)}", "If-Match": "*", **(headers or {})}
        return await client.request(method, path, headers=given, **more)

    return request


async def done(ask: Any, method: str, path: str, body: Any, status: int = 200) -> dict[str, Any]:
    answer = await ask(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def said(app: FastAPI, subject: str) -> list[dict[str, Any]]:
    async with app.state.engine.connect() as tx:
        rows = await tx.execute(text("SELECT topic, headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": subject})
        return [{"topic": r.topic, **r.headers, "data": json.loads(r.value)} for r in rows]


async def test_from_a_proposal_to_its_correction_every_step_is_answered_and_said(ask: Any, app: FastAPI) -> None:
    made = await done(ask, "POST", "/meetings", {**BODY, "delegations": [{"country": "AL", "seats": 2}]}, 201)
    path = f"/meetings/{made['id']}"
    await done(ask, "POST", f"{path}/delegations", {"country": "NL", "categories": ["judge", "police"], "seats": 3})
    planned = await done(ask, "POST", f"{path}/schedule", SLOT)
    assert (planned["state"], planned["at"], planned["countries"]) == ("scheduled", "2026-12-01T08:00:00Z", ["AL", "NL"])
    await done(ask, "POST", f"{path}/schedule", SLOT | {"place": "Room 1"})
    held = await done(ask, "POST", f"{path}/hold", HELD)
    assert (held["state"], held["held"]["countries"], held["held"]["format"]) == ("held", ["AL", "NL"], "hybrid")
    await done(ask, "POST", f"{path}/attendance", {"categories": {"judge": 2, "police": 1}, "countries": ["AL", "NL"]})
    await done(ask, "POST", f"{path}/reclassify", {"crime_types": ["terrorism"], "reason": "source_corrected"})
    correction = {**HELD, "started": "2026-02-27T08:00:00Z", "ended": "2026-02-27T09:00:00Z", "corrects": held["held_event"]}
    await done(ask, "POST", f"{path}/correct", correction | {"reason": "wrong_date"})
    after = await done(ask, "POST", f"{path}/retract", {"corrects": held["held_event"], "reason": "not_countable"})
    assert (after["state"], after["held"], after["attendance"]) == ("scheduled", None, None)
    facts = await said(app, made["id"])
    steps = "proposed delegation_added scheduled rescheduled held attendance_recorded reclassified corrected retracted".split()
    assert [fact["ce_type"].split(".")[2] for fact in facts] == steps
    assert [fact["ce_aggversion"] for fact in facts] == [str(n) for n in range(1, 10)]
    assert {(fact["topic"], fact["ce_country"]) for fact in facts} == {("meetings.meeting.v1", "NL")}
    assert facts[4]["ce_id"] == held["held_event"] == facts[7]["data"]["corrects"]
    assert facts[4]["ce_time"] == "2026-03-02T08:00:00.000Z", "valid time is when it took place"
    assert facts[7]["ce_time"] == "2026-02-27T08:00:00.000Z"
    assert len(after["history"]) == 9


async def test_a_meeting_known_only_afterwards_is_one_fact_and_its_reference_counts_once(ask: Any, app: FastAPI) -> None:
    body = {**BODY, **HELD, "reference": f"m-{uuid4().hex[:8]}", "countries": ["NL", "AL", "AL"]}
    made = await done(ask, "POST", "/held-meetings", body, 201)
    (fact,) = await said(app, made["id"])
    assert (fact["ce_type"], fact["ce_aggversion"], fact["data"]["countries"]) == ("meetings.meeting.held.v1", "1", ["AL", "NL"])
    again = await ask("POST", "/held-meetings", json=body)
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    gone = await done(ask, "POST", f"/meetings/{made['id']}/retract", {"corrects": made["held_event"], "reason": "duplicate"})
    assert gone["state"] == "retracted"


async def test_an_exercise_is_one_from_its_first_step_to_its_last(ask: Any, app: FastAPI) -> None:
    exercise, word = {"Concord-Mode": "exercise"}, f"x-{uuid4().hex[:8]}"
    body = {**BODY, "title": {"en": word}}
    real = await done(ask, "POST", "/meetings", body, 201)
    made = (await ask("POST", "/meetings", json=body, headers=exercise)).json()
    assert (real["exercise"], made["exercise"]) == (False, True)
    path = f"/meetings/{made['id']}"
    assert (await ask("POST", f"{path}/schedule", json=SLOT, headers=exercise)).status_code == 200
    for other, roles in (({}, ("coordinator",)), ({"Concord-Mode": "import"}, ("coordinator", "importer"))):
        refused = await ask("POST", f"{path}/hold", *roles, json=HELD, headers=other)
        assert (refused.status_code, refused.json()["detail"]) == (409, "It is an exercise: say so in every step")
    refused = await ask("POST", f"/meetings/{real['id']}/schedule", json=SLOT, headers=exercise)
    assert (refused.status_code, refused.json()["detail"]) == (409, "It is no exercise")
    assert [fact["ce_mode"] for fact in await said(app, made["id"])] == ["exercise", "exercise"]
    # As it was kept before meetings knew of exercises.
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE meetings SET meeting = meeting - 'exercise' WHERE id = :id"), {"id": real["id"]})
    for asked, ids in (({}, {real["id"], made["id"]}), ({"exercise": True}, {made["id"]}), ({"exercise": False}, {real["id"]})):
        page = (await ask("GET", "/meetings", params={"q": word, **asked})).json()
        assert {row["id"] for row in page["items"]} == ids
        assert all(row["exercise"] is (row["id"] == made["id"]) for row in page["items"])
    await done(ask, "POST", f"/meetings/{real['id']}/schedule", SLOT)


async def test_refusals_name_field_and_reason_and_say_nothing(ask: Any, app: FastAPI) -> None:
    made = await done(ask, "POST", "/meetings", BODY, 201)
    path = f"/meetings/{made['id']}"
    for step, body, field in (
        ("schedule", SLOT | {"zone": "Europe/Atlantis"}, "zone"),
        ("schedule", SLOT | {"end": SLOT["start"]}, "end"),
        ("schedule", SLOT | {"start": "2026-12-01T09:00:00"}, "start"),
        ("delegations", {"country": "ZZ"}, "country"),
        ("delegations", {"country": "AL", "seats": 0}, "seats"),
    ):
        refused = await ask("POST", f"{path}/{step}", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.text
    early = await ask("POST", f"{path}/hold", json=HELD)
    assert (early.status_code, early.json()["possible"]) == (409, list(NEXT["proposed"]))
    assert (await ask("POST", f"{path}/cancel", json={"reason": "other"}, headers={"If-Match": '"9"'})).status_code == 412
    assert (await ask("POST", f"{path}/cancel", "visitor", json={"reason": "other"})).status_code == 403
    assert (await ask("POST", f"{path}/cancel", countries=["AL"], json={"reason": "other"})).status_code == 403
    assert (await ask("POST", f"/meetings/{uuid4()}/cancel", json={})).status_code == 404
    assert len(await said(app, made["id"])) == 1


async def test_the_list_is_filtered_and_paged_without_gap_or_double(ask: Any) -> None:
    series, network, other = f"s-{uuid4().hex[:8]}", str(uuid4()), str(uuid4())
    for month in range(1, 8):
        when = {"started": f"2025-0{month}-01T08:00:00Z", "ended": f"2025-0{month}-01T09:00:00Z"}
        who = {"countries": ["NL"], "networks": [other, network][: month - 3] if month > 3 else []}
        await done(ask, "POST", "/held-meetings", {**BODY, **when, **who, "title": {"en": f"{series} 100%"}}, 201)
    await done(ask, "POST", "/meetings", {**BODY, "title": {"en": series}}, 201)
    seen, after = [], None
    while True:
        page = (await ask("GET", "/meetings", params={"q": series, "limit": 3} | ({"after": after} if after else {}))).json()
        assert page["total"] == 8
        seen += [row["at"] for row in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == [None, *(f"2025-0{month}-01T08:00:00Z" for month in range(7, 0, -1))]
    for asked, total in (
        ({"state": "held", "since": "2025-03-01T00:00:00Z", "until": "2025-06-01T00:00:00Z"}, 3),
        ({"participant": "NL"}, 7),
        ({"crime_type": "terrorism"}, 0),
        ({"network": other}, 4),
        ({"network": network}, 3),
        ({"joint": True}, 3),
        ({"q": f"{series} 100%"}, 7),
    ):
        assert (await ask("GET", "/meetings", params={"q": series} | asked)).json()["total"] == total, asked
    joint = (await ask("GET", "/meetings", params={"network": network})).json()["items"]
    assert [row["networks"] for row in joint] == [[other, network]] * 3
    first, second = page["items"][:2]
    chosen = (await ask("GET", "/meetings", params={"ids": [first["id"], second["id"], str(uuid4())]})).json()
    assert [row["id"] for row in chosen["items"]] == [first["id"], second["id"]]


async def test_the_migrated_database_is_the_one_the_tables_tell_of(app: FastAPI) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from services.meetings.tables import metadata

    async with app.state.engine.connect() as connection:
        differing = await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert [change for change in differing if change[0] != "remove_table" or change[1].name != "alembic_version"] == []
