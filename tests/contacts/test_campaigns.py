"""Verification campaigns: many asked at once, answered by a link that opens once and expires; what changed is called, not counted."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contacts import due

SOURCE = "/instances/test/services/contacts"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def link(ask):
    """A link to a contact point's request, as the mail carries it."""

    async def issue(id_):
        issued = await ask("POST", f"/contact-points/{id_}/verification-link", "personal", countries=["*"])
        assert issued.status_code == 200, issued.text
        assert issued.headers["cache-control"] == "no-store"
        return issued.json()["token"]

    return issue


@pytest.fixture
def opened(ask):
    async def look(token):
        return await ask("POST", "/verification-links/open", "visitor", countries=[], json={"token": token})

    return look


@pytest.fixture
def answer(ask):
    async def give(token, answer, **more):
        body = {"token": token, "answer": answer, **more}
        return await ask("POST", "/verification-links/answer", "visitor", countries=[], json=body)

    return give


async def campaign(ask, **changed):
    body = {"country": "AL", "method": "self", "due": str(TODAY + timedelta(days=30)), **changed}
    return await ask("POST", "/campaigns", "coordinator", json=body)


async def test_a_campaign_asks_all_that_it_names_and_tells_how_far_it_is(ask, app, desk, outbox, link, answer):
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE contact_points SET state = 'ended' WHERE state <> 'ended'"))
    points = [await desk() for _ in range(4)]
    fresh = await desk()
    assert (await ask("POST", f"/contact-points/{fresh['id']}/verify", json={"method": "call"})).is_success
    made = await campaign(ask, unverified_days=90)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["asked"], told["waiting"], told["to_call"]) == (4, 4, 0)
    assert (await outbox(points[0]["id"]))[-1]["ce_type"] == "contacts.contact_point.verification_requested.v1"
    assert (await ask("GET", f"/contact-points/{fresh['id']}")).json()["state"] == "verified"
    await answer(await link(points[0]["id"]), "right")
    await answer(await link(points[1]["id"]), "changed", changed_fields=["duty", "languages"])
    await answer(await link(points[2]["id"]), "gone")
    path = f"/campaigns/{told['id']}"
    told = (await ask("GET", path, "auditor")).json()
    assert [told[name] for name in ("asked", "verified", "ended", "waiting", "lapsed", "to_call")] == [4, 1, 1, 2, 0, 1]
    (called,) = (await ask("GET", f"{path}/members", "coordinator", params={"only": "to_call"})).json()["items"]
    assert (called["contact_point_id"], called["changed_fields"]) == (points[1]["id"], ["duty", "languages"])
    states = [(await ask("GET", f"/contact-points/{point['id']}")).json()["state"] for point in points]
    assert states == ["verified", "verification_due", "ended", "verification_due"], "what changed is not verified before it is put right"
    await due.fall_due(app.state.engine, SOURCE, datetime.now(UTC) + timedelta(days=40))
    told = (await ask("GET", path, "auditor")).json()
    assert [told[name] for name in ("verified", "ended", "waiting", "lapsed", "to_call")] == [1, 1, 1, 1, 2]
    assert (await campaign(ask, country="AL", unverified_days=3000)).status_code in {201, 422}
    assert (await ask("GET", "/campaigns", "auditor", params={"country": "AL"})).json()["items"][-1]["id"]


async def test_nobody_to_ask_and_a_foreign_country_are_refused(ask):
    nobody = await campaign(ask, country="TV")
    assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (422, "unverified_days")
    body = {"country": "NL", "method": "self", "due": str(TODAY)}
    assert (await ask("POST", "/campaigns", "national_editor", countries=["AL"], json=body)).status_code == 403


