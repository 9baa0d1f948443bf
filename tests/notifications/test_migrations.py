"""A database of before mails to networks, brought to the newest tables: what it had is there still, and who appointed whom as facts tell it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.databases import SERVICES
from deploy.local.postgres import Postgres
from services.notifications import store
from services.notifications.domain import ContactPoint, folded
from services.notifications.tables import metadata
from shared import db
from shared.events import Event
from shared.events import contacts as facts

OLD = "notifications_of_old"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NETWORK, OFFICE, BODY = uuid4(), uuid4(), uuid4()
Said = Sequence[tuple[UUID, Event]]
DESIGNATED = facts.ContactPointDesignated(valid_from=date(2026, 1, 1), authority_ref=OFFICE, duty="24x7")


def nominated(kind: Any, body: UUID | None = None) -> facts.ContactPointNominated:
    return facts.ContactPointNominated(person_ref=uuid4(), appointing_kind=kind, appointing_body_ref=body)


def said(*events: Event) -> Said:
    return [(uuid4(), event) for event in events]


def taken_back(event: Event, *later: Event) -> Said:
    """A nomination, that it was a mistake, and what came then."""
    id_ = uuid4()
    return [(id_, event), *said(facts.ContactPointRetracted(corrects=id_, reason="other"), *later)]


POINTS: dict[str, Said] = {
    "of a country": said(nominated("country"), DESIGNATED),
    "of an organisation": said(nominated("organisation", BODY)),
    "of a network": said(nominated("network", NETWORK), DESIGNATED),
    "of a network, not designated": said(nominated("network", NETWORK)),
    "of a network that nobody knows": said(nominated("network"), DESIGNATED),
    "of a network, taken back": taken_back(nominated("network", NETWORK)),
    "of a network by mistake": taken_back(nominated("network", NETWORK), nominated("country"), DESIGNATED),
    "of a country by mistake": taken_back(nominated("country"), nominated("network", NETWORK), DESIGNATED),
    "of whom the nomination is yet to come": said(DESIGNATED),
}
IDS = {name: uuid4() for name in POINTS}
MAILS = {
    "meeting": {"id": str(uuid4()), "version": 1, "state": "scheduled", "title": {"en": "Next steps"}, "kind": "coordination_case"},
    "contact_point": {"contact_point": str(IDS["of a network"]), "day": "2026-05-01"},
    "enquiry": {"id": str(uuid4()), "urgency": "urgent", "acknowledge_by": "2026-03-02T12:00:00+00:00"},
}


def alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SERVICES / "notifications" / "migrations"))
    config.set_main_option("sqlalchemy.url", url)
    return config


def was(name: str) -> dict[str, Any]:
    """A contact point as it was kept then: nothing was said of networks."""
    found = asdict(folded(IDS[name], "AL", POINTS[name]))
    del found["network"]
    return {key: value if value is None else str(value) for key, value in found.items()}


async def fill(old: "asyncpg.Connection[Any]") -> None:
    """Rows of each kind, as version 0003 wrote them."""
    await old.execute("INSERT INTO authorities VALUES ($1, 1, 'Europe/Tirane', '{sq,fr}')", OFFICE)
    await old.execute("INSERT INTO persons VALUES ($1, 'a.b.c.d.e', 1, false), ($2, NULL, 2, true)", uuid4(), uuid4())
    await old.execute("INSERT INTO inbox (event_id) VALUES ($1)", uuid4())
    for topic in ("contacts.contact_point.v1", "contacts.network.v1", "contacts.person.v1", "meetings.meeting.v1"):
        await old.execute("INSERT INTO offsets VALUES ($1, 0, 42, 40, 1, 0, 1, $2)", topic, NOW)
    meeting = MAILS["meeting"]
    await old.execute("INSERT INTO meetings VALUES ($1, $2)", UUID(str(meeting["id"])), json.dumps(meeting))
    for name, history in POINTS.items():
        for version, (id_, event) in enumerate(history, start=1):
            row = (IDS[name], version, id_, event.type, "AL", event.model_dump_json())
            await old.execute("INSERT INTO contact_point_facts VALUES ($1, $2, $3, $4, $5, $6)", *row)
        await old.execute("INSERT INTO contact_points VALUES ($1, 'AL', $2)", IDS[name], json.dumps(was(name)))
    query = """INSERT INTO deliveries (id, event_id, contact_point_id, person_ref, country, kind, subject_type, subject_id, about, state,
        reason, queued_at, next_at, ended_at) VALUES ($1, $2, $3, $4, 'AL', $5, $6, $7, $8, $9, $10, $11, $11, $12)"""
    for kind, about in MAILS.items():
        subject = UUID(str(about.get("id") or about["contact_point"]))
        for state, reason in (("queued", None), ("sent", None), ("suppressed", "no_contact_point"), ("dead", "smtp 550")):
            point = None if reason == "no_contact_point" else IDS["of a country"]
            ended = None if state == "queued" else NOW
            named = {"meeting": "invited", "contact_point": "verify", "enquiry": "asked"}[kind]
            row = (uuid4(), uuid4(), point, uuid4(), named, kind, subject, json.dumps(about), state, reason, NOW, ended)
            await old.execute(query, *row)


async def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    """Table -> all that is in it."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        return {
            each["name"]: [
                json.loads(row[0]) for row in await connection.fetch(f'SELECT to_jsonb(t) FROM "{each["name"]}" t ORDER BY t::text')
            ]
            for each in names
        }
    finally:
        await connection.close()


