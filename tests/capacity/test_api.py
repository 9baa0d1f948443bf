"""Tools over HTTP, on a real PostgreSQL: what is answered, and what is said."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

BODY = {"title": {"en": "Handbook"}, "kind": "handbook", "languages": ["en", "en"], "measures": ["B.a.3"], "purpose": "Guides requests."}


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any) -> Any:
    async def request(method: str, path: str, *roles: str, countries: Any = None, headers: Any = None, **more: Any) -> httpx.Response:
        given = {"Authorization": f"Bearer {token(*(roles or ('coordinator',)), countries=countries)}", "If-Match": "*", **(headers or {})}
        return await client.request(method, path, headers=given, **more)

    return request


async def done(ask: Any, method: str, path: str, body: Any, status: int = 200) -> dict[str, Any]:
    answer = await ask(method, path, json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.fixture
def published(ask: Any) -> Any:
    async def make(**changed: Any) -> dict[str, Any]:
        return await done(ask, "POST", "/tools", BODY | {"reference": f"t-{uuid4().hex[:10]}"} | changed, 201)

    return make


async def said(app: FastAPI, subject: str) -> list[dict[str, Any]]:
    async with app.state.engine.connect() as tx:
        rows = await tx.execute(text("SELECT topic, headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": subject})
        return [{"topic": r.topic, **r.headers, "data": json.loads(r.value)} for r in rows]


async def test_from_its_publication_to_its_withdrawal_every_step_is_answered_and_said(ask: Any, app: FastAPI, published: Any) -> None:
    made = await published(on="2024-03-01", users=["prosecutor"], source={"seed": "000", "locator": "Handbook"})
    path = f"/tools/{made['id']}"
    await done(ask, "POST", f"{path}/translate", {"language": "fr"})
    revised = await done(ask, "PUT", path, BODY | {"edition": "2", "languages": ["en", "fr"], "purpose": "Guides more."})
    assert (revised["translations"], revised["purpose"]) == ([{"language": "fr", "source_revision": 1, "current": False}], "Guides more.")
    used = await done(ask, "POST", f"{path}/adopt", {"country": "AL", "adopted_on": "2024-05-01"})
    assert (used["countries"], used["adoptions"]) == (["AL"], [{"country": "AL", "adopted_on": "2024-05-01"}])
    back = await done(ask, "POST", f"{path}/retract", {"corrects": used["history"][-1]["event_id"], "reason": "wrong_subject"})
    assert (back["countries"], back["history"][3]["retracted_at"] is not None) == ([], True)
    gone = await ask("POST", f"{path}/withdraw")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    facts = await said(app, made["id"])
    assert [
        fact["ce_type"].split(".")[2] for fact in facts
    ] == "published translated revised adopted_nationally retracted withdrawn".split()
    assert [fact["ce_aggversion"] for fact in facts] == [str(n) for n in range(1, 7)]
    assert [fact.get("ce_country") for fact in facts] == [None, None, None, "AL", "AL", None], "whose achievement it is"
    assert (facts[0]["ce_time"], facts[3]["ce_time"]) == ("2024-03-01T00:00:00.000Z", "2024-05-01T00:00:00.000Z")
    assert (facts[2]["data"]["version"], facts[2]["data"]["source_revision"], facts[0]["data"]["languages"]) == ("2", 2, ["en"])
    assert not {"purpose", "notes", "source"} & facts[0]["data"].keys(), "text goes on no topic"


async def test_refusals_name_field_and_reason_and_say_nothing(ask: Any, app: FastAPI, published: Any) -> None:
    made = await published()
    path = f"/tools/{made['id']}"
    for step, body, field in (
        ("adopt", {"country": "ZZ", "adopted_on": "2024-01-01"}, "country"),
        ("adopt", {"country": "AL", "adopted_on": "2150-01-01"}, "adopted_on"),
        ("translate", {"language": "French"}, "language"),
        ("retract", {"corrects": str(uuid4()), "reason": "other"}, "corrects"),
    ):
        refused = await ask("POST", f"{path}/{step}", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.text
    again = await ask("POST", "/tools", json=BODY | {"reference": made["reference"]})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    adoption = {"country": "AL", "adopted_on": "2024-01-01"}
    assert (await ask("POST", f"{path}/adopt", countries=["NL"], json=adoption)).status_code == 403
    assert (await ask("PUT", path, countries=["AL"], json=BODY | {"edition": "9"})).status_code == 403, "a tool is no country's own"
    assert (await ask("POST", f"{path}/adopt", json=adoption, headers={"If-Match": '"9"'})).status_code == 412
    assert len(await said(app, made["id"])) == 1
    mine = await ask("POST", f"{path}/adopt", "national_editor", countries=["AL"], json=adoption)
    assert mine.status_code == 200, mine.text
    taken = {"corrects": mine.json()["history"][-1]["event_id"], "reason": "wrong_subject"}
    assert (await ask("POST", f"{path}/retract", "national_editor", countries=["NL"], json=taken)).status_code == 403
    assert (await ask("POST", f"{path}/retract", "national_editor", countries=["AL"], json=taken)).status_code == 200


async def test_the_list_is_filtered_and_paged_without_gap_or_double(ask: Any, published: Any) -> None:
    mark = f"m{uuid4().hex[:8]}"
    made = [await published(reference=f"{mark}-{n}", measures=["B.a.1"] if n % 2 else ["B.h"], purpose=f"{mark} 100%") for n in range(5)]
    await done(ask, "POST", f"/tools/{made[0]['id']}/adopt", {"country": "AL", "adopted_on": "2024-01-01"})
    seen, after = [], None
    while True:
        page = (await ask("GET", "/tools", params={"q": mark, "limit": 2} | ({"after": after} if after else {}))).json()
        assert page["total"] == 5
        seen += [row["id"] for row in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == [row["id"] for row in made]
    filters = {"measure": "B.a"}, {"measure": "B"}, {"measure": "B.h"}, {"language": "fr"}, {"country": "AL"}, {"q": f"{mark} 100%"}
    totals = [(await ask("GET", "/tools", params={"q": mark} | asked)).json()["total"] for asked in filters]
    assert totals == [2, 5, 3, 0, 1, 5]


async def test_the_migrated_database_is_the_one_the_tables_tell_of(app: FastAPI) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from services.capacity.tables import metadata

    async with app.state.engine.connect() as connection:
        differing = await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert [change for change in differing if change[0] != "remove_table" or change[1].name != "alembic_version"] == []
