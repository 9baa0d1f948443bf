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
