"""A person erased is gone for whoever looks for somebody to ask."""

from typing import Any


async def test_a_contact_point_whose_person_was_erased_is_no_choice(ask: Any, office: Any, desk: Any) -> None:
    at = await office(country="IS", zone="Atlantic/Reykjavik")
    point = await desk(at=at, country="IS", specialisations=["terrorism"], person={"family_name": "Rassendyll", "given_name": "Rudolf"})
    assert (await ask("POST", f"/contact-points/{point['id']}/verify", json={"method": "call"})).is_success
    question = {"country": "IS", "crime_type": "terrorism"}
    card = (await ask("GET", "/whom-to-ask", "contact_point", params=question)).json()
    assert card["first"]["id"] == point["id"]
    assert (await ask("DELETE", f"/persons/{point['person_ref']}", "administrator")).is_success
    card = (await ask("GET", "/whom-to-ask", "contact_point", params=question)).json()
    assert card["first"]["id"] != point["id"]
    [place] = [place for place in card["chain"] if place["id"] == point["id"]]
    assert (place["usable"], place["reasons"][0]) == (False, "suspended")
    [row] = (await ask("GET", "/contact-points", params={"country": "IS"})).json()["items"]
    assert (row["person"], row["state"]) == ("erased", "suspended")


async def test_a_nominee_is_erased_and_designated_nowhere(ask: Any, office: Any, nominee: Any, outbox: Any) -> None:
    at = await office()
    point = await nominee(person={"family_name": "Rassendyll", "given_name": "Rudolf"})
    gone = await ask("DELETE", f"/persons/{point['person_ref']}", "administrator")
    assert gone.status_code == 200, gone.text
    body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "office_hours"}
    assert (await ask("POST", f"/contact-points/{point['id']}/designate", json=body)).status_code == 409
    page = (await ask("GET", f"/contact-points/{point['id']}")).json()
    assert (page["person"], page["state"], page["version"]) == ("erased", "nominated", 1)
    assert len(await outbox(point["id"])) == 1, "of whom nobody was asked nothing is said"