async def test_a_link_shows_the_post_and_is_answered_once(ask, app, desk, link, opened, answer):
    point = await desk(person={"family_name": "Rassendyll", "given_name": "Rudolf"}, specialisations=["terrorism"])
    refused = await ask("POST", f"/contact-points/{point['id']}/verification-link", "personal", countries=["*"])
    assert (refused.status_code, refused.json()["state"]) == (409, "designated")
    request = {"due": str(TODAY + timedelta(days=10)), "method": "self"}
    assert (await ask("POST", f"/contact-points/{point['id']}/request-verification", json=request)).is_success
    first, second = await link(point["id"]), await link(point["id"])
    for _ in range(2):
        page = await opened(first)
        assert (page.json()["state"], page.json()["specialisations"], page.json()["duty"]) == ("open", ["terrorism"], "office_hours")
        assert "Rassendyll" not in page.text
        assert point["person_ref"] not in page.text
    async with app.state.engine.connect() as tx:
        kept = (await tx.execute(text("SELECT CAST(l AS text) FROM verification_links l"))).scalars().all()
    assert not any(first in row for row in kept), "the token itself is kept nowhere"
    assert (await answer(first, "changed")).json()["errors"][0]["field"] == "changed_fields"
    both = await asyncio.gather(answer(first, "right"), answer(second, "gone"))
    assert sorted(reply.status_code for reply in both) == [200, 409], "two at once are one answer"
    for token in (first, second):
        again = await answer(token, "right")
        assert (again.status_code, again.json()["state"]) == (409, "answered")
        assert (await opened(token)).json() | {"expires_at": None} == {
            "state": "answered", "expires_at": None, "country": None, "authority": None, "duty": None, "specialisations": [], "languages": [],
        }  # fmt: skip


async def test_a_link_expires_settles_and_is_nobodys_without_its_secret(ask, app, desk, link, opened, answer):
    point, other = await desk(), await desk()
    request = {"due": str(TODAY + timedelta(days=10)), "method": "self"}
    for each in (point, other):
        assert (await ask("POST", f"/contact-points/{each['id']}/request-verification", json=request)).is_success
    token, settled = await link(point["id"]), await link(other["id"])
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE verification_links SET expires_at = now() WHERE contact_point_id = :id"), {"id": point["id"]})
    assert (await opened(token)).json()["state"] == "expired"
    assert (await answer(token, "right")).json()["state"] == "expired"
    assert (await ask("POST", f"/contact-points/{other['id']}/verify", json={"method": "call"})).is_success
    assert (await opened(settled)).json()["state"] == "settled"
    assert (await answer(settled, "gone")).status_code == 409
    assert (await ask("GET", f"/contact-points/{other['id']}")).json()["state"] == "verified"
    assert (await opened("A" * 43)).status_code == 404
    assert (await opened(str(uuid4()))).status_code == 422


async def test_of_whom_the_person_was_erased_no_link_verifies_anything(ask, desk, link, opened, answer, outbox):
    point = await desk(person={"family_name": "Rassendyll", "given_name": "Rudolf"})
    request = {"due": str(TODAY + timedelta(days=10)), "method": "self"}
    assert (await ask("POST", f"/contact-points/{point['id']}/request-verification", json=request)).is_success
    token = await link(point["id"])
    assert (await opened(token)).json()["state"] == "open"
    assert (await ask("DELETE", f"/persons/{point['person_ref']}", "administrator")).is_success
    assert (await opened(token)).json()["state"] == "settled"
    for given in ("right", "gone"):
        refused = await answer(token, given)
        assert (refused.status_code, refused.json()["state"]) == (409, "settled")
    path = f"/contact-points/{point['id']}"
    page = (await ask("GET", path)).json()
    assert (page["state"], page["person"], page["possible"]) == ("suspended", "erased", ["update", "end", "correct", "retract"])
    assert (await outbox(point["id"]))[-1]["ce_type"] == "contacts.contact_point.suspended.v1"
    assert (await ask("POST", f"{path}/verification-link", "personal", countries=["*"])).status_code == 409
    refused = await ask("POST", f"{path}/verify", json={"method": "call"})
    assert (refused.status_code, refused.json()["possible"]) == (409, ["update", "end"])
    assert "details were erased" in refused.json()["detail"]
    taken_back = {"corrects": page["history"][-1]["event_id"], "reason": "other"}
    assert (await ask("POST", f"{path}/retract", json=taken_back)).json()["state"] == "suspended", "nobody is there by taking that back"
    assert (await opened(token)).json()["state"] == "settled"
    assert (await ask("POST", f"{path}/end", json={"valid_to": str(TODAY), "reason": "other"})).json()["state"] == "ended"


async def test_whose_person_was_erased_before_that_was_known_is_suspended_by_the_clock(ask, app, desk, outbox):
    point, other = await desk(), await desk()
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE contact_points SET erased_at = now() WHERE id = :id"), {"id": point["id"]})
    for _ in range(2):
        await due.fall_due(app.state.engine, SOURCE, datetime.now(UTC))
    said = [fact["ce_type"] for fact in await outbox(point["id"])]
    assert said.count("contacts.contact_point.suspended.v1") == 1
    states = [(await ask("GET", f"/contact-points/{each['id']}")).json()["state"] for each in (point, other)]
    assert states == ["suspended", "designated"]