@pytest.fixture(scope="module")
async def brought(postgres: Postgres) -> AsyncIterator[tuple[AsyncEngine, dict[str, Any], dict[str, Any]]]:
    """The database as it is now, its rows before, and its rows now."""
    await postgres.drop_database(OLD)
    url = await postgres.create_database(OLD, "test")
    plain = url.replace("+asyncpg", "")
    await asyncio.to_thread(command.upgrade, alembic(url), "0003")
    connection = await asyncpg.connect(plain)
    await fill(connection)
    await connection.close()
    before = await rows_of(plain)
    await asyncio.to_thread(command.upgrade, alembic(url), "head")
    engine = db.connect(url)
    yield engine, before, await rows_of(plain)
    await engine.dispose()
    await postgres.drop_database(OLD)


async def test_nothing_that_was_there_is_lost_or_changed(brought: Any) -> None:
    _, before, now = brought
    assert all(before[table] for table in ("authorities", "persons", "inbox", "offsets", "meetings", "contact_point_facts", "deliveries"))
    assert now.pop("reach_facts") == [], "read from the topics' beginnings, by nobody yet"
    assert set(now) == set(before)
    again = ("contacts.contact_point.v1", "contacts.network.v1")
    assert now["offsets"] == [row for row in before["offsets"] if row["topic"] not in again], "read again, for exercises to be taken out"
    for table in set(before) - {"contact_points", "offsets"}:
        assert now[table] == before[table], table
    for row in now["contact_points"]:
        name = next(name for name, id_ in IDS.items() if str(id_) == row["id"])
        assert {key: value for key, value in row["contact_point"].items() if key != "network"} == was(name), name


@pytest.mark.parametrize("name", POINTS)
async def test_who_appointed_and_where_it_serves_is_what_its_facts_come_to(brought: Any, name: str) -> None:
    engine, _, now = brought
    told: ContactPoint = folded(IDS[name], "AL", POINTS[name])
    (row,) = [row for row in now["contact_points"] if row["id"] == str(IDS[name])]
    kept = {key: value and str(value) for key, value in (("authority", told.authority), ("network", told.network))}
    assert {key: row[key] for key in kept} == kept
    assert row["contact_point"]["network"] == kept["network"]
    async with engine.connect() as tx:
        found = (await store.contact_points_of(tx, set(), {told.id}))[told.id]
    assert asdict(found) == asdict(told) | {"zone": "Europe/Tirane" if told.authority else "UTC"}


async def test_a_network_is_written_to_through_those_that_it_appointed(brought: Any) -> None:
    engine, _, _ = brought
    async with engine.connect() as tx:
        assert set(await store.contact_points_at(tx, {NETWORK})) == {
            IDS[name] for name in ("of a network", "of a network, not designated", "of a country by mistake")
        }
        there = {name for name, history in POINTS.items() if DESIGNATED in [event for _, event in history]}
        assert set(await store.contact_points_at(tx, {OFFICE})) == {IDS[name] for name in there}


async def test_mails_that_waited_are_sent_in_the_languages_of_the_office(brought: Any) -> None:
    engine, _, _ = brought
    async with engine.connect() as tx:
        waiting = [await store.claim(tx, NOW) for _ in range(4)]
        await tx.rollback()
    mails = [mail for mail in waiting if mail]
    assert [(type(mail.about).__name__, mail.languages, mail.zone) for mail in mails] == [
        (about, ("sq", "fr"), "Europe/Tirane") for about in ("Meeting", "Notice", "Enquiry")
    ]


async def test_the_tables_are_those_that_the_code_tells_of(brought: Any) -> None:
    engine, _, _ = brought
    async with engine.connect() as tx:
        assert await tx.run_sync(lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)) == []
