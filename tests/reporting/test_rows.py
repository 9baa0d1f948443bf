"""A row's line says to COPY what the attributes say, in whatever spelling they came."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.reporting.test_fold import Log, take

EARLIER = datetime(2024, 5, 6, 8, 30, tzinfo=UTC)


@dataclass
class Spelling:
    """Another way to say the same."""

    header: str
    told: str


@pytest.mark.parametrize(
    "spelling",
    [
        Spelling("ce_time", "2024-05-06T08:30:00Z"),
        Spelling("ce_time", EARLIER.astimezone(timezone(timedelta(hours=2))).isoformat()),
        Spelling("ce_time", "20240506T083000Z"),
        Spelling("ce_time", "2024-W19-1T08:30:00.000Z"),
        Spelling("ce_time", "2024-05-06T08:30:00,000Z"),
        Spelling("ce_time", "2024-05-06 08:30:00Z"),
    ],
    ids=lambda spelling: spelling.told,
)
async def test_a_time_is_the_same_however_it_is_spelled(fresh, spelling: Spelling) -> None:
    assert await _kept(fresh, spelling, "time") == EARLIER


@pytest.mark.parametrize("told", ["{}", "{{{}}}", "urn:uuid:{}"])
async def test_an_id_is_the_same_however_it_is_spelled(fresh, told: str) -> None:
    id_ = uuid4()
    for plain in (str(id_), str(id_).upper(), id_.hex):
        assert await _kept(fresh, Spelling("ce_correlationid", told.format(plain)), "correlationid") == id_


@pytest.mark.parametrize("told", ["user\\N", "a\tb", "a\nb", "a\rb", "\\.", "\\", "ø\u2028٣"])
async def test_a_text_comes_out_as_it_went_in(fresh, told: str) -> None:
    assert await _kept(fresh, Spelling("ce_actor", told), "actor") == told


async def test_white_space_and_backslashes_of_a_payload_change_nothing(fresh) -> None:
    log = Log()
    log.add("signed")
    record = log.records[0]
    record.value = record.value.replace(b"{", b'{\n\t"extra": "a\\\\b\\n\\u00e9\\t",\r\n', 1)
    await take(fresh, log.records)
    async with fresh.connect() as tx:
        assert (await tx.execute(text("SELECT data->>'extra' FROM facts"))).scalar_one() == "a\\b\né\t"


async def _kept(fresh, spelling: Spelling, column: str):
    log = Log()
    log.add("signed")
    record = log.records[0]
    record.headers = [(name, value) for name, value in record.headers if name != spelling.header] + [
        (spelling.header, spelling.told.encode())
    ]
    folded = await take(fresh, log.records)
    assert not folded.letters, folded.letters
    async with fresh.connect() as tx:
        found = (await tx.execute(text(f"SELECT {column} FROM facts"))).scalar_one()  # noqa: S608
        await tx.execute(text("TRUNCATE facts, gaps, offsets"))
        await tx.commit()
    return found


@pytest.mark.parametrize("far", ["1" + "0" * 10_000, "[" * 900 + "]" * 900], ids=["a number", "depth"])
async def test_what_cannot_be_given_out_again_is_shown_as_text(fresh, client, token, far: str) -> None:
    log = Log()
    _, id_ = log.add("proposed")
    log.records[0].value = f'{log.records[0].value.decode()[:-1]}, "far": {far}}}'.encode()
    assert not (await take(fresh, log.records)).letters
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    answer = await client.get(f"/facts/{id_}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert far[:900] in answer.json()["data"]["unreadable"]
    assert (await client.get("/facts", headers=headers, params={"limit": 500})).status_code == 200
