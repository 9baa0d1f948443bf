"""The fold and the figures, on a real PostgreSQL: counted once, the bad parked alone, figures as they were known."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text

from services.reporting import projections
from shared.events import Attributes

T = "partners.instrument.v1"
SOURCE = "/instances/test/services/partners"


@dataclass
class Sent:
    topic: str
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list
    partition: int = 0
    timestamp: int = 0


@dataclass
class Log:
    records: list = field(default_factory=list)

    def add(self, step, subject=None, version=1, id=None, recorded=None, kind="international_agreement", on="2024-05-01", topic=T, **more):
        subject, id = subject or uuid4(), id or uuid4()
        at = recorded or datetime(2024, 6, 1, tzinfo=UTC)
        data = {"kind": kind, "parties": [str(uuid4())], "reference": "x", "on": on, "stated_as_of": on, **more}
        said = Attributes(id, SOURCE, f"partners.instrument.{step}.v1", subject, at, at, version)
        headers = [(k, v.encode()) for k, v in said.headers().items()]
        self.records.append(Sent(topic, len(self.records), str(subject).encode(), json.dumps(data).encode(), headers))
        return subject, id


async def take(engine, records):
    async with engine.begin() as tx:
        return await projections.take(tx, records)


async def figure(client, token, code, **query):
    answer = await client.get(f"/indicators/{code}", params=query, headers={"Authorization": f"Bearer {token('coordinator')}"})
    assert answer.status_code == 200, answer.text
    evidence = await client.get(f"/indicators/{code}/evidence", params=query, headers={"Authorization": f"Bearer {token('coordinator')}"})
    assert evidence.status_code == 200, evidence.text
    assert evidence.json()["total"] == sum(item["contributes"] for item in evidence.json()["items"]) == int(answer.json()["numerator"] or 0)
    return answer.json()


async def test_twice_read_counts_once_and_an_end_is_seen_only_by_those_who_knew(fresh, client, token) -> None:
    log = Log()
    subject, _ = log.add("entered_into_force")
    log.add("entered_into_force")
    await take(fresh, log.records)
    again = await take(fresh, [*log.records])
    assert not again.outcome.folded
    for record in log.records:
        record.offset += 10
    assert sum((await take(fresh, log.records)).outcome.duplicates.values()) == 2
    assert (await figure(client, token, "iP1"))["value"] == "2"
    end = Log([None] * 100)
    end.add("terminated", subject, 2, on="2024-07-01", recorded=datetime(2024, 8, 1, tzinfo=UTC))
    await take(fresh, end.records[100:])
    assert (await figure(client, token, "iP1"))["value"] == "1"
    assert (await figure(client, token, "iP1", asof="2024-07-15"))["value"] == "2"
    assert (await figure(client, token, "iP1", period="2024-06"))["value"] == "2"
    early = await figure(client, token, "iP1", period="2023")
    assert (early["value"], early["reason"]) == (None, "not known")


async def test_a_late_older_version_does_not_undo_a_newer_one(fresh, client, token) -> None:
    log, subject = Log(), uuid4()
    log.add("terminated", subject, 2)
    log.add("entered_into_force", subject, 1)
    await take(fresh, log.records)
    assert (await figure(client, token, "iP1"))["value"] == "0"


async def test_what_is_bad_is_parked_alone(fresh, client, token) -> None:
    log = Log()
    for _ in range(12):
        log.add("entered_into_force")
    subject, _ = log.add("entered_into_force")
    log.add("entered_into_force", subject)
    r = log.records
    r[0].value = None
    r[1].value = b""
    r[2].value = b"\xff"
    r[3].value = b"[]"
    r[4].key = None
    r[5].key = b"other"
    r[6].headers = [(k, v) for k, v in r[6].headers if k != "ce_time"]
    r[7].headers = [(k, v.replace(b".v1", b".v9")) if k == "ce_type" else (k, v) for k, v in r[7].headers]
    r[8].value = r[8].value.replace(b'"x"', b'"\\u0000"')
    r[9].headers = [(k, b"\xff") if k == "ce_source" else (k, v) for k, v in r[9].headers]
    r[10].headers = [(k, b"elsewhere.thing.done.v1") if k == "ce_type" else (k, v) for k, v in r[10].headers]
    folded = await take(fresh, r)
    reasons = [reason for _, reason in sorted(folded.letters, key=lambda x: x[0].offset)]
    assert len(reasons) == 11, reasons
    assert folded.conflicts == 1
    for offset, word in {0: "tombstone", 1: "empty", 6: "missing", 7: "future major"}.items():
        assert word in reasons[offset], reasons
    assert (folded.outcome.folded.total(), folded.outcome.skipped.total()) == (2, 1)
    assert (await figure(client, token, "iP1"))["value"] == "2"


async def test_outside_of_coverage_there_is_no_figure(fresh, client, token) -> None:
    for code in ("iP8", "iA8"):
        said = await figure(client, token, code)
        assert (said["value"], said["reason"]) == (None, "not covered")
    body = {"indicator": "iP8", "start": "2017-04-18", "complete": True, "basis": "published", "origin": "x"}
    made = await client.post("/coverage", json=body, headers={"Authorization": f"Bearer {token('importer')}"})
    assert made.status_code == 201, made.text
    assert (await figure(client, token, "iP8"))["value"] == "0"
    assert (await figure(client, token, "iA7"))["reason"] == "choose a country"
    for path in ("/indicators", "/coverage", "/stream", "/facts", "/dead-letters", "/indicators/iA8?country=NL&period=2024"):
        answer = await client.get(path, headers={"Authorization": f"Bearer {token('administrator')}"})
        assert answer.status_code == 200, answer.text


async def test_a_missing_version_is_known_until_it_comes_however_late(fresh) -> None:
    log, subject = Log(), uuid4()
    for version in (1, 4, 5, 3, 2):
        log.add("signed", subject, version)
    seen = []
    for records in (log.records[:1], log.records[1:3], log.records[3:4], log.records[4:]):
        await take(fresh, records)
        async with fresh.connect() as tx:
            gaps = (await tx.execute(text("SELECT array_agg(aggversion ORDER BY aggversion) FROM gaps"))).scalar_one()
            seen.append((gaps, await projections.incomplete(tx)))
    assert seen == [(None, 0), ([4], 1), ([3], 1), (None, 0)]


async def test_of_two_that_claim_one_place_in_one_batch_the_first_counts(fresh) -> None:
    log, subject = Log(), uuid4()
    log.add("signed", subject)
    _, id = log.add("concluded", subject)
    log.records.append(Sent(**{**vars(log.records[0]), "offset": 2}))
    folded = await take(fresh, log.records)
    assert (folded.outcome.folded.total(), folded.outcome.duplicates.total(), folded.conflicts) == (1, 1, 1)
    assert [(record.offset, reason[:8]) for record, reason in folded.letters] == [(1, "conflict")]
    async with fresh.connect() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM facts WHERE id = :id"), {"id": id})).scalar_one() == 0


async def test_a_batch_read_again_by_another_reader_moves_nothing(fresh) -> None:
    log = Log()
    for _ in range(3):
        log.add("signed")
    log.records[1].value = b"{"
    counts = text("SELECT next_offset, folded, duplicates, parked, skipped FROM offsets")
    for records in (log.records[:2], log.records, log.records):
        await take(fresh, records)
    async with fresh.connect() as tx:
        assert (await tx.execute(counts)).one() == (3, 2, 0, 1, 0)
