"""A contact point as a vCard: what another program reads of it, who may have it, and that it was told to them."""

from typing import Any

import vobject

PERSON = {"family_name": "Zënda, Jr.", "given_name": "Rudolf; A\\B", "script_variants": ["رودولف زندا " * 6 + "رودولف"]}
PERSON |= {"email": "desk@office.example", "phone": "+355 (4) 000-0000", "language": "sq", "zone": "Europe/Tirane"}
WHY = "purpose=judicial_cooperation&surface=web"


async def test_another_program_reads_what_was_recorded(ask: Any, nominee: Any, office: Any) -> None:
    at = await office(name={"en": "Ministry; of Justice", "ar": "وزارة العدل"})
    point = await nominee(person=PERSON, specialisations=["cybercrime"], languages=[{"code": "en", "level": "fluent"}])
    body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "office_hours"}
    assert (await ask("POST", f"/contact-points/{point['id']}/designate", json=body)).is_success
    answer = await ask("GET", f"/persons/{point['person_ref']}/vcard?{WHY}")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("text/vcard; charset=utf-8", "no-store")
    lines = answer.content.removesuffix(b"\r\n").split(b"\r\n")
    assert lines[:2] == [b"BEGIN:VCARD", b"VERSION:4.0"]
    assert max(map(len, lines)) <= 75
    card = vobject.readOne(answer.text)
    assert [name.value for name in card.fn_list] == [
        f"{PERSON['given_name']} {PERSON['family_name']}",
        PERSON["script_variants"][0].strip(),
    ]
    assert (card.n.value.family, card.n.value.given) == (PERSON["family_name"], PERSON["given_name"])
    assert [each.value for each in card.org_list] == [["وزارة العدل"], ["Ministry; of Justice"]]
    assert (card.email.value, card.tel.value, card.tz.value) == (PERSON["email"], "tel:+35540000000", PERSON["zone"])
    assert [each.value for each in card.lang_list] == ["sq", "en"]
    assert card.uid.value == f"urn:uuid:{point['id']}"


async def test_a_card_is_a_reading_like_any_other(ask: Any, nominee: Any, outbox: Any) -> None:
    ref = (await nominee(person=PERSON))["person_ref"]
    path = f"/persons/{ref}/vcard"
    assert (await ask("GET", path)).status_code == 422, "for no purpose there is none"
    for roles, countries in ((("visitor",), ["*"]), (("auditor",), ["*"]), (("national_editor",), ["NL"])):
        assert (await ask("GET", f"{path}?{WHY}", *roles, countries=countries)).status_code == 403
    assert (await ask("GET", f"/access-log?person={ref}", "auditor")).json()["total"] == 0
    assert (await ask("GET", f"{path}?{WHY}")).is_success
    [read] = (await ask("GET", f"/access-log?person={ref}", "auditor")).json()["items"]
    assert (read["purpose"], read["surface"]) == ("judicial_cooperation", "web")
    assert "contacts.access.recorded.v1" in {said["ce_type"] for said in await outbox(ref)}
    assert (await ask("DELETE", f"/persons/{ref}", "administrator")).is_success
    assert (await ask("GET", f"{path}?{WHY}")).status_code == 404
    bare = (await nominee())["person_ref"]
    assert (await ask("GET", f"/persons/{bare}/vcard?{WHY}")).status_code == 404
