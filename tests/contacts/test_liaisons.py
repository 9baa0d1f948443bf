"""Liaison postings: their rules, and over HTTP on a real PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.contacts.domain import LIAISON_STEPS, Liaison, Step
from shared.errors import Conflict, Invalid
from shared.events import contacts as facts

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
BODY = {"country": "AL", "kind": "prosecutor", "host": "eurojust", "valid_from": "2024-01-01"}


def liaison(**changes: Any) -> Liaison:
    given = {"id": UUID(int=9), "reference": "lp-al", "country": "AL", "organisation": None, "kind": "prosecutor", "host": "eurojust"}
    given |= {"contact_point": None, "valid_from": date(2024, 1, 1), "valid_to": None, "state": "posted", "version": 1}
    return Liaison(**given | {"recorded_at": NOW} | changes)


@pytest.mark.parametrize("state", LIAISON_STEPS)
def test_a_step_that_is_not_possible_is_refused(state: str) -> None:
    there = liaison(state=state)
    steps = {
        "end posting": lambda: there.end(date(2025, 1, 1), NOW),
        "fund posting": lambda: there.fund(50, None, NOW),
        "retract posting": lambda: there.retract(there.id, [Step(there.id, facts.LiaisonPosted.type, there)], "duplicate", NOW),
    }
    assert set(steps) == {step for possible in LIAISON_STEPS.values() for step in possible}
    for intent, step in steps.items():
        if intent in LIAISON_STEPS[state]:
            assert step()[0].version == 2
        else:
            with pytest.raises(Conflict, match=state):
                step()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"country": None}, "country"),
        ({"organisation": "eurojust"}, "country"),
        ({"host": "AL"}, "host"),
        ({"valid_to": date(2023, 12, 31)}, "valid_to"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        liaison(**changed)
    assert refused.value.errors[0]["field"] == field
    with pytest.raises(Invalid, match="before the beginning"):
        liaison().end(date(2023, 12, 31), NOW)


async def test_posted_funded_ended_taken_back_each_said_whole(ask: Any, outbox: Any) -> None:
    made = await ask("POST", "/liaisons", json=BODY | {"reference": f"l-{uuid4().hex[:10]}", "notes": "A\nnote"})
    assert made.status_code == 201, made.text
    path = f"/liaisons/{made.json()['id']}"
    funded = await ask("POST", f"{path}/fund", json={"funding_share": 60, "funder_ref": "eurojust"})
    assert (funded.json()["funding_share"], funded.json()["funder"]) == (60, "eurojust")
    ended = (await ask("POST", f"{path}/end", json={"valid_to": "2025-03-01"})).json()
    assert (ended["state"], ended["valid_to"], ended["possible"]) == ("ended", "2025-03-01", ["fund posting", "retract posting"])
    back = (await ask("POST", f"{path}/retract", json={"corrects": ended["history"][-1]["event_id"], "reason": "wrong_date"})).json()
    assert (back["state"], back["valid_to"], back["funding_share"], back["notes"]) == ("posted", None, 60, "A\nnote")
    said = await outbox(made.json()["id"])
    assert [fact["ce_type"].split(".")[2] for fact in said] == ["posted", "funded", "ended", "retracted"]
    assert [fact["ce_time"][:10] for fact in (said[0], said[2])] == ["2024-01-01", "2025-03-01"]
    assert said[2]["data"] | {"reference": ""} == {
        **{"reference": "", "kind": "prosecutor", "from_country": "AL", "host": "eurojust", "valid_from": "2024-01-01"},
        **{"valid_to": "2025-03-01", "funding_share": 60},
    }


async def test_the_list_knows_who_was_posted_on_a_day(ask: Any) -> None:
    mark = f"m{uuid4().hex[:8]}"
    for n, (host, until) in enumerate((("BR", "2025-01-01"), ("BR", None), ("eurojust", None))):
        body = BODY | {"reference": f"{mark}-{n}", "host": host} | ({"valid_to": until} if until else {})
        assert (await ask("POST", "/liaisons", json=body)).status_code == 201
    for asked, total in (
        ({}, 3),
        ({"on": "2023-12-31"}, 0),
        ({"on": "2024-12-31", "host": "BR"}, 2),
        ({"on": "2025-01-01", "host": "BR"}, 1),
        ({"kind": "officer"}, 0),
        ({"country": "NL"}, 0),
    ):
        page = (await ask("GET", "/liaisons", params={"q": mark} | asked)).json()
        assert page["total"] == total, asked


async def test_refusals(ask: Any) -> None:
    body = BODY | {"reference": f"l-{uuid4().hex[:10]}"}
    assert (await ask("POST", "/liaisons", json=body, countries=["NL"])).status_code == 403
    unknown = await ask("POST", "/liaisons", json=body | {"contact_point_ref": str(uuid4())})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "contact_point_ref")
    made = (await ask("POST", "/liaisons", json=body)).json()
    assert (await ask("POST", "/liaisons", json=body)).status_code == 409
    path = f"/liaisons/{made['id']}/fund"
    assert (await ask("POST", path, json={"funding_share": 101})).status_code == 422
    assert (await ask("POST", path, json={"funding_share": 10}, headers={"If-Match": '"9"'})).status_code == 412
