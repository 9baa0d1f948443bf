"""What partners say, taken in on a real PostgreSQL: each fact once, in any order, a bad one alone, and tried again."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.contacts.projections import TOPICS, retry, take
from shared.events import Attributes, Event
from shared.events import partners as facts
from tests.records import Record, written


def record(event: Event, subject: UUID, version: int = 1, value: bytes | None = None, **said: Any) -> Record:
    at = said.pop("time", datetime(2024, 3, 1, tzinfo=UTC))
    attributes = Attributes(said.pop("id", uuid4()), "/instances/test/services/partners", event.type, subject, at, at, version, **said)
    return written(event.topic, attributes, event.payload() if value is None else value)


def partner(country: str = "BR") -> facts.PartnerRegistered:
    return facts.PartnerRegistered(reference=country.lower(), name={"en": country}, kind="country", country=country)


def instrument(party: UUID, of: type[Any] = facts.InstrumentMandateGranted, **changed: Any) -> Any:
    said = {"kind": "international_agreement", "parties": [party], "reference": "agreement", "stated_as_of": date(2024, 3, 1)}
    return of(**said | changed)


@pytest.fixture
async def tx(app: Any) -> AsyncIterator[Any]:
    async with app.state.engine.connect() as connection:
        yield connection
        await connection.rollback()


async def kept(tx: Any, subject: UUID) -> list[Any]:
    wanted = text("SELECT version, type, data FROM partner_facts WHERE subject = :subject ORDER BY version")
    return list(await tx.execute(wanted, {"subject": subject}))


async def test_a_fact_is_taken_in_once_in_whatever_order(tx: Any) -> None:
    party, one = uuid4(), uuid4()
    first, second = record(instrument(party), one), record(instrument(party, facts.InstrumentSigned), one, 2)
    taken = await take(tx, [second, first])
    assert taken.folded[TOPICS[1], 0] == 2
    again = await take(tx, [record(instrument(party), one)])
    assert (again.duplicates[TOPICS[1], 0], again.folded[TOPICS[1], 0]) == (1, 0)
    assert [row.type.split(".")[2] for row in await kept(tx, one)] == ["mandate_granted", "signed"]
    assert (await kept(tx, one))[0].data["parties"] == [str(party)]


async def test_a_record_read_before_is_not_read_again(tx: Any) -> None:
    known = record(partner(), uuid4())
    await take(tx, [known])
    assert not (await take(tx, [known])).folded


async def test_a_bad_record_is_parked_alone_and_can_be_tried_again(tx: Any) -> None:
    subject = uuid4()
    bad, nul = record(partner(), uuid4(), value=b"{"), record(partner("B\x00"), uuid4())
    taken = await take(tx, [bad, record(partner(), subject), nul])
    assert (taken.parked[TOPICS[0], 0], taken.folded[TOPICS[0], 0]) == (2, 1)
    letters = list(await tx.execute(text("SELECT id, reason FROM dead_letters WHERE status = 'open' ORDER BY \"offset\"")))
    assert [letter.reason for letter in letters][1] == "a value that cannot be stored"
    await retry(tx, letters[0].id, "person:x")
    await tx.execute(text("UPDATE dead_letters SET value = :value WHERE id = :id"), {"value": partner().payload(), "id": letters[0].id})
    await retry(tx, letters[0].id, "person:x")
    states = text('SELECT status FROM dead_letters ORDER BY "offset"')
    assert list((await tx.execute(states)).scalars()) == ["retried", "open"]
