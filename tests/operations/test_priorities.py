"""Intelligence priorities (D4): a dated list, and the operations that serve each."""

from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from tests.operations.test_api import OPERATION, ask, done, said

__all__ = ["ask", "done"]

FRAUD = {
    "title": {"en": "Fraud on the elderly"},
    "crime_types": ["swindling-and-fraud"],
    "countries": ["NL", "AL"],
    "valid_from": "2026-01-01",
}


async def test_a_dated_list_of_which_each_day_shows_what_stood(done: Any, ask: Any, app: FastAPI) -> None:
    made = await done("/priorities", {**FRAUD, "reference": "first"}, 201)
    assert (made["state"], made["at"], made["countries"]) == ("set", "2026-01-01T00:00:00Z", ["AL", "NL"])
    path = f"/priorities/{made['id']}"
    assert (await ask("POST", "/priorities", json={**FRAUD, "reference": "first"})).status_code == 409
    refused = await ask("POST", f"{path}/set", json={**FRAUD, "valid_to": "2025-12-31"})
    assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "valid_to", "reason": "is before the beginning"}])
    ended = await done(f"{path}/set", {**FRAUD, "valid_to": "2026-06-30"})
    assert (ended["valid_to"], [step["type"] for step in ended["history"]]) == ("2026-06-30", ["operations.priority.set.v1"] * 2)

    async def stood(day: str) -> list[str]:
        found = (await ask("GET", "/priorities", params={"on": day, "state": "set", "q": "elderly"})).json()
        return [row["id"] for row in found["items"]]

    assert [await stood(day) for day in ("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01")] == [[], [made["id"]], [made["id"]], []]
    gone = await done(f"{path}/withdraw", {"reason": "duplicate"})
    assert (gone["state"], gone["possible"], await stood("2026-03-01")) == ("withdrawn", [], [])
    assert (await ask("POST", f"{path}/withdraw", json={"reason": "duplicate"})).status_code == 409
    assert [fact["ce_type"].split(".")[2] for fact in await said(app, made["id"])] == ["set", "set", "withdrawn"]


async def test_an_operation_says_which_it_serves_and_is_found_by_them(done: Any, ask: Any, app: FastAPI) -> None:
    first, second = [(await done("/priorities", FRAUD, 201))["id"] for _ in range(2)]
    operation = await done("/operations", {**OPERATION, "priorities": [first, first]}, 201)
    path = f"/operations/{operation['id']}"
    assert operation["priorities"] == [first]
    serving = await done(f"{path}/priorities", {"priorities": [second, first]})
    assert serving["priorities"] == sorted([first, second])
    found = (await ask("GET", "/operations", params={"priority": second})).json()
    assert [row["id"] for row in found["items"]] == [operation["id"]]
    assert (await ask("GET", f"/priorities/{second}")).json()["operations"] == 1
    await done(f"{path}/priorities", {"priorities": []})
    assert (await ask("GET", f"/priorities/{second}")).json()["operations"] == 0
    facts = await said(app, operation["id"])
    assert [(fact["ce_type"].split(".")[2], fact["data"]["priorities"]) for fact in facts] == [
        ("proposed", [first]), ("prioritised", sorted([first, second])), ("prioritised", []),
    ]  # fmt: skip


async def test_what_is_no_priority_is_served_by_nothing(done: Any, ask: Any) -> None:
    gone = (await done("/priorities", FRAUD, 201))["id"]
    await done(f"/priorities/{gone}/withdraw", {"reason": "duplicate"})
    for id_ in (gone, str(uuid4())):
        refused = await ask("POST", "/operations", json={**OPERATION, "priorities": [id_]})
        assert (refused.status_code, refused.json()["errors"]) == (
            422,
            [{"field": "priorities", "reason": f"{id_} is no intelligence priority"}],
        )
    assert (await ask("POST", "/priorities", json=FRAUD | {"country": "NL"}, countries=["AL"])).status_code == 403
