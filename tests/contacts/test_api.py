"""Authorities and contact points over HTTP, on a real PostgreSQL: what is answered, and what is said."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contacts import due
from services.contacts.domain import NEXT
from shared.events import subject_of
from tests.statements import statements

SOURCE = "/instances/test/services/contacts"


async def test_a_registered_authority_is_answered_and_said(ask, office, outbox):
    made = await office(
        name={"en": "Ministry", "ar": "وزارة"},
        languages=["sq", "sq", "en"],
        role_mailbox="desk@office.example",
        source={"seed": "s", "locator": "l"},
    )
    assert made["id"] == str(subject_of("contacts", "authority", made["reference"]))
    assert made["source"] == {"seed": "s", "locator": "l"}
    (fact,) = await outbox(made["id"])
    assert (fact["topic"], fact["ce_type"]) == ("contacts.authority.v1", "contacts.authority.registered.v1")
    assert (fact["ce_country"], fact["ce_classification"], fact["ce_source"], fact["ce_aggversion"]) == ("AL", "public", SOURCE, "1")
    assert fact["data"] == {
        "reference": made["reference"],
        "name": {"en": "Ministry", "ar": "وزارة"},
        "kind": "ministry_justice",
        "country": "AL",
        "zone": "Europe/Tirane",
        "languages": ["sq", "en"],
        "role_mailbox": "desk@office.example",
    }
    again = await ask(
        "POST", "/authorities", json={"reference": made["reference"], "name": {"en": "X"}, "kind": "court", "zone": "Europe/Tirane"}
    )
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    assert len(await outbox(made["id"])) == 1


async def test_an_amendment_keeps_reference_and_country_and_says_nothing_twice(ask, office, outbox):
    made = await office()
    body = {"name": {"en": "Renamed"}, "kind": "court", "zone": "Europe/Tirane", "country": "NL", "reference": "other"}
    amended = await ask("PUT", f"/authorities/{made['id']}", json=body, headers={"If-Match": '"1"'})
    assert (amended.status_code, amended.headers["etag"]) == (200, '"2"')
    assert (amended.json()["country"], amended.json()["reference"]) == ("AL", made["reference"])
    same = await ask("PUT", f"/authorities/{made['id']}", json=body, headers={"If-Match": '"2"'})
    assert (same.status_code, same.json()["version"]) == (200, 2)
    assert [(fact["ce_type"].split(".")[2], fact["ce_aggversion"]) for fact in await outbox(made["id"])] == [
        ("registered", "1"),
        ("amended", "2"),
    ]


async def test_authorities_are_found_by_country_kind_and_words_without_accents(ask, office):
    mark = uuid4().hex[:8]
    one = await office(name={"fr": f"Ministère {mark} de la Justice"}, country="FR", zone="Europe/Paris")
    await office(name={"en": f"Court {mark}"}, kind="court")
    for query, found in (
        ({"q": f"MINISTERE {mark}"}, [one["id"]]),
        ({"q": mark, "country": "FR"}, [one["id"]]),
        ({"q": mark, "kind": "court", "country": "FR"}, []),
        ({"q": "100%_"}, []),
    ):
        page = (await ask("GET", "/authorities", "visitor", params=query)).json()
        assert ([item["id"] for item in page["items"]], page["total"]) == (found, len(found)), query


async def test_a_whole_life_is_answered_and_said_step_by_step(ask, office, nominee, outbox):
    at, deputy = await office(), await nominee()
    point = await nominee(specialisations=["terrorism"], languages=[{"code": "sq", "level": "native"}], on="2026-01-10")
    path, version = f"/contact-points/{point['id']}", 1
    today = datetime.now(UTC).date()
    steps = [
        ("designate", {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7", "deputy_ref": deputy["id"]}, "designated"),
        ("update", {"authority_ref": at["id"], "specialisations": ["cybercrime"], "languages": [], "duty": "office_hours"}, "designated"),
        ("request-verification", {"due": str(today + timedelta(days=30)), "method": "correspondent"}, "verification_due"),
        ("verify", {"method": "call", "changed_fields": ["person"]}, "verified"),
        ("end", {"valid_to": str(today), "reason": "replaced", "successor_ref": deputy["id"]}, "ended"),
    ]
    for name, body, state in steps:
        answer = await ask("POST", f"{path}/{name}", json=body, headers={"If-Match": f'"{version}"'})
        version += 1
        assert (answer.status_code, answer.headers.get("etag"), answer.json().get("state")) == (200, f'"{version}"', state), answer.text
    page = (await ask("GET", path, "auditor")).json()
    assert page == answer.json()
    assert (page["authority"]["id"], page["duty"], page["specialisations"], page["successor_ref"]) == (
        at["id"],
        "office_hours",
        ["cybercrime"],
        deputy["id"],
    )
    assert page["verified_at"]
    assert page["due"] is None
    facts = await outbox(point["id"])
    assert [fact["ce_type"].split(".")[2] for fact in facts] == [
        "nominated",
        "designated",
        "updated",
        "verification_requested",
        "verified",
        "ended",
    ]
    assert [fact["ce_aggversion"] for fact in facts] == ["1", "2", "3", "4", "5", "6"]
    assert {(fact["topic"], fact["ce_country"], fact["ce_classification"]) for fact in facts} == {
        ("contacts.contact_point.v1", "AL", "restricted")
    }
    assert [fact["ce_time"][:10] for fact in facts] == ["2026-01-10", "2026-01-15", str(today), str(today), str(today), str(today)]
    assert facts[0]["data"] == {
        "person_ref": point["person_ref"],
        "appointing_kind": "country",
        "specialisations": ["terrorism"],
        "languages": [{"code": "sq", "level": "native"}],
    }
    assert facts[1]["data"] == {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7", "deputy_ref": deputy["id"]}
    assert facts[2]["data"] == {
        "changed": ["specialisations", "languages", "duty", "deputy_ref"],
        "authority_ref": at["id"],
        "specialisations": ["cybercrime"],
        "languages": [],
        "duty": "office_hours",
    }
    assert facts[4]["data"]["changed_fields"] == ["person"]
    assert facts[5]["data"] == {"valid_to": str(today), "reason": "replaced", "successor_ref": deputy["id"]}
    assert [step["event_id"] for step in page["history"]] == [fact["ce_id"] for fact in facts]


async def test_a_refused_step_names_the_state_and_says_nothing(ask, nominee, outbox):
    point = await nominee()
    refused = await ask("POST", f"/contact-points/{point['id']}/verify", json={"method": "self"})
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert refused.json()["detail"] == "In state nominated one cannot verify; possible: designate, end"
    assert refused.json()["possible"] == list(NEXT["nominated"])
    assert len(await outbox(point["id"])) == 1


async def test_an_update_that_changes_nothing_says_nothing(ask, desk, outbox):
    point = await desk()
    body = {"authority_ref": point["authority"]["id"], "specialisations": [], "languages": [], "duty": "office_hours"}
    same = await ask("POST", f"/contact-points/{point['id']}/update", json=body)
    assert (same.status_code, same.json()["version"]) == (200, 2)
    assert len(await outbox(point["id"])) == 2


async def test_who_is_appointed_above_countries_has_no_country(ask, nominee, outbox):
    point = await nominee(country=None, appointing_kind="network", appointing_body_ref=str(uuid4()))
    (fact,) = await outbox(point["id"])
    assert "ce_country" not in fact
    for body, field in (
        ({"country": "AL", "appointing_kind": "network", "appointing_body_ref": str(uuid4())}, "country"),
        ({"appointing_kind": "organisation"}, "appointing_body_ref"),
        ({"appointing_kind": "country"}, "country"),
    ):
        refused = await ask("POST", "/contact-points", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_a_contact_point_serves_at_an_authority_of_its_own_country(ask, office, nominee):
    point, elsewhere = await nominee(), await office(country="FR", zone="Europe/Paris")
    body = {"valid_from": "2026-01-15", "duty": "24x7"}
    for wrong in ({"authority_ref": elsewhere["id"]}, {"authority_ref": str(uuid4())}):
        refused = await ask("POST", f"/contact-points/{point['id']}/designate", json=body | wrong)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "authority_ref")


async def test_the_order_of_refusals(ask, client, desk):
    nowhere = f"/contact-points/{uuid4()}/end"
    assert (await client.post(nowhere, json={})).status_code == 401
    assert (await ask("POST", nowhere, "visitor", json={})).status_code == 403
    assert (await ask("POST", nowhere, json={})).status_code == 404
    point = await desk()
    path = f"/contact-points/{point['id']}/end"
    foreign = await ask("POST", path, countries=["NL"], json={})
    assert (foreign.status_code, foreign.json()["detail"]) == (403, "Your token does not cover AL")
    refused = await ask("POST", path, json={"valid_to": "2026-02-30", "reason": "bored"})
    assert (refused.status_code, {error["field"] for error in refused.json()["errors"]}) == (422, {"valid_to", "reason"})
    body = {"valid_to": "2026-02-28", "reason": "resigned"}
    missing = await client.post(path, json=body, headers={"Authorization": (await _header(ask))})
    assert missing.status_code == 428
    stale = await ask("POST", path, json=body, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current"]["version"], stale.json()["current"]["state"]) == (412, 2, "designated")
    assert (await ask("POST", "/contact-points", countries=["NL"], json={"country": "AL", "appointing_kind": "country"})).status_code == 403
    above = {"appointing_kind": "network", "appointing_body_ref": str(uuid4())}
    assert (await ask("POST", "/contact-points", countries=["AL"], json=above)).status_code == 403


async def _header(ask):
    return (await ask("GET", "/authorities")).request.headers["Authorization"]


async def test_a_command_sent_twice_is_done_once(ask, app, outbox):
    mark = f"once-{uuid4()}"
    body = {"country": "AL", "appointing_kind": "country", "person": {"family_name": "Hoxha", "given_name": "Ana"}}
    first, second = await asyncio.gather(*(ask("POST", "/contact-points", json=body, headers={"Idempotency-Key": mark}) for _ in range(2)))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert {first.headers.get("idempotency-replayed"), second.headers.get("idempotency-replayed")} == {None, "true"}
    assert len(await outbox(first.json()["id"])) == 1
    other = await ask("POST", "/contact-points", json=body | {"duty": "24x7"}, headers={"Idempotency-Key": mark})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    # Neither the key nor a hash of the body alone is kept: what was said of a person cannot be guessed from it.
    async with app.state.engine.connect() as tx:
        kept = (await tx.execute(text("SELECT idempotency_keys::text AS row FROM idempotency_keys"))).scalars().all()
    assert kept
    assert not any(mark in row or "Hoxha" in row for row in kept)


async def test_an_import_states_when_it_was_learned(ask, outbox):
    body = {"country": "AL", "appointing_kind": "country", "on": "2017-04-18", "reference": f"r-{uuid4().hex[:8]}"}
    past = {"Concord-Mode": "import", "Concord-Recorded-At": "2020-01-01T00:00:00Z"}
    assert (await ask("POST", "/contact-points", json=body, headers=past)).status_code == 403
    made = await ask("POST", "/contact-points", "importer", json=body, headers=past)
    assert made.status_code == 201, made.text
    (fact,) = await outbox(made.json()["id"])
    assert (fact["ce_mode"], fact["ce_time"], fact["ce_recordedtime"]) == ("import", "2017-04-18T00:00:00.000Z", "2020-01-01T00:00:00.000Z")
    assert made.json()["id"] == str(subject_of("contacts", "contact_point", body["reference"]))
    again = await ask("POST", "/contact-points", "importer", json=body)
    assert (again.status_code, again.json()["id"]) == (409, made.json()["id"])


async def test_pages_show_each_once_though_others_are_added_meanwhile(ask, nominee):
    made = {(await nominee(country=country))["id"] for country in ("XK", "AD", "XK", "AD", "AD")}
    seen, after = [], None
    for _ in range(200):
        page = (await ask("GET", "/contact-points", params={"limit": 2, **({"after": after} if after else {})})).json()
        seen += [item["id"] for item in page["items"]]
        await nominee(country="AD")
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


@pytest.mark.parametrize("cursor", ["WzFd", "WyJhIiwgImIiXQ", "bm90IGpzb24", "%%%", "WyJBTCIsIDEsIDJd"])
@pytest.mark.parametrize("path", ["/contact-points", "/access-log", "/authorities"])
async def test_a_cursor_of_another_list_is_refused_or_harmless(ask, path, cursor):
    answer = await ask("GET", path, "auditor", params={"after": cursor})
    assert answer.status_code in (200, 422)
    assert path == "/authorities" or cursor == "WzFd" or answer.json()["errors"][0]["field"] == "after"


@pytest.mark.parametrize("path", ["/contact-points", "/authorities"])
@pytest.mark.parametrize("asked", [{}, {"country": "AL"}])
async def test_no_page_of_a_list_sorts_or_reads_all_that_match(ask, app, desk, path, asked):
    for _ in range(2):
        await desk()
    with statements(app) as said:
        first = (await ask("GET", path, params={**asked, "limit": 1})).json()
        await ask("GET", path, params={**asked, "limit": 1, "after": first["next"]})
    pages = [statement for statement in said if "ORDER BY" in statement]
    assert len(pages) == 2
    async with app.state.engine.connect() as tx:
        # With so few rows nothing else would keep PostgreSQL from it.
        for way in ("seqscan", "bitmapscan", "sort"):
            await tx.execute(text(f"SET LOCAL enable_{way} = off"))
        # The plan for whatever is asked is the one that stays after a few times.
        await tx.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        for number, page in enumerate(pages):
            await tx.exec_driver_sql(f"PREPARE page AS {page}")
            nothing = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", page))))
            plan = "\n".join(row[0] for row in await tx.exec_driver_sql(f"EXPLAIN EXECUTE page({nothing})"))
            await tx.exec_driver_sql("DEALLOCATE page")
            assert "Sort" not in plan, plan
            index = "ix_contact_points_sorted_id" if path == "/contact-points" else "_reference"
            condition = re.search(f"Index Scan using [a-z0-9_]*{index}.*(\\n.*Index Cond)?", plan)
            assert condition, plan
            assert bool(condition[1]) == (bool(asked) or number == 1), plan


async def test_contact_points_are_found_by_codes_and_offices_never_by_names(ask, desk):
    name = f"Zz{uuid4().hex[:8]}"
    point = await desk(country="AL", specialisations=["firearms-trafficking"], person={"family_name": name, "given_name": "A"})
    office = point["authority"]["id"]
    for query, found in (
        ({"authority": office}, 1),
        ({"authority": office, "specialisation": "firearms-trafficking"}, 1),
        ({"authority": office, "specialisation": "terrorism"}, 0),
        ({"authority": office, "state": "designated", "country": "AL", "appointing_kind": "country"}, 1),
        ({"authority": office, "state": ["ended", "designated"]}, 1),
        ({"authority": office, "state": ["ended", "lapsed"]}, 0),
        ({"authority": office, "country": "NL"}, 0),
        ({"authority": office, "q": "firearms"}, 1),
        ({"authority": office, "q": "ALBANIA"}, 1),
        ({"authority": office, "q": "ministry"}, 1),
        ({"q": name}, 0),
    ):
        page = (await ask("GET", "/contact-points", "contact_point", params=query)).json()
        assert (len(page["items"]), page["total"]) == (found, found), query
    assert (await ask("GET", "/contact-points", "visitor")).status_code == 403


async def test_a_fact_can_be_corrected_and_taken_back_over_http(ask, desk, outbox):
    point = await desk()
    path = f"/contact-points/{point['id']}"
    designated = point["history"][1]["event_id"]
    corrected = await ask("POST", f"{path}/correct", json={"corrects": designated, "on": "2025-11-01", "reason": "wrong_date"})
    assert (corrected.status_code, corrected.json()["valid_from"], corrected.json()["state"]) == (200, "2025-11-01", "designated")
    refused = await ask("POST", f"{path}/retract", json={"corrects": designated, "reason": "duplicate"})
    newest = corrected.json()["history"][2]["event_id"]
    assert (refused.status_code, refused.json()["first"]) == (409, newest)
    for fact, state in ((newest, "designated"), (designated, "nominated")):
        page = (await ask("POST", f"{path}/retract", json={"corrects": fact, "reason": "duplicate"})).json()
        assert page["state"] == state, page
    assert [bool(step["retracted_at"]) for step in page["history"]] == [False, True, True, False, False]
    facts = await outbox(point["id"])
    assert facts[2]["data"] == {"corrects": designated, "reason": "wrong_date", "on": "2025-11-01"}
    assert facts[2]["ce_time"] == "2025-11-01T00:00:00.000Z"
    assert facts[4]["data"] == {"corrects": designated, "reason": "duplicate"}
    again = await ask(
        "POST", f"{path}/designate", json={"valid_from": "2026-02-01", "authority_ref": point["authority"]["id"], "duty": "24x7"}
    )
    assert (again.status_code, again.json()["version"]) == (200, 6)


async def test_a_verification_lapses_once_when_its_day_is_over_on_the_offices_clock(ask, app, desk, outbox):
    day = datetime.now(UTC).date() + timedelta(days=3)
    points = {zone: await desk(zone=zone) for zone in ("Pacific/Kiritimati", "Europe/Tirane", "America/New_York")}
    for point in points.values():
        asked = await ask("POST", f"/contact-points/{point['id']}/request-verification", json={"due": str(day), "method": "self"})
        assert asked.status_code == 200, asked.text

    async def lapsed():
        return [zone for zone, point in points.items() if (await ask("GET", f"/contact-points/{point['id']}")).json()["state"] == "lapsed"]

    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    for now, expected in (
        (noon - timedelta(hours=3), 0),
        (noon, 1),
        (noon + timedelta(hours=10, minutes=59), 1),
        (noon + timedelta(hours=12), 2),
        (noon + timedelta(days=1), 3),
    ):
        # Two processes look at the same moment: one does the work.
        await asyncio.gather(*(due.fall_due(app.state.engine, SOURCE, now) for _ in range(2)))
        assert await lapsed() == list(points)[:expected], now
    assert await due.fall_due(app.state.engine, SOURCE, noon + timedelta(days=30)) == 0
    facts = await outbox(points["Europe/Tirane"]["id"])
    assert [fact["ce_type"].split(".")[2] for fact in facts] == ["nominated", "designated", "verification_requested", "verification_lapsed"]
    assert (facts[-1]["data"], facts[-1]["ce_actor"]) == ({"due": str(day)}, "service:contacts")
    # It happened when the day was over in Tirana, whenever the loop came round.
    assert facts[-1]["ce_time"] in (f"{day}T22:00:00.000Z", f"{day}T23:00:00.000Z")


async def test_what_a_person_undid_the_loop_does_not_do_again(ask, app, desk):
    point = await desk()
    day = datetime.now(UTC).date()
    path = f"/contact-points/{point['id']}"
    await ask("POST", f"{path}/request-verification", json={"due": str(day), "method": "self"})
    later = datetime.now(UTC) + timedelta(days=3)
    assert await due.fall_due(app.state.engine, SOURCE, later) == 1
    page = (await ask("GET", path)).json()
    undone = await ask("POST", f"{path}/retract", json={"corrects": page["history"][-1]["event_id"], "reason": "not_countable"})
    assert undone.json()["state"] == "verification_due"
    assert await due.fall_due(app.state.engine, SOURCE, later) == 0
    # Verified, and asked again for another day, it can lapse again.
    assert (await ask("POST", f"{path}/verify", json={"method": "self"})).json()["state"] == "verified"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"name": {}}, "name"),
        ({"name": {"en": "a\u0000b"}}, "name.en"),
        ({"kind": "club"}, "kind"),
        ({"country": "ZZ"}, "country"),
        ({"subdivision": "NL-NH"}, "subdivision"),
        ({"role_mailbox": "nobody"}, "role_mailbox"),
        ({"phone_24x7": "112"}, "phone_24x7"),
        ({"languages": ["Albanian"]}, "languages.0"),
    ],
)
async def test_values_that_cannot_be_are_named(ask, body, field):
    given = {"reference": "x", "name": {"en": "Ministry"}, "kind": "court", "country": "AL", "zone": "Europe/Tirane"} | body
    refused = await ask("POST", "/authorities", json=given)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, [field]), refused.text


async def test_the_migrated_database_is_the_one_the_tables_tell_of(app):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from services.contacts.tables import metadata

    async with app.state.engine.connect() as connection:
        differing = await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert differing == []
