"""Partners over HTTP, on a real PostgreSQL: what is answered, and what is said."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from shared.gate import ALLOWED


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any) -> Any:
    async def request(
        method: str, path: str, *, roles: tuple[str, ...] = ("coordinator",), headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        given = {"Authorization": f"Bearer {token(*roles)}", **(headers or {})}
        return await client.request(method, path, headers=given, **more)

    return request


async def outbox(app: FastAPI, subject: str) -> list[dict[str, Any]]:
    async with app.state.engine.connect() as tx:
        rows = await tx.execute(text("SELECT topic, headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": subject})
        return [{"topic": r.topic, **r.headers, "data": json.loads(r.value)} for r in rows]


async def partner(ask: Any, **changed: Any) -> dict[str, Any]:
    body = {"reference": f"p-{uuid4().hex[:12]}", "name": {"en": "Ruritania"}, "kind": "country", "country": "NL", **changed}
    made = await ask("POST", "/partners", json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def agreement(ask: Any, of: dict[str, Any], **changed: Any) -> dict[str, Any]:
    body = {"partner_id": of["id"], "kind": "international_agreement", "reference": f"{of['reference']}:agreement", "state": "in_force"}
    made = await ask("POST", "/instruments", json={**body, "stated_as_of": "2024-03-01", **changed})
    assert made.status_code == 201, made.text
    return made.json()


async def basis(ask: Any, of: dict[str, Any], on: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    body = {
        "partner_id": of["id"],
        "kind": "international_agreement",
        "purposes": ["judicial_cooperation"],
        "data_categories": ["case_related"],
    }
    made = await ask("POST", "/legal-bases", json={**body, "valid_from": "2024-03-01", "instrument_id": on and on["id"], **changed})
    assert made.status_code == 201, made.text
    return made.json()


async def test_what_is_registered_is_answered_and_said_in_one_transaction(ask: Any, app: FastAPI) -> None:
    made = await partner(ask, name={"en": "Tunisia", "fr": "Tunisie", "ar": "تونس"}, country="TN")
    (fact,) = await outbox(app, made["id"])
    assert fact["topic"] == "partners.partner.v1"
    assert fact["ce_type"] == "partners.partner.registered.v1"
    assert (fact["ce_subject"], fact["ce_aggversion"], fact["ce_mode"]) == (made["id"], "1", "live")
    assert fact["ce_source"] == "/instances/test/services/partners"
    assert fact["ce_actor"].startswith("user:")
    assert fact["data"]["name"] == {"en": "Tunisia", "fr": "Tunisie", "ar": "تونس"}
    assert "notes" not in fact["data"]


async def test_a_refused_command_says_nothing(ask: Any, app: FastAPI) -> None:
    made = await partner(ask)
    again = await ask("POST", "/partners", json={"reference": made["reference"], "name": {"en": "X"}, "kind": "country"})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    assert len(await outbox(app, made["id"])) == 1


async def test_the_order_of_refusals(ask: Any, client: httpx.AsyncClient) -> None:
    nowhere = f"/instruments/{uuid4()}/advance"
    assert (await client.post(nowhere, content=b"{")).status_code == 401
    assert (await ask("POST", nowhere, roles=("visitor",), json={"state": "no"})).status_code == 403
    assert (await ask("POST", nowhere, json={"state": "no"})).status_code == 404
    made = await agreement(ask, await partner(ask))
    refused = await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "no"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "state")
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_forbidden_caller_learns_who_may(ask: Any) -> None:
    refused = await ask("POST", "/partners", roles=("auditor",), json={})
    assert refused.status_code == 403
    assert refused.json()["needs"] == ["administrator", "coordinator", "importer"]


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "http://elsewhere"},
        {"exp": int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"sub": None},
        {"roles": None},
        {"countries": "NL"},
    ],
)
async def test_a_token_that_proves_too_little_is_no_token(client: httpx.AsyncClient, token: Any, claims: dict[str, Any]) -> None:
    answer = await client.get("/partners", headers={"Authorization": f"Bearer {token('administrator', **claims)}"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_an_unsigned_token_is_no_token(client: httpx.AsyncClient, token: Any) -> None:
    _, body, _ = token("administrator").split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    assert (await client.get("/partners", headers={"Authorization": f"Bearer {unsigned}"})).status_code == 401


async def test_a_change_names_the_version_it_is_meant_for(ask: Any) -> None:
    made = await agreement(ask, await partner(ask))
    path = f"/instruments/{made['id']}/advance"
    assert (await ask("POST", path, json={"state": "suspended"})).status_code == 428
    stale = await ask("POST", path, json={"state": "suspended"}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 1)
    done = await ask("POST", path, json={"state": "suspended"}, headers={"If-Match": '"1"'})
    assert (done.status_code, done.headers["etag"], done.json()["state"]) == (200, '"2"', "suspended")


async def test_the_same_key_is_done_once_and_answered_twice(ask: Any, app: FastAPI) -> None:
    body = {"reference": f"p-{uuid4().hex[:12]}", "name": {"en": "Once"}, "kind": "project"}
    key = {"Idempotency-Key": uuid4().hex}
    answers = await asyncio.gather(*(ask("POST", "/partners", json=body, headers=key) for _ in range(8)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum(a.headers.get("idempotency-replayed") == "true" for a in answers) == 7
    assert len(await outbox(app, answers[0].json()["id"])) == 1


async def test_the_same_key_for_something_else_is_refused(ask: Any) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    assert (
        await ask("POST", "/partners", json={"reference": uuid4().hex, "name": {"en": "A"}, "kind": "project"}, headers=key)
    ).status_code == 201
    other = await ask("POST", "/partners", json={"reference": uuid4().hex, "name": {"en": "B"}, "kind": "project"}, headers=key)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_a_key_belongs_to_its_actor(ask: Any, client: httpx.AsyncClient, token: Any) -> None:
    key = uuid4().hex
    assert (
        await ask(
            "POST", "/partners", json={"reference": uuid4().hex, "name": {"en": "A"}, "kind": "project"}, headers={"Idempotency-Key": key}
        )
    ).is_success
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {token('coordinator', sub='somebody else')}"}
    assert (
        await client.post("/partners", json={"reference": uuid4().hex, "name": {"en": "A"}, "kind": "project"}, headers=headers)
    ).status_code == 201


async def test_only_an_importer_states_when_something_was_learned(ask: Any, app: FastAPI) -> None:
    body = {"reference": uuid4().hex, "name": {"en": "A"}, "kind": "project"}
    past = {"Concord-Mode": "import", "Concord-Recorded-At": "2025-01-02T03:04:05Z"}
    assert (await ask("POST", "/partners", json=body, headers=past)).status_code == 403
    future = {**past, "Concord-Recorded-At": "2999-01-01T00:00:00Z"}
    assert (await ask("POST", "/partners", json=body, headers=future, roles=("importer",))).status_code == 422
    live = {"Concord-Recorded-At": "2025-01-02T03:04:05Z"}
    assert (await ask("POST", "/partners", json=body, headers=live, roles=("importer",))).status_code == 422
    made = await ask("POST", "/partners", json=body, headers=past, roles=("importer",))
    (fact,) = await outbox(app, made.json()["id"])
    assert (fact["ce_mode"], fact["ce_recordedtime"]) == ("import", "2025-01-02T03:04:05.000Z")


async def test_an_agreement_lets_personal_data_go_until_it_ends(ask: Any) -> None:
    of = await partner(ask)
    made = await agreement(ask, of)
    await basis(ask, of, made)
    question = f"/partners/{of['id']}/exchange"
    assert (await ask("GET", question)).json()["outcome"] == "allowed"
    before = await ask("GET", question, params={"on": "2024-02-29"})
    assert (before.json()["outcome"], before.json()["reason"]) == ("case_by_case", "NOT_KNOWN")
    known_until = datetime.now(UTC).isoformat()
    await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "terminated"}, headers={"If-Match": "*"})
    after = (await ask("GET", question)).json()
    assert (after["allowed"], after["reason"], after["basis"]) == (False, "NO_BASIS", [])
    assert (await ask("GET", question, params={"asof": known_until})).json()["allowed"] is True


async def test_ending_an_agreement_ends_what_rests_on_it_in_the_same_transaction(ask: Any, app: FastAPI) -> None:
    of = await partner(ask)
    made = await agreement(ask, of)
    rests = await basis(ask, of, made)
    await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "suspended"}, headers={"If-Match": "*"})
    await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "in_force"}, headers={"If-Match": "*"})
    await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "terminated"}, headers={"If-Match": "*"})
    said = [(fact["ce_type"].split(".")[2], fact["ce_aggversion"]) for fact in await outbox(app, rests["id"])]
    assert said == [("established", "1"), ("suspended", "2"), ("resumed", "3"), ("ended", "4")]


@pytest.mark.parametrize("category", list(ALLOWED))
async def test_a_working_arrangement_is_no_basis(ask: Any, category: str) -> None:
    of = await partner(ask)
    await agreement(ask, of, kind="working_arrangement_strategic", state="signed")
    answer = (await ask("GET", f"/partners/{of['id']}/exchange", params={"data_category": category})).json()
    assert (answer["allowed"], answer["reason"]) == (False, "NO_BASIS")
    assert "working arrangement" in answer["explanation"]


async def test_no_basis_rests_on_an_instrument_that_is_not_in_force(ask: Any) -> None:
    of = await partner(ask)
    made = await agreement(ask, of, state="mandate_granted")
    body = {"partner_id": of["id"], "kind": "international_agreement", "purposes": ["audit"], "data_categories": ["participant"]}
    refused = await ask("POST", "/legal-bases", json={**body, "valid_from": "2024-03-01", "instrument_id": made["id"]})
    assert refused.status_code == 409


async def test_a_retracted_step_counts_no_longer_but_is_shown(ask: Any) -> None:
    made = await agreement(ask, await partner(ask))
    ended = (await ask("POST", f"/instruments/{made['id']}/advance", json={"state": "terminated"}, headers={"If-Match": "*"})).json()
    wrong = ended["history"][1]["event_id"]
    back = await ask(
        "POST", f"/instruments/{made['id']}/retract", json={"corrects": wrong, "reason": "typing_error"}, headers={"If-Match": '"2"'}
    )
    assert (back.json()["state"], back.json()["version"]) == ("in_force", 3)
    steps = back.json()["history"]
    assert [step["type"].split(".")[2] for step in steps] == ["entered_into_force", "terminated", "retracted"]
    assert steps[1]["retracted_at"] == steps[2]["recorded_at"]
    twice = await ask(
        "POST", f"/instruments/{made['id']}/retract", json={"corrects": wrong, "reason": "duplicate"}, headers={"If-Match": "*"}
    )
    assert (twice.status_code, twice.json()["errors"][0]["field"]) == (422, "corrects")


async def test_pages_show_everything_once(ask: Any) -> None:
    made = {(await partner(ask, region="gulf"))["reference"] for _ in range(7)}
    seen: list[str] = []
    after = None
    while True:
        page = (await ask("GET", "/partners", params={"region": "gulf", "limit": 3, **({"after": after} if after else {})})).json()
        assert page["total"] == 7
        seen += [item["reference"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(made)


@pytest.mark.parametrize("after", ["%%%", "bm90anNvbg", "W10", "eyJhIjoxfQ"])
async def test_a_cursor_that_is_none_is_refused(ask: Any, after: str) -> None:
    assert (await ask("GET", "/partners", params={"after": after})).status_code == 422


async def test_a_search_takes_its_words_literally(ask: Any) -> None:
    await partner(ask, name={"en": "100% Ruritania_"})
    assert (await ask("GET", "/partners", params={"q": "100% r"})).json()["total"] == 1
    assert (await ask("GET", "/partners", params={"q": "1__%"})).json()["total"] == 0


async def test_a_body_over_the_limit_is_refused_before_it_is_read(ask: Any) -> None:
    answer = await ask("POST", "/partners", content=b" " * (256 * 1024 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_an_exercise_changes_nothing_of_what_may_be_exchanged(ask: Any, app: FastAPI) -> None:
    of = await partner(ask)
    given = await agreement(ask, of)
    exercise = {"Concord-Mode": "exercise", "If-Match": "*"}
    body = {"partner_id": of["id"], "kind": "international_agreement", "purposes": ["judicial_cooperation"], "valid_from": "2024-03-01"}
    body |= {"data_categories": ["case_related"], "instrument_id": given["id"]}

    async def allowed() -> bool:
        return bool((await ask("GET", f"/partners/{of['id']}/exchange")).json()["allowed"])

    async def refused(path: str, body: dict[str, Any]) -> None:
        answer = await ask("POST", path, json=body, headers=exercise)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["Concord-Mode"])

    assert not await allowed()
    await refused("/legal-bases", body)
    assert not await allowed()
    real = (await ask("POST", "/legal-bases", json=body)).json()
    assert await allowed()
    await refused(f"/legal-bases/{real['id']}/suspend", {"on": "2024-04-01"})
    await refused(f"/instruments/{given['id']}/advance", {"state": "terminated", "stated_as_of": "2024-04-01"})
    assert await allowed()
    assert (len(await outbox(app, given["id"])), len(await outbox(app, real["id"]))) == (1, 1)
