"""From a meeting scheduled over HTTP to a mail that calendars understand: in time, once, and only when it is news."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import islice
from typing import Any
from uuid import uuid4

import pytest
import vobject
from icalendar import Calendar

from deploy.local.load.entries import written
from deploy.local.load.years import meetings
from tests.outside import Mailbox, Outside
from tests.system.house import MEETINGS, House, opened
from tests.system.world import sql, until

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
SLOT = {"start": SOON.isoformat(), "end": (SOON + timedelta(hours=2)).isoformat(), "zone": "Europe/Amsterdam", "place": "Room 1"}
BODY = {"country": "NL", "kind": "coordination_case", "title": {"en": "Next steps", "fr": "Suites", "ar": "الخطوات التالية"}}
WITHIN_S = 30.0
"""A mail takes less than a second; a busy machine is no fault of ours, so how long it took is printed."""


@pytest.fixture(scope="module")
async def house(
    topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any
) -> AsyncIterator[House]:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        yield house


@pytest.fixture
def mailbox(outside: Outside) -> Mailbox:
    return outside.mailbox


async def serving(house: House, country: str, **person: str) -> dict[str, Any]:
    """A designated contact point of a country."""
    office = {"reference": f"office:{uuid4()}", "name": {"en": "Office"}, "kind": "ministry_justice", "country": country}
    authority = await house.told("contacts", "POST", "/authorities", json=office | {"zone": "Europe/Tirane"})
    details = {"family_name": "Rassendyll", "given_name": "Rudolf", **person}
    made = await house.told(
        "contacts", "POST", "/contact-points", json={"country": country, "appointing_kind": "country", "person": details}
    )
    there = {"valid_from": "2026-01-01", "authority_ref": authority["id"], "duty": "office_hours"}
    return await house.told("contacts", "POST", f"/contact-points/{made['id']}/designate", json=there)


async def meeting(house: House, *seats: dict[str, Any]) -> str:
    return str((await house.told("meetings", "POST", "/meetings", json=BODY | {"delegations": list(seats)}))["id"])


async def schedule(house: House, id_: str, **other: Any) -> None:
    await house.told("meetings", "POST", f"/meetings/{id_}/schedule", json=SLOT | other)


async def arrive(mailbox: Mailbox, address: str, count: int, seconds: float = WITHIN_S) -> EmailMessage:
    """The newest of so many mails to an address, which come within so many seconds."""

    async def there() -> bool:
        return len(mailbox.to(address)) >= count

    await until(there, f"{count} mails to {address}", seconds, every=0.02)
    assert [str(mail["subject"]) for mail in mailbox.to(address)][count:] == []
    return mailbox.to(address)[-1]


def parsed(mail: EmailMessage) -> dict[str, Any]:
    """Its invitation as two libraries read it, which must agree."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    ics = part.get_payload(decode=True)
    one, other = Calendar.from_ical(ics), vobject.readOne(ics.decode())
    event: Any = one.walk("VEVENT")[0]
    told = {
        "method": str(one["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "summary": str(event["SUMMARY"]),
        "start": event.start.astimezone(UTC),
        "end": event.end.astimezone(UTC),
        "attendee": str(event["ATTENDEE"]),
    }
    theirs = other.vevent
    assert told == {
        "method": other.method.value,
        "uid": theirs.uid.value,
        "sequence": int(theirs.sequence.value),
        "status": theirs.status.value,
        "summary": theirs.summary.value,
        "start": theirs.dtstart.value.astimezone(UTC),
        "end": theirs.dtend.value.astimezone(UTC),
        "attendee": theirs.attendee.value,
    }
    assert part.get_param("method") == told["method"]
    return told | {"zone": str(one.walk("VTIMEZONE")[0]["TZID"]), "tzid": event["DTSTART"].params["TZID"]}


async def test_a_meeting_scheduled_is_an_invitation_changed_and_cancelled_for_each_in_their_language(
    house: House, mailbox: Mailbox
) -> None:
    await serving(house, "AL", email="al@office.example", language="fr", zone="Africa/Tunis")
    named = await serving(house, "TN", email="named@office.example", language="ar", zone="Africa/Tripoli")
    await serving(house, "TN", email="other@office.example")
    await house.settled()
    id_ = await meeting(house, {"country": "AL"}, {"country": "TN", "contact_point_ref": named["id"]})
    began = time.monotonic()
    await schedule(house, id_)
    first = await arrive(mailbox, "al@office.example", 1)
    print(f"\nfirst mail {time.monotonic() - began:.2f} s after it was asked for")
    told = parsed(first)
    assert (told["method"], told["uid"], told["sequence"], told["status"]) == ("REQUEST", id_, 0, "CONFIRMED")
    assert (told["start"], told["end"]) == (SOON, SOON + timedelta(hours=2))
    assert (told["zone"], told["tzid"]) == ("Africa/Tunis", "Africa/Tunis")
    assert (told["summary"], first["subject"], first["content-language"]) == ("Suites", "Invitation\u00a0: Suites", "fr")
    arabic = await arrive(mailbox, "named@office.example", 1)
    assert (arabic["subject"], parsed(arabic)["tzid"]) == ("دعوة: الخطوات التالية", "Africa/Tripoli")
    await schedule(house, id_, place="Room 2")
    again = parsed(await arrive(mailbox, "al@office.example", 2))
    assert (again["method"], again["uid"], again["sequence"]) == ("REQUEST", id_, 1)
    await house.told("meetings", "POST", f"/meetings/{id_}/delegations", json={"country": "IT"})
    late = await serving(house, "NL", email="late@office.example")
    await house.settled()
    await house.told("meetings", "POST", f"/meetings/{id_}/delegations", json={"country": "NL", "contact_point_ref": late["id"]})
    newcomer = await arrive(mailbox, "late@office.example", 1)
    assert (newcomer["subject"], parsed(newcomer)["sequence"]) == ("Invitation: Next steps", 1), "no newcomer reads of a change"
    await house.told("meetings", "POST", f"/meetings/{id_}/cancel", json={"reason": "no_date_found"})
    for address, count in (("al@office.example", 3), ("late@office.example", 2), ("named@office.example", 3)):
        gone = parsed(await arrive(mailbox, address, count))
        assert (gone["method"], gone["uid"], gone["sequence"], gone["status"]) == ("CANCEL", id_, 2, "CANCELLED")
    assert mailbox.to("other@office.example") == [], "a seat that names somebody concerns nobody else"
    page = await house.told("notifications", "GET", "/deliveries", "auditor", params={"subject": id_})
    assert sorted((row["kind"], row["state"], row["country"]) for row in page["items"] if row["reason"]) == [
        ("invited", "suppressed", "IT")
    ]
    assert page["total"] == 9
    assert "office.example" not in str(page)


async def test_an_enquiry_reaches_whoever_is_asked_and_its_answer_whoever_asked(house: House, mailbox: Mailbox) -> None:
    asker = await serving(house, "SI", email="si@office.example", language="en")
    point = await serving(house, "SK", email="sk@office.example", language="fr", zone="Africa/Tunis")
    await house.settled()
    body = {"country": "SI", "to_country": "SK", "measure": "hear_witness", "asker_ref": asker["id"], "addressee_ref": point["id"]}
    enquiry = await house.told("contacts", "POST", "/enquiries", json=body)
    mail = await arrive(mailbox, "sk@office.example", 1)
    written = str(mail.get_body(("plain",)).get_content())
    assert (mail["subject"], f"/fr/enquiries/{enquiry['id']}" in written) == ("Une demande pour vous", True)
    assert "text/calendar" not in [part.get_content_type() for part in mail.walk()]
    await house.told("contacts", "POST", f"/enquiries/{enquiry['id']}/acknowledge", json={})
    assert (await arrive(mailbox, "si@office.example", 1))["subject"] == "Your enquiry is in hand"
    await house.told("contacts", "POST", f"/enquiries/{enquiry['id']}/refuse", json={"reason": "CAPACITY"})
    assert (await arrive(mailbox, "si@office.example", 2))["subject"] == "Your enquiry is refused"
    page = await house.told("notifications", "GET", "/deliveries", "auditor", params={"subject": enquiry["id"], "subject_type": "enquiry"})
    assert [(row["kind"], row["state"], row["country"]) for row in page["items"]] == [
        ("refused", "sent", "SI"),
        ("acknowledged", "sent", "SI"),
        ("asked", "sent", "SK"),
    ]
    assert len(mailbox.to("sk@office.example")) == 1


async def quiet(house: House, mailbox: Mailbox, before: int) -> None:
    """Everything was taken in, nothing waits, and no mail came."""
    await house.settled()
    assert await sql(house["notifications"].dsn, "SELECT count(*) FROM deliveries WHERE state = 'queued'") == 0
    assert len(mailbox.mails) == before


async def test_an_import_and_an_exercise_send_nothing(house: House, mailbox: Mailbox) -> None:
    await serving(house, "FR", email="fr@office.example")
    await house.settled()
    before = len(mailbox.mails)
    for mode, role in (("import", "importer"), ("exercise", "coordinator")):
        how: dict[str, Any] = {"headers": {"Concord-Mode": mode}}
        made = await house.told("meetings", "POST", "/meetings", role, json=BODY | {"delegations": [{"country": "FR"}]}, **how)
        await house.told("meetings", "POST", f"/meetings/{made['id']}/schedule", "coordinator", "importer", json=SLOT, **how)
        await quiet(house, mailbox, before)
        page = await house.told("notifications", "GET", "/deliveries", "operator", params={"subject": made["id"]})
        assert [(row["state"], row["reason"]) for row in page["items"]] == [("suppressed", "not_live")]
    await house.load(entries=[*written("contacts"), *islice(meetings(), MEETINGS)])
    await quiet(house, mailbox, before)


async def test_a_dead_mail_server_is_waited_for_and_each_mail_comes_once(house: House, mailbox: Mailbox) -> None:
    await serving(house, "DE", email="de@office.example")
    await house.settled()
    id_ = await meeting(house, {"country": "DE"})
    mailbox.stop()
    try:
        await schedule(house, id_)

        async def tried() -> bool:
            page = await house.told("notifications", "GET", "/deliveries", "operator", params={"subject": id_})
            return [(row["state"], row["attempts"], bool(row["reason"])) for row in page["items"]] == [("queued", 0, True)]

        await until(tried, "a try that found no server", 10)
        assert 'mails_failed_total{cause="server"}' in await house.metrics("notifications")
    finally:
        mailbox.start()
    await arrive(mailbox, "de@office.example", 1, 20)
    await asyncio.sleep(0)
    assert parsed(mailbox.to("de@office.example")[0])["uid"] == id_


async def test_refused_for_good_is_given_up_and_can_be_tried_again_refused_for_now_is_tried_later(house: House, mailbox: Mailbox) -> None:
    refused = await serving(house, "ES", email="es@refused.example")
    await serving(house, "PT", email="pt@busy.example")
    await house.settled()
    id_ = await meeting(house, {"country": "ES"}, {"country": "PT"})
    await schedule(house, id_)
    rows: dict[str, dict[str, Any]] = {}

    async def tried() -> bool:
        page = await house.told("notifications", "GET", "/deliveries", "operator", params={"subject": id_})
        rows.update({row["country"]: row for row in page["items"]})
        return [row["attempts"] for row in rows.values()] == [1, 1]

    await until(tried, "both tried", 10)
    assert (rows["ES"]["state"], rows["ES"]["reason"]) == ("dead", "smtp 550")
    assert (rows["PT"]["state"], rows["PT"]["reason"]) == ("queued", "smtp 451")
    assert rows["PT"]["next_at"] > rows["PT"]["queued_at"]
    await house.told(
        "contacts", "PUT", f"/persons/{refused['person_ref']}", json={"family_name": "A", "given_name": "B", "email": "es@office.example"}
    )
    await house.settled()
    await house.told("notifications", "POST", f"/deliveries/{rows['ES']['id']}/retry", "operator")
    await arrive(mailbox, "es@office.example", 1)
    again = await house.ask("notifications", "POST", f"/deliveries/{rows['ES']['id']}/retry", "operator")
    assert again.status_code == 409


async def test_a_network_that_is_asked_reads_it_at_its_gateway_in_their_language(house: House, mailbox: Mailbox) -> None:
    gateway = await serving(house, "SK", email="gateway@office.example", language="ar")
    described = {"reference": f"n-{uuid4().hex[:8]}", "country": None, "name": {"en": "Grid"}, "kind": "contact_point_network"}
    network = await house.told("contacts", "POST", "/networks", json=described | {"level": "global", "domain": []})
    seat = {"member_ref": gateway["id"], "role": "gateway", "valid_from": "2026-01-01"}
    await house.told("contacts", "POST", f"/networks/{network['id']}/grant-membership", json=seat)
    await house.settled()
    body = {"country": "SI", "to_country": "SK", "measure": "hear_witness", "addressee_ref": network["id"]}
    enquiry = await house.told("contacts", "POST", "/enquiries", json=body)
    mail = await arrive(mailbox, "gateway@office.example", 1)
    assert mail["content-language"] == "ar"
    assert f"/ar/enquiries/{enquiry['id']}" in str(mail.get_body(("plain",)).get_content())


async def test_an_erased_person_is_never_written_to(house: House, mailbox: Mailbox) -> None:
    point = await serving(house, "IE", email="ie@office.example")
    await house.settled()
    id_ = await meeting(house, {"country": "IE"})
    await house.told("contacts", "DELETE", f"/persons/{point['person_ref']}", "administrator")
    await schedule(house, id_)
    await quiet_about(house, id_, "erased")
    assert mailbox.to("ie@office.example") == []


async def quiet_about(house: House, id_: str, reason: str) -> None:
    async def said() -> bool:
        page = await house.told("notifications", "GET", "/deliveries", "operator", params={"subject": id_})
        return [(row["state"], row["reason"]) for row in page["items"]] == [("suppressed", reason)]

    await until(said, f"suppressed: {reason}", 10)


async def test_a_replay_from_the_start_sends_nothing(house: House, mailbox: Mailbox, database: Any) -> None:
    """Positions forgotten: every fact comes again, and is known. A database that knows nothing: nothing of before is its to tell."""
    member, before = house["notifications"], len(mailbox.mails)
    waiting = await sql(member.dsn, "SELECT count(*) FROM deliveries WHERE state = 'queued'")
    member.child.stop(5)
    said = await sql(member.dsn, "SELECT count(*) FROM deliveries")
    await sql(member.dsn, "DELETE FROM offsets RETURNING 1")
    await house.start("notifications")
    await house.settled()
    assert await sql(member.dsn, "SELECT count(*) FROM deliveries") == said
    member.child.stop(5)
    for table in (
        "offsets",
        "inbox",
        "deliveries",
        "meetings",
        "contact_points",
        "contact_point_facts",
        "reach_facts",
        "persons",
        "authorities",
    ):
        await sql(member.dsn, f"DELETE FROM {table} RETURNING 1")
    await sql(member.dsn, "UPDATE began SET at = now() RETURNING 1")
    await house.start("notifications")
    await quiet(house, mailbox, before)
    assert waiting == 1, "the one for the busy mailbox"
    states = await sql(member.dsn, "SELECT array_agg(DISTINCT reason) FROM deliveries")
    assert sorted(states) == ["before_start", "not_live"]


async def test_a_mail_asks_for_a_verification_by_a_link_that_is_good_once(house: House, mailbox: Mailbox) -> None:
    address = f"verify-{uuid4().hex[:8]}@office.example"
    point = await serving(house, "XK", email=address, language="fr")
    path = f"/contact-points/{point['id']}"
    due = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    await house.told("contacts", "POST", f"{path}/request-verification", json={"due": due, "method": "self"})
    mail = await arrive(mailbox, address, 1)
    body = str(mail.get_body(("plain",)).get_content())
    token = body.partition("/fr/verify/")[2][:43]
    assert len(token) == 43
    assert "Rassendyll" not in body
    assert point["id"] not in body, "the address of the link tells nothing of whose it is"
    answer = {"token": token, "answer": "right"}
    assert (await house.told("contacts", "POST", "/verification-links/answer", "visitor", json=answer)) == {"answer": "right"}
    assert (await house.told("contacts", "GET", path))["state"] == "verified"
    assert (await house.ask("contacts", "POST", "/verification-links/answer", "visitor", json=answer)).status_code == 409
