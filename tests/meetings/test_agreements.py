"""What a meeting needs and what it agrees, over HTTP, on a real PostgreSQL: answered and said."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

MEETING = {"country": "NL", "kind": "coordination_case", "title": {"en": "Next steps"}}
HELD = {**MEETING, "started": "2026-03-02T08:00:00Z", "ended": "2026-03-02T10:00:00Z", "countries": ["AL", "NL"]}
DECISION = {"kind": "action", "text": {"en": "The accounts are frozen"}}
TASK = {"country": "AL", "text": {"en": "Freeze the accounts"}, "due": "2026-03-20"}


class Asked:
    """Requests as somebody; what is said of a subject."""

    def __init__(self, client: httpx.AsyncClient, token: Any, app: FastAPI) -> None:
        self.client, self.token, self.app, self.mode = client, token, app, "live"

    async def __call__(self, path: str, body: Any, *roles: str, countries: Any = None, version: str = "*") -> httpx.Response:
        bearer = self.token(*(roles or ("coordinator",)), countries=countries)
        headers = {"Authorization": f"Bearer {bearer}", "If-Match": version, "Concord-Mode": self.mode}
        return await self.client.post(path, headers=headers, json=body)

    async def done(self, path: str, body: Any = None, *roles: str, **more: Any) -> dict[str, Any]:
        answer = await self(path, body, *roles, **more)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def listed(self, **asked: Any) -> dict[str, Any]:
        return dict(
            (await self.client.get("/action-items", params=asked, headers={"Authorization": f"Bearer {self.token('auditor')}"})).json()
        )

    async def said(self, subject: str) -> list[tuple[str, str, dict[str, Any]]]:
        async with self.app.state.engine.connect() as tx:
            rows = await tx.execute(text("SELECT headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": subject})
            return [(r.headers["ce_type"].split(".", 1)[1], r.headers["ce_country"], json.loads(r.value)) for r in rows]


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any, app: FastAPI) -> Asked:
    return Asked(client, token, app)


async def test_interpretation_is_asked_for_and_confirmed_in_part(ask: Asked) -> None:
    made = await ask.done("/meetings", MEETING)
    path = f"/meetings/{made['id']}/support"
    pairs = [{"source": "sq", "target": "en"}, {"source": "en", "target": "sq", "relay": "fr"}]
    wanted = await ask.done(path, {"kind": "interpretation", "pairs": pairs, "booths": 2, "note": "simultaneous"})
    (support,) = wanted["support"]
    assert (support["confirmed"], support["cost"], support["pairs"][1]["relay"]) == (None, None, "fr")
    cost = {"amount_minor": 84_000, "currency": "EUR"}
    given = await ask.done(f"{path}/{support['id']}/confirm", {"pairs": pairs[:1], "cost": cost})
    assert [pair["source"] for pair in given["support"][0]["confirmed"]] == ["sq"]
    assert given["support"][0]["cost"] == cost | {"exponent": 2}
    whole = await ask.done(f"{path}/{support['id']}/confirm", {})
    assert len(whole["support"][0]["confirmed"]) == 2, "all of it where nothing is named"
    facts = await ask.said(made["id"])
    assert [name for name, _, _ in facts] == ["meeting.proposed.v1", "meeting.support_requested.v1", *["meeting.support_confirmed.v1"] * 2]
    assert facts[1][2]["pairs"] == [{"from": "sq", "to": "en"}, {"from": "en", "to": "sq", "relay": "fr"}]
    assert "simultaneous" not in json.dumps([data for _, _, data in facts])
    assert facts[2][2]["cost"] == cost | {"exponent": 2}
    assert "cost" not in facts[3][2]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"kind": "interpretation"}, "are needed for interpretation"),
        ({"kind": "room", "pairs": [{"source": "sq", "target": "en"}]}, "are for interpretation alone"),
        ({"kind": "interpretation", "pairs": [{"source": "sq", "target": "sq"}]}, "sq into sq is no interpretation"),
    ],
)
async def test_support_that_makes_no_sense_is_refused_by_field(ask: Asked, body: Any, reason: str) -> None:
    made = await ask.done("/meetings", MEETING)
    refused = await ask(f"/meetings/{made['id']}/support", body)
    assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "pairs", "reason": reason}])


async def test_what_was_not_asked_for_cannot_be_confirmed(ask: Asked) -> None:
    made = await ask.done("/meetings", MEETING)
    path = f"/meetings/{made['id']}/support"
    wanted = await ask.done(path, {"kind": "interpretation", "pairs": [{"source": "sq", "target": "en"}]})
    at = f"{path}/{wanted['support'][0]['id']}/confirm"
    assert (await ask(at, {"pairs": [{"source": "en", "target": "sq"}]})).status_code == 422
    assert (await ask(f"{path}/{uuid4()}/confirm", {})).status_code == 404
    await ask.done(at, {})
    assert (await ask(at, {})).status_code == 409, "said already"
    assert (await ask(at, {}, "contact_point")).status_code == 403


async def test_a_decision_is_adopted_amended_and_superseded(ask: Asked) -> None:
    planned = await ask.done("/meetings", MEETING)
    assert (await ask(f"/meetings/{planned['id']}/decisions", DECISION)).status_code == 409, "nothing is agreed before it was held"
    held = await ask.done("/held-meetings", HELD)
    path = f"/meetings/{held['id']}/decisions"
    first = (await ask.done(path, DECISION))["decisions"][0]["id"]
    amended = await ask.done(f"{path}/{first}/amend", {"text": {"en": "All accounts are frozen"}})
    assert amended["decisions"][0]["text"] == {"en": "All accounts are frozen"}
    assert (await ask(f"{path}/{first}/amend", {"text": {"en": "All accounts are frozen"}})).status_code == 409
    after = await ask.done(path, {**DECISION, "kind": "measure", "supersedes": first})
    second = after["decisions"][1]["id"]
    assert [each["superseded_by"] for each in after["decisions"]] == [second, None]
    assert after["version"] == 5
    refused = await ask(path, {**DECISION, "supersedes": first})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "supersedes")
    assert (await ask(f"{path}/{first}/action-items", TASK)).status_code == 409, "nobody is given work for what no longer holds"
    facts = await ask.said(held["id"])
    assert "frozen" not in json.dumps([data for _, _, data in facts]), "what was agreed in words stays here"
    assert (facts[1][2]["languages"], len(facts[1][2]["text_sha256"])) == (["en"], 64)
    assert facts[2][2]["text_sha256"] != facts[1][2]["text_sha256"]
    steps = [name for name, _, _ in facts]
    assert steps == ["meeting.held.v1", *(f"decision.{step}.v1" for step in ("adopted", "amended", "adopted", "superseded"))]


async def test_a_meeting_that_did_not_take_place_agreed_nothing(ask: Asked) -> None:
    held = await ask.done("/held-meetings", HELD)
    await ask.done(f"/meetings/{held['id']}/decisions", DECISION)
    gone = await ask.done(f"/meetings/{held['id']}/retract", {"corrects": held["held_event"], "reason": "duplicate"})
    assert gone["decisions"] == []


async def test_a_task_is_its_owners_until_the_convenor_has_seen_it_done(ask: Asked) -> None:
    held = await ask.done("/held-meetings", HELD)
    decision = (await ask.done(f"/meetings/{held['id']}/decisions", DECISION))["decisions"][0]["id"]
    at = f"/meetings/{held['id']}/decisions/{decision}/action-items"
    assert (await ask(at, TASK, countries=["AL"])).status_code == 403, "who convenes gives the task"
    item = await ask.done(at, TASK)
    path = f"/action-items/{item['id']}"
    assert (item["state"], item["convenor"], item["country"], item["overdue"]) == ("assigned", "NL", "AL", True)
    assert (await ask(f"{path}/accept", None, "contact_point", countries=["NL"])).status_code == 403
    await ask.done(f"{path}/accept", None, "contact_point", countries=["AL"])
    await ask.done(f"{path}/progress", {"percent": 60}, countries=["AL"])
    later = await ask.done(f"{path}/change-due", {"due": "2199-01-01", "reason": "waits_for_others"}, countries=["NL"])
    assert (later["due"], later["first_due"], later["overdue"]) == ("2199-01-01", "2026-03-20", False)
    future = await ask(f"{path}/complete", {"completed": "2198-01-01"})
    assert (future.status_code, future.json()["errors"][0]["field"]) == (422, "completed")
    done = await ask.done(f"{path}/complete", {"completed": "2026-03-19"}, countries=["AL"])
    assert (done["state"], done["percent"], done["possible"]) == ("done", 100, ["progress", "verify"])
    back = await ask.done(f"{path}/progress", {"percent": 90}, countries=["AL"])
    assert (back["state"], back["completed"]) == ("in_progress", None)
    await ask.done(f"{path}/complete", {"completed": "2026-03-21"}, countries=["AL"])
    assert (await ask(f"{path}/verify", None, countries=["AL"])).status_code == 403, "nobody verifies their own work"
    assert (await ask(f"{path}/verify", None, version='"1"')).status_code == 412
    end = await ask.done(f"{path}/verify", None, countries=["NL"])
    assert (end["state"], end["possible"], len(end["history"])) == ("verified", [], 8)
    facts = await ask.said(item["id"])
    steps = ("assigned", "accepted", "progressed", "due_changed", "completed", "progressed", "completed", "verified")
    assert [name for name, _, _ in facts] == [f"action_item.{step}.v1" for step in steps]
    assert {country for _, country, _ in facts} == {"AL"}
    last = facts[-1][2]
    assert (last["due"], last["first_due"], last["completed"], last["decision_ref"]) == ("2199-01-01", "2026-03-20", "2026-03-21", decision)
    assert "Freeze" not in json.dumps([data for _, _, data in facts]), "what is to be done stays here"


async def test_tasks_are_listed_as_they_are_due(ask: Asked) -> None:
    held = await ask.done("/held-meetings", HELD)
    decision = (await ask.done(f"/meetings/{held['id']}/decisions", DECISION))["decisions"][0]["id"]
    at = f"/meetings/{held['id']}/decisions/{decision}/action-items"
    for due in ("2199-01-03", "2026-03-20", "2199-01-01", "2199-01-01"):
        await ask.done(at, {**TASK, "due": due})
    await ask.done(f"/action-items/{(await ask.done(at, {**TASK, 'country': 'NL'}))['id']}/cancel", {"reason": "superseded"})
    seen, after = [], None
    while True:
        page = await ask.listed(decision=decision, limit=2, **({"after": after} if after else {}))
        assert page["total"] == 5
        seen += [item["due"] for item in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == ["2026-03-20", "2026-03-20", "2199-01-01", "2199-01-01", "2199-01-03"]
    for asked, total in (
        ({"overdue": "true"}, 1),
        ({"overdue": "false"}, 4),
        ({"country": "NL"}, 1),
        ({"state": "cancelled"}, 1),
        ({"q": "freeze"}, 5),
    ):
        assert (await ask.listed(meeting=held["id"], **asked))["total"] == total, asked


async def test_decisions_and_tasks_of_an_exercise_are_of_it(ask: Asked) -> None:
    ask.mode = "exercise"
    made = await ask.done("/held-meetings", HELD)
    made = await ask.done(f"/meetings/{made['id']}/decisions", DECISION)
    tasks = f"/meetings/{made['id']}/decisions/{made['decisions'][0]['id']}/action-items"
    task = await ask.done(tasks, TASK)
    assert task["exercise"] is True
    ask.mode = "live"
    for path, body in ((tasks, TASK), (f"/action-items/{task['id']}/accept", None), (f"/meetings/{made['id']}/decisions", DECISION)):
        refused = await ask(path, body)
        assert (refused.status_code, "exercise" in refused.json()["detail"]) == (409, True)
    [row] = (await ask.listed(meeting=made["id"]))["items"]
    assert (row["exercise"], row["version"]) == (True, 1)
    real = await ask.done("/held-meetings", HELD)
    real = await ask.done(f"/meetings/{real['id']}/decisions", DECISION)
    task = await ask.done(f"/meetings/{real['id']}/decisions/{real['decisions'][0]['id']}/action-items", TASK)
    # As it was kept before.
    async with ask.app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE action_items SET whole = whole - 'exercise' WHERE id = :id"), {"id": task["id"]})
    ask.mode = "exercise"
    assert (await ask(f"/action-items/{task['id']}/accept", None)).status_code == 409
    ask.mode = "live"
    assert (await ask.done(f"/action-items/{task['id']}/accept"))["exercise"] is False
