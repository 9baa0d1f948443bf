"""What authorities are competent for: over HTTP on a real PostgreSQL, what is answered for a day, and what is said."""

from typing import Any
from uuid import uuid4

CYBER = {"crime_types": ["cybercrime", "cybercrime"], "measures": ["preserve_data"], "stage": "investigation", "valid_from": "2024-03-01"}


async def declared(ask: Any, office: Any, **changed: Any) -> dict[str, Any]:
    at = await office()
    made = await ask("POST", f"/authorities/{at['id']}/competences", json=CYBER | changed)
    assert made.status_code == 200, made.text
    return dict(made.json())


async def held_on(ask: Any, id_: str, day: str) -> list[Any]:
    answer = await ask("GET", f"/authorities/{id_}", "visitor", params={"on": day})
    assert answer.status_code == 200, answer.text
    return [each["crime_types"] for each in answer.json()["competences"]]


async def test_a_declared_competence_is_answered_and_said(ask: Any, office: Any, outbox: Any) -> None:
    at = await declared(ask, office, territory=["AL-11"], instruments=["budapest-convention"])
    (held,) = at["competences"]
    assert (held["crime_types"], held["state"], held["valid_to"], at["version"]) == (["cybercrime"], "declared", None, 2)
    fact = (await outbox(at["id"]))[-1]
    assert (fact["ce_type"], fact["ce_aggversion"], fact["ce_time"][:10]) == (
        "contacts.authority.competence_declared.v1",
        "2",
        "2024-03-01",
    )
    assert (fact["ce_classification"], fact["ce_country"]) == ("public", "AL")
    assert fact["data"] == {
        "competence_id": held["id"],
        "crime_types": ["cybercrime"],
        "measures": ["preserve_data"],
        "instruments": ["budapest-convention"],
        "territory": ["AL-11"],
        "stage": "investigation",
        "valid_from": "2024-03-01",
    }


async def test_an_authority_remembers_when_it_was_registered_and_described_anew(ask: Any, office: Any, outbox: Any) -> None:
    at = await office()
    described = {name: at[name] for name in ("kind", "zone")} | {"name": {"en": "Another name"}}
    assert (await ask("PUT", f"/authorities/{at['id']}", json=described)).status_code == 200
    assert (await ask("PUT", f"/authorities/{at['id']}", json=described)).status_code == 200, "which says nothing new"
    history = (await ask("GET", f"/authorities/{at['id']}", "visitor")).json()["history"]
    assert [(step["type"], step["version"]) for step in history] == [
        ("contacts.authority.registered.v1", 1),
        ("contacts.authority.amended.v1", 2),
    ]
    assert [step["event_id"] for step in history] == [fact["ce_id"] for fact in await outbox(at["id"])]


async def test_who_was_it_on_the_third_of_march(ask: Any, office: Any, outbox: Any) -> None:
    at = await declared(ask, office)
    path = f"/authorities/{at['id']}/competences"
    ended = await ask("POST", f"{path}/{at['competences'][0]['id']}/withdraw", json={"valid_to": "2025-03-03"})
    assert ended.status_code == 200, ended.text
    again = await ask("POST", path, json=CYBER | {"crime_types": ["terrorism"], "valid_from": "2025-03-03"})
    assert again.status_code == 200, again.text
    assert [await held_on(ask, at["id"], day) for day in ("2024-02-29", "2024-03-01", "2025-03-02", "2025-03-03", "2026-01-01")] == [
        [],
        [["cybercrime"]],
        [["cybercrime"]],
        [["terrorism"]],
        [["terrorism"]],
    ]
    assert [fact["ce_type"].split(".")[2] for fact in await outbox(at["id"])] == [
        "registered",
        "competence_declared",
        "competence_withdrawn",
        "competence_declared",
    ]


async def test_a_mistake_is_taken_back_from_the_newest_on(ask: Any, office: Any) -> None:
    at = await declared(ask, office)
    held = at["competences"][0]
    path = f"/authorities/{at['id']}/competences/{held['id']}"
    ended = (await ask("POST", f"{path}/withdraw", json={"valid_to": "2025-03-03"})).json()["competences"][0]
    first, second = (step["event_id"] for step in ended["history"])
    early = await ask("POST", f"{path}/retract", json={"corrects": first, "reason": "duplicate"})
    assert (early.status_code, early.json()["first"]) == (409, second)
    back = (await ask("POST", f"{path}/retract", json={"corrects": second, "reason": "wrong_date"})).json()
    assert (back["competences"][0]["state"], back["competences"][0]["valid_to"], back["version"]) == ("declared", None, 4)
    assert await held_on(ask, at["id"], "2026-01-01") == [["cybercrime"]]
    gone = (await ask("POST", f"{path}/retract", json={"corrects": first, "reason": "duplicate"})).json()
    assert gone["competences"][0]["state"] == "retracted"
    assert await held_on(ask, at["id"], "2026-01-01") == []
    nothing = await ask("POST", f"{path}/withdraw", json={"valid_to": "2026-01-01"})
    assert nothing.status_code == 409


async def test_refusals_name_field_and_reason(ask: Any, office: Any) -> None:
    at = await declared(ask, office)
    path = f"/authorities/{at['id']}/competences"
    for wrong, field in (
        ({"territory": ["NL-NH"]}, "territory"),
        ({"valid_to": "2024-03-01"}, "valid_to"),
        ({"measures": ["guess"]}, "measures.0"),
        ({"stage": "appeal"}, "stage"),
    ):
        refused = await ask("POST", path, json=CYBER | wrong)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), wrong
    twice = await ask("POST", path, json=CYBER | {"valid_from": "2025-01-01"})
    assert (twice.status_code, twice.json()["id"]) == (409, at["competences"][0]["id"])
    assert (await ask("POST", path, json=CYBER, headers={"If-Match": '"1"'})).status_code == 412
    assert (await ask("POST", path, "visitor", json=CYBER)).status_code == 403
    assert (await ask("POST", path, json=CYBER, countries=["NL"])).status_code == 403


async def test_a_competence_is_found_at_its_own_authority_only(ask: Any, office: Any) -> None:
    one, other = await declared(ask, office), await office()
    for id_ in (one["competences"][0]["id"], str(uuid4())):
        lost = await ask("POST", f"/authorities/{other['id']}/competences/{id_}/withdraw", json={"valid_to": "2025-01-01"})
        assert lost.status_code == 404
