"""Operations over HTTP, on a real PostgreSQL: what is answered, and what is said."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

CENTRE = {"country": "NL", "title": {"en": "Action day"}, "crime_types": ["money-laundering", "cybercrime"], "countries": ["NL", "AL"]}


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any) -> Any:
    async def request(method: str, path: str, *roles: str, countries: Any = None, headers: Any = None, **more: Any) -> httpx.Response:
        given = {"Authorization": f"Bearer {token(*(roles or ('coordinator',)), countries=countries)}", "If-Match": "*", **(headers or {})}
        return await client.request(method, path, headers=given, **more)

    return request


@pytest.fixture
def done(ask: Any) -> Any:
    async def request(path: str, body: Any, status: int = 200, **more: Any) -> dict[str, Any]:
        answer = await ask("POST", path, json=body, **more)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    return request


async def said(app: FastAPI, subject: str) -> list[dict[str, Any]]:
    async with app.state.engine.connect() as tx:
        rows = await tx.execute(text("SELECT topic, headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": subject})
        return [{"topic": r.topic, **r.headers, "data": json.loads(r.value)} for r in rows]


OPERATION = {"country": "NL", "kind": "task_force", "title": {"en": "North"}, "crime_types": ["cybercrime"], "countries": ["AL"]}


async def test_an_operation_from_its_proposal_to_a_correction_that_lowers_what_is_counted(done: Any, app: FastAPI) -> None:
    agencies = [{"institution_kind": "police", "country": "NL", "role": "lead"}]
    made = await done("/operations", {**OPERATION, "agencies": agencies, "mandate_from": "2026-01-10"}, 201)
    assert (made["state"], made["at"], made["countries"]) == ("proposed", "2026-01-10T00:00:00Z", ["AL", "NL"])
    path = f"/operations/{made['id']}"
    await done(f"{path}/approve", None)
    await done(f"{path}/agencies", {"institution_kind": "customs", "country": "AL"})
    launched = await done(f"{path}/launch", {"launched": "2026-01-12T08:00:00Z"})
    places = [{"country": "NL", "zone": "Europe/Amsterdam"}, {"country": "AL", "zone": "Europe/Tirane"}]
    day = await done(f"{path}/action-days", {"title": {"en": "Day"}, "t_zero": "2026-02-03T05:00:00+01:00", "places": places}, 201)
    for country in ("NL", "AL"):
        await done(f"/action-days/{day['id']}/confirm", {"country": country})
    await done(f"/action-days/{day['id']}/go", {"began": "2026-02-03T04:00:00Z"})
    ended = await done(f"/action-days/{day['id']}/end", {"ended": "2026-02-03T14:00:00Z"})
    assert (ended["state"], ended["ready"], ended["operation"]) == ("ended", ["AL", "NL"], made["id"])
    arrests = {"country": "NL", "measure_kind": "arrest", "total": 12, "action_day_ref": day["id"]}
    await done(f"{path}/results", arrests)
    await done(f"{path}/results/certify", {"country": "NL"})
    over = await done(f"{path}/complete", {"ended": "2026-02-10T08:00:00Z"})
    (result,) = over["results"]
    assert (result["certified"]["total"], over["state"], [row["id"] for row in over["action_days"]]) == (12, "completed", [day["id"]])
    correction = {**arrests, "total": 10, "corrects": result["certified_event"], "reason": "duplicate"}
    corrected = await done(f"{path}/results/correct", correction)
    assert corrected["results"][0]["certified"]["total"] == 10
    last = corrected["results"][0]["certified_event"]
    await done(f"{path}/results/correct", {**correction, "total": 9, "corrects": last})
    right = await done(f"{path}/correct", {"corrects": over["completed_event"], "ended": "2026-02-11T08:00:00Z", "reason": "wrong_date"})
    assert (right["ended"], right["launched"]) == ("2026-02-11T08:00:00Z", launched["launched"])
    await done(f"{path}/evaluate", {"evaluated": "2026-03-01T08:00:00Z"})
    facts = await said(app, made["id"])
    steps = "proposed approved agency_joined launched result_reported result_certified completed result_corrected result_corrected"
    assert [fact["ce_type"].split(".")[2] for fact in facts] == [*steps.split(), "corrected", "evaluated"]
    assert [fact["ce_aggversion"] for fact in facts] == [str(n) for n in range(1, 12)]
    assert [fact["data"]["results"][0]["total"] for fact in facts[5:]] == [12, 12, 10, 9, 9, 9]
    assert (facts[6]["ce_time"], facts[6]["ce_id"]) == ("2026-02-10T08:00:00.000Z", over["completed_event"])
    assert {fact["ce_type"].split(".")[2] for fact in await said(app, day["id"])} == {"planned", "ready_confirmed", "go", "ended"}


async def test_an_operation_known_only_afterwards_brings_its_certified_results(ask: Any, done: Any, app: FastAPI) -> None:
    told = [{"country": "NL", "measure_kind": "arrest", "total": 4}, {"country": "AL", "measure_kind": "search", "total": 7}]
    body = {**OPERATION, "reference": f"o-{uuid4().hex[:8]}", "launched": "2024-01-12T08:00:00Z", "ended": "2024-02-12T08:00:00Z"}
    made = await done("/recorded-operations", {**body, "results": told}, 201)
    assert (made["state"], [row["certified"]["total"] for row in made["results"]]) == ("completed", [7, 4])
    assert len((await said(app, made["id"]))[-1]["data"]["results"]) == 2
    again = await ask("POST", "/recorded-operations", json=body)
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    gone = await done(f"/operations/{made['id']}/retract", {"corrects": made["completed_event"], "reason": "duplicate"})
    gone = await done(f"/operations/{made['id']}/retract", {"corrects": made["launched_event"], "reason": "duplicate"})
    assert (gone["state"], gone["launched"]) == ("retracted", None)


async def test_each_country_speaks_for_itself_and_the_leader_for_the_operation(ask: Any, done: Any) -> None:
    made = await done("/recorded-operations", {**OPERATION, "launched": "2024-01-12T08:00:00Z"}, 201)
    path, told = f"/operations/{made['id']}", {"country": "AL", "measure_kind": "arrest", "total": 4}
    for step, body in (("results", told), ("results/certify", {"country": "AL"})):
        assert (await ask("POST", f"{path}/{step}", countries=["NL"], json=body)).status_code == 403, "who leads does not speak for Albania"
        assert (await ask("POST", f"{path}/{step}", countries=["AL"], json=body)).status_code == 200
    assert (await ask("POST", f"{path}/suspend", countries=["AL"])).status_code == 403
    assert (await ask("POST", f"{path}/results/certify", "operations_officer", json={"country": "AL"})).status_code == 403
    for body, field in (
        ({**told, "country": "FR"}, "country"),
        ({**told, "total": -1}, "total"),
        ({**told, "action_day_ref": str(uuid4())}, "action_day_ref"),
        ({**told, "amount": {"amount_minor": 1, "currency": "euro"}}, "amount.currency"),
    ):
        refused = await ask("POST", f"{path}/results", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.text
    places = [{"country": "AL", "zone": "Europe/Tirane"}]
    day = {"title": {"en": "Day"}, "t_zero": "2026-02-03T05:00:00Z", "places": places, "centre_ref": str(uuid4())}
    assert (await ask("POST", f"{path}/action-days", json=day)).status_code == 404, "no such centre"


async def test_operations_and_action_days_are_found(ask: Any, done: Any) -> None:
    made = await done("/operations", {**OPERATION, "title": {"en": "Zephyr"}}, 201)
    await done(f"/operations/{made['id']}/approve", None)
    day = {"title": {"en": "Day"}, "t_zero": "2026-02-03T05:00:00Z", "places": [{"country": "AL", "zone": "Europe/Tirane"}]}
    planned = await done(f"/operations/{made['id']}/action-days", day, 201)
    for path, asked, total in (
        ("/operations", {"q": "zephyr", "kind": "task_force", "state": "approved", "participant": "AL"}, 1),
        ("/operations", {"q": "zephyr", "kind": "joint"}, 0),
        ("/operations", {"ids": [made["id"], str(uuid4())]}, 1),
        ("/action-days", {"operation": made["id"], "state": "planned"}, 1),
        ("/action-days", {"operation": made["id"], "participant": "NL"}, 0),
    ):
        found = (await ask("GET", path, params=asked)).json()
        assert found["total"] == total, asked
    assert (await ask("GET", f"/action-days/{planned['id']}")).json()["places"] == day["places"]
    called_off = await done(f"/action-days/{planned['id']}/abort", {"reason": "other"})
    assert (called_off["state"], planned["possible"], called_off["possible"]) == ("aborted", ["confirm", "abort"], [])


async def test_a_centre_from_its_plan_to_its_retraction(done: Any, app: FastAPI) -> None:
    made = await done("/centres", {**CENTRE, "opens": "2026-03-02T06:00:00+01:00"}, 201)
    path = f"/centres/{made['id']}"
    assert (made["state"], made["at"], made["countries"], made["form"]) == ("planned", "2026-03-02T05:00:00Z", ["AL", "NL"], "both")
    opened = await done(f"{path}/open", {"opened": "2026-03-02T05:30:00Z"})
    await done(f"{path}/close", {"closed": "2026-03-02T15:00:00Z"})
    corrects = {"corrects": opened["opened_event"]}
    corrected = await done(f"{path}/correct", {**corrects, "crime_types": ["terrorism"], "reason": "source_corrected"})
    assert (corrected["crime_types"], corrected["opened"], corrected["state"]) == (["terrorism"], "2026-03-02T05:30:00Z", "closed")
    after = await done(f"{path}/retract", {**corrects, "reason": "not_countable"})
    assert (after["state"], after["opened"], len(after["history"])) == ("planned", None, 5)
    facts = await said(app, made["id"])
    assert [fact["ce_type"].split(".")[2] for fact in facts] == ["planned", "opened", "closed", "corrected", "retracted"]
    assert [fact["ce_aggversion"] for fact in facts] == [str(n) for n in range(1, 6)]
    assert {(fact["topic"], fact["ce_country"], fact["ce_mode"]) for fact in facts} == {("operations.centre.v1", "NL", "live")}
    assert facts[1]["ce_time"] == "2026-03-02T05:30:00.000Z", "valid time is when it was opened"
    assert facts[1]["ce_id"] == opened["opened_event"] == facts[3]["data"]["corrects"]
    assert facts[3]["data"]["closed"] == "2026-03-02T15:00:00Z", "each fact carries the whole"


async def test_a_centre_known_only_afterwards_is_opened_and_closed_at_once_and_its_reference_counts_once(
    ask: Any, done: Any, app: FastAPI
) -> None:
    body = {**CENTRE, "reference": f"c-{uuid4().hex[:8]}", "opened": "2024-05-01T06:00:00Z", "closed": "2024-05-01T15:00:00Z"}
    made = await done("/recorded-centres", body, 201)
    assert (made["state"], made["version"]) == ("closed", 2)
    assert [fact["ce_type"].split(".")[2] for fact in await said(app, made["id"])] == ["opened", "closed"]
    again = await ask("POST", "/recorded-centres", json=body)
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    gone = await done(f"/centres/{made['id']}/retract", {"corrects": made["opened_event"], "reason": "duplicate"})
    assert gone["state"] == "retracted"


async def test_an_exercise_says_so_in_every_fact_and_takes_no_other_step(ask: Any, done: Any, app: FastAPI) -> None:
    exercise = {"headers": {"Concord-Mode": "exercise"}}
    made = await done("/centres", {**CENTRE, "opens": "2026-03-02T06:00:00Z"}, 201, **exercise)
    opening = {"opened": "2026-03-02T06:00:00Z"}
    refused = await ask("POST", f"/centres/{made['id']}/open", json=opening)
    assert (refused.status_code, "exercise" in refused.json()["detail"]) == (409, True)
    await done(f"/centres/{made['id']}/open", opening, **exercise)
    assert [fact["ce_mode"] for fact in await said(app, made["id"])] == ["exercise", "exercise"]


async def test_refusals_name_field_and_reason_and_say_nothing(ask: Any, done: Any, app: FastAPI) -> None:
    made = await done("/centres", {**CENTRE, "opens": "2026-03-02T06:00:00Z"}, 201)
    path = f"/centres/{made['id']}"
    for step, body, field in (
        ("open", {"opened": "2199-01-01T00:00:00Z"}, "opened"),
        ("open", {"opened": "2026-01-01T00:00:00"}, "opened"),
        ("cancel", {"reason": "boredom"}, "reason"),
    ):
        refused = await ask("POST", f"{path}/{step}", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.text
    opening = {"opened": "2026-03-02T06:00:00Z"}
    early = await ask("POST", f"{path}/close", json={"closed": "2026-03-02T06:00:00Z"})
    assert (early.status_code, early.json()["possible"]) == (409, ["open", "cancel"])
    assert (await ask("POST", f"{path}/open", json=opening, headers={"If-Match": '"9"'})).status_code == 412
    assert (await ask("POST", f"{path}/open", "contact_point", json=opening)).status_code == 403
    assert (await ask("POST", f"{path}/open", countries=["AL"], json=opening)).status_code == 403
    assert (await ask("POST", f"/centres/{uuid4()}/open", json={})).status_code == 404
    assert len(await said(app, made["id"])) == 1


async def test_the_list_is_filtered_and_paged_without_gap_or_double(ask: Any, done: Any) -> None:
    series = f"s-{uuid4().hex[:8]}"
    for month in range(1, 6):
        await done("/recorded-centres", {**CENTRE, "title": {"en": series}, "opened": f"2025-0{month}-01T08:00:00Z"}, 201)
    await done("/centres", {**CENTRE, "title": {"en": series}, "form": "virtual", "opens": "2026-03-02T06:00:00Z"}, 201)
    seen, after = [], None
    while True:
        page = (await ask("GET", "/centres", params={"q": series, "limit": 2} | ({"after": after} if after else {}))).json()
        assert page["total"] == 6
        seen += [row["at"] for row in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == ["2026-03-02T06:00:00Z", *(f"2025-0{month}-01T08:00:00Z" for month in range(5, 0, -1))]
    for asked, total in (
        ({"state": "open", "since": "2025-02-01T00:00:00Z", "until": "2025-04-01T00:00:00Z"}, 2),
        ({"form": "virtual"}, 1),
        ({"participant": "AL", "crime_type": "cybercrime"}, 6),
        ({"country": "AL"}, 0),
    ):
        assert (await ask("GET", "/centres", params={"q": series} | asked)).json()["total"] == total, asked


async def test_the_migrated_database_is_the_one_the_tables_tell_of(app: FastAPI) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from services.operations.tables import metadata

    async with app.state.engine.connect() as connection:
        differing = await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert [change for change in differing if change[0] != "remove_table" or change[1].name != "alembic_version"] == []
