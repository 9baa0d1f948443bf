"""From a batch of records to a queue of mails, on a real PostgreSQL: each fact once, a bad one alone, mails in order and one at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from services.notifications import store
from services.notifications.domain import Notice
from shared.events import contacts as of_contacts
from shared.events import meetings as of_meetings
from tests.notifications.world import Record, record, serving, sums

PLAN = {"kind": "coordination_case", "title": {"en": "Next steps"}, "crime_types": [], "countries": [], "format": "video"}


def scheduled(meeting: UUID, country: str, version: int = 1, **said: Any) -> Record:
    start = datetime.now(UTC) + timedelta(days=3)
    seats = [of_meetings.Delegation(country=country, categories=[], seats=1)]
    when = {"start": start, "end": start + timedelta(hours=1), "zone": "Europe/Amsterdam", "sequence": version - 1}
    kind = of_meetings.MeetingScheduled if version == 1 else of_meetings.MeetingRescheduled
    return record(kind(**PLAN, delegations=seats, **when), meeting, version, **said)


async def test_in_one_batch_whom_to_write_to_is_known_before_what_to_write_about(taken: Any, rows: Any) -> None:
    meeting, (point, person, said) = uuid4(), serving("AL")
    found = await taken(scheduled(meeting, "AL"), *reversed(said[:2]), *said[2:])
    assert sums(found) == {"folded": 5, "duplicates": 0, "parked": 0, "skipped": 0}
    (row,) = await rows(meeting)
    assert (row.contact_point_id, row.person_ref, row.kind, row.state, row.country) == (point, person, "invited", "queued", "AL")


async def test_what_comes_again_changes_nothing(taken: Any, rows: Any) -> None:
    meeting, event, (_, _, said) = uuid4(), uuid4(), serving("BA")
    await taken(*said, scheduled(meeting, "BA", id=event))
    again = [Record(each.topic, each.key, each.value, each.headers) for each in (*said, scheduled(meeting, "BA", id=event))]
    assert sums(await taken(*again)) == {"folded": 0, "duplicates": 5, "parked": 0, "skipped": 0}
    assert len(await rows(meeting)) == 1
    late = await taken(scheduled(meeting, "BA", version=3), scheduled(meeting, "BA", version=2))
    assert sums(late)["folded"] == 2
    assert [(row.kind, row.about["sequence"]) for row in await rows(meeting)] == [("invited", 0), ("changed", 2)], "no outdated invitation"


async def test_a_bad_record_is_parked_alone(taken: Any, rows: Any) -> None:
    meeting, (_, _, said) = uuid4(), serving("HR")
    nul, wrong, empty, strange, foreign = (scheduled(uuid4(), "HR") for _ in range(5))
    nul.value = nul.value.replace(b"Next steps", b"Next\\u0000steps")  # type: ignore[union-attr]
    wrong.value, empty.value, strange.key = b'{"title": 1}', None, b"another"
    foreign.headers = [(name, b"elsewhere.thing.done.v1" if name == "ce_type" else value) for name, value in foreign.headers]
    held = record(of_contacts.AccessRecorded(reader_ref="user:x", person_ref=uuid4(), purpose="audit", surface="api"), uuid4(), 1)
    found = await taken(*said[:2], nul, wrong, empty, strange, foreign, held, *said[2:], scheduled(meeting, "HR"))
    assert sums(found) == {"folded": 5, "duplicates": 0, "parked": 4, "skipped": 2}
    reasons = sorted(reason for _, reason in found.unread)
    assert reasons[:2] == ["a value that cannot be stored", "key is not the subject"]
    assert len(await rows(meeting)) == 1


async def test_what_contacts_said_in_an_exercise_is_left_out_and_taken_out_where_it_was_kept(app: FastAPI, taken: Any) -> None:
    (real, _, said), (only, _, pretended) = serving("IS"), serving("IS")
    end = record(of_contacts.ContactPointEnded(valid_to=date(2026, 1, 2), reason="other"), real, 3, country="IS")
    network = uuid4()
    granted = of_contacts.NetworkMembershipGranted(member_ref=real, role="gateway", valid_from=date(2026, 1, 1))
    acted = [end, record(granted, network, 1), *pretended[:3]]

    async def known(mode: bytes) -> tuple[dict[str, int], Any, set[UUID]]:
        """What comes of it in this mode, who can be written to then, and through whom the network is reached."""
        again = [[(name, mode if name == "ce_mode" else value) for name, value in each.headers] for each in acted]
        found = await taken(*(Record(each.topic, each.key, each.value, headers) for each, headers in zip(acted, again, strict=True)))
        async with app.state.engine.connect() as tx:
            there = await store.contact_points_of(tx, {"IS"}, set())
            return sums(found), there, await store.reached(tx, network, date(2026, 3, 2))

    await taken(*said)
    skipped, before, through = await known(b"exercise")
    assert (skipped, set(before), through) == ({"folded": 0, "duplicates": 0, "parked": 0, "skipped": 5}, {real}, {network})
    assert before[real].valid_to is None
    # As they were kept before exercises were told apart.
    _, kept, through = await known(b"live")
    assert (set(kept), kept[real].valid_to, through) == ({real, only}, date(2026, 1, 2), {network, real})
    assert await known(b"exercise") == (skipped, before, {network})


async def test_an_erasure_holds_whatever_comes_late(app: FastAPI, taken: Any) -> None:
    _, person, said = serving("ME")
    gone = record(of_contacts.PersonErased(person_ref=person, keys_destroyed=1, ordered_by_role="administrator"), person, 1)
    await taken(gone)
    await taken(*said)
    async with app.state.engine.connect() as tx:
        assert await store.sealed(tx, person) == (None, True)
    _, other, said = serving("ME")
    await taken(*said, record(None, other, 2, b""))
    async with app.state.engine.connect() as tx:
        assert await store.sealed(tx, other) == (None, False), "a tombstone leaves nothing"


async def test_mails_are_claimed_one_by_one_in_order_and_come_back_when_a_claim_ends(app: FastAPI, taken: Any, rows: Any) -> None:
    meeting, (_, _, said) = uuid4(), serving("RS")
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE deliveries SET state = 'sent'"))
    await taken(*said, scheduled(meeting, "RS"), scheduled(meeting, "RS", version=2))
    first, second = await rows(meeting)
    now = datetime.now(UTC)

    async def claimed(at: datetime) -> UUID | None:
        async with app.state.engine.begin() as tx:
            mail = await store.claim(tx, at)
            return mail.id if mail else None

    assert await claimed(now) == first.id
    assert await claimed(now) is None, "the second waits for the first"
    assert await claimed(now + store.LEASE + timedelta(seconds=1)) == first.id, "whoever claimed it died"
    async with app.state.engine.begin() as tx:
        await store.settle(tx, first.id, state="sent")
    async with app.state.engine.begin() as tx, app.state.engine.begin() as other:
        mine, theirs = await store.claim(tx, now), await store.claim(other, now)
    assert (mine.id, theirs) == (second.id, None), "one mail is nobody else's"  # type: ignore[union-attr]
    assert (mine.languages, mine.zone, mine.kind) == (("fr",), "Europe/Tirane", "changed")  # type: ignore[union-attr]


async def test_the_log_has_pages_and_filters(app: FastAPI, taken: Any, token: Any) -> None:
    meeting, (_, _, said) = uuid4(), serving("GE")
    await taken(*said, scheduled(meeting, "GE"), scheduled(meeting, "GE", 2), scheduled(uuid4(), "GE", mode="import"))
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifications", headers=headers) as http:

        async def listed(**asked: Any) -> dict[str, Any]:
            answer = await http.get("/deliveries", params={"country": "GE", **asked})
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        whole = await listed()
        assert [(row["kind"], row["state"], row["reason"]) for row in whole["items"]] == [
            ("invited", "suppressed", "not_live"),
            ("changed", "queued", None),
            ("invited", "queued", None),
        ]
        first = await listed(limit=2)
        rest = await listed(limit=2, after=first["next"])
        assert (first["total"], [*first["items"], *rest["items"]], rest["next"]) == (3, whole["items"], None)
        assert (await listed(state="queued", subject=str(meeting), subject_type="meeting"))["total"] == 2
        assert (await listed(since="2199-01-01T00:00:00Z"))["total"] == 0
        page = (await http.get(f"/deliveries/{whole['items'][0]['id']}")).json()
        assert (page["about"]["title"], page["about"]["zone"]) == ({"en": "Next steps"}, "Europe/Amsterdam")
        for strange in ("WyJ4Il0", "WzEsMl0"):
            assert (await http.get("/deliveries", params={"after": strange})).status_code == 422


async def test_whoever_shall_confirm_is_written_to_and_the_deputy_asked_for_a_successor(app: FastAPI, taken: Any) -> None:
    (point, person, said), (deputy, _, others), (third, _, more) = serving("MK"), serving("MK"), serving("MK")
    due, term = datetime(2027, 1, 1).date(), datetime(2027, 2, 1).date()
    asked = record(of_contacts.ContactPointVerificationRequested(due=due, method="self"), point, 3, country="MK")
    called = record(of_contacts.ContactPointVerificationRequested(due=due, method="call"), third, 3, country="MK")
    leaving = record(of_contacts.ContactPointSuccessorRequested(term_to=term), point, 4, country="MK")
    old = record(of_contacts.ContactPointSuccessorRequested(term_to=term), deputy, 3, country="MK", mode="import")
    await taken(*said, *others, *more, asked, called, leaving, old)
    again = [Record(each.topic, each.key, each.value, each.headers) for each in (asked, leaving)]
    assert sums(await taken(*again))["duplicates"] == 2

    async def found(kind: str) -> list[Any]:
        async with app.state.engine.connect() as tx:
            wanted = text("SELECT * FROM deliveries WHERE kind = :kind AND country = 'MK' ORDER BY number")
            return list(await tx.execute(wanted, {"kind": kind}))

    (verify,) = await found("verify")
    assert (verify.contact_point_id, verify.person_ref, verify.state) == (point, person, "queued"), "one mail, none for a call"
    assert verify.about == {"contact_point": str(point), "day": "2027-01-01"}
    successors = await found("successor")
    live = {row.contact_point_id for row in successors if row.state == "queued"}
    assert live == {deputy, third}, "nobody is named as deputy: all others of the country"
    assert {row.reason for row in successors} == {None, "not_live"}
    named = of_contacts.ContactPointUpdated(
        changed=["deputy_ref"], authority_ref=uuid4(), specialisations=[], languages=[], duty="24x7", deputy_ref=third
    )
    once_more = record(of_contacts.ContactPointSuccessorRequested(term_to=due), point, 6, country="MK")
    await taken(record(named, point, 5, country="MK"), once_more)
    assert [row.contact_point_id for row in (await found("successor"))[len(successors) :]] == [third]
    async with app.state.engine.begin() as tx:
        await tx.execute(text("UPDATE deliveries SET state = 'sent' WHERE kind <> 'verify'"))
        await tx.execute(text("UPDATE deliveries SET state = 'sent' WHERE country <> 'MK'"))
    async with app.state.engine.begin() as tx:
        mail = await store.claim(tx, datetime.now(UTC))
    assert mail is not None
    assert (mail.kind, mail.about) == ("verify", Notice(point, due))
