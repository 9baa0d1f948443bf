"""Facts as they were read, declared coverage, and how the stream is doing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.views.covered import Basis
from shared import dead_letters
from shared.errors import NotFound
from shared.web import Page, cursor_of, text_of
from shared.web.values import Json


class Fact(BaseModel):
    """The very event: attributes, data, and its place on the topic."""

    id: UUID
    source: str
    type: str
    subject: UUID
    aggversion: int
    time: datetime
    recordedtime: datetime
    country: str | None
    instance: str
    mode: str
    classification: str
    actor: str | None
    correlationid: UUID | None
    causationid: UUID | None
    topic: str
    partition: int
    offset: int
    data: dict[str, Json]
    """The payload; its text as `unreadable` where a number has too many digits, or its parts lie too deep in each other, to be shown."""


class Coverage(BaseModel):
    """For what, where and when somebody answers for it that the facts are complete."""

    id: UUID
    indicator: str | None
    event_family: str | None
    country: str | None
    crime_type: str | None
    start: date
    end: date | None
    complete: bool
    basis: Basis
    origin: str
    statement: str | None
    """What is published beside the figure in words; quoted, not computed."""
    version: int
    recorded_at: datetime


class Topic(BaseModel):
    """One topic as it is folded: folded + duplicates + parked + skipped + lag = the sum of its end offsets."""

    topic: str
    partitions: int
    end_offsets_sum: int
    folded: int
    duplicates: int
    parked: int
    skipped: int
    lag_records: int
    lag_seconds: float
    complete_until: datetime | None


class Gap(BaseModel):
    """A subject of which a version is missing."""

    source: str
    subject: UUID
    topic: str
    newest: int
    known: int


class Stream(BaseModel):
    """How far everything is folded."""

    topics: list[Topic]
    gaps: list[Gap]
    dead_letters_open: int


_FACT = """SELECT id, source, type, subject, aggversion, time, recordedtime, country, instance, mode, classification, actor,
    correlationid, causationid, topic, partition, "offset", CAST(data AS text) AS data FROM facts"""
_payload = TypeAdapter(dict[str, Json])
LEGIBLE = 10_000
"""So much is shown of a payload that cannot be read."""


def _fact(row: Any) -> Fact:
    return Fact(**{**row, "data": _readable(row["data"])})


def _readable(data: str) -> dict[str, Any]:
    try:
        payload = _payload.validate_json(data)
        # What can be taken in cannot always be given out again.
        _payload.dump_json(payload)
    except ValueError:
        return {"unreadable": data[:LEGIBLE]}
    return payload


async def fact(tx: AsyncConnection, id_: UUID) -> Fact:
    """One event; raises `NotFound`."""
    row = (await tx.execute(text(f"{_FACT} WHERE id = :id ORDER BY source LIMIT 1"), {"id": id_})).mappings().first()
    if row is None:
        raise NotFound(f"No fact {id_}")
    return _fact(row)


async def facts(tx: AsyncConnection, type_: str | None, subject: UUID | None, limit: int, after: tuple[Any, ...] | None) -> Page[Fact]:
    """Events in the order of their ids."""
    where = "(CAST(:type AS text) IS NULL OR type = :type) AND (CAST(:subject AS uuid) IS NULL OR subject = :subject)"
    given = {"type": type_, "subject": subject}
    total = (await tx.execute(text(f"SELECT count(*) FROM facts WHERE {where}"), given)).scalar_one()  # noqa: S608 - words of ours
    page = f"{_FACT} WHERE {where} AND (CAST(:after AS text) IS NULL OR CAST(id AS text) > :after) ORDER BY CAST(id AS text) LIMIT :limit"
    rows = (await tx.execute(text(page), given | {"after": text_of(after), "limit": limit + 1})).mappings().all()
    items = [_fact(row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(rows) > limit else None, total=total)


async def coverage(tx: AsyncConnection, limit: int, after: tuple[Any, ...] | None) -> Page[Coverage]:
    """Every declaration, oldest first."""
    total = (await tx.execute(text("SELECT count(*) FROM coverage"))).scalar_one()
    page = text(
        "SELECT * FROM coverage WHERE CAST(:after AS text) IS NULL OR CAST(id AS text) > :after ORDER BY CAST(id AS text) LIMIT :limit"
    )
    rows = (await tx.execute(page, {"after": text_of(after), "limit": limit + 1})).mappings().all()
    items = [Coverage(**row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(rows) > limit else None, total=total)


_OFFSETS = text("""SELECT topic, count(*) AS partitions, sum(next_offset)::bigint AS read, sum(folded)::bigint AS folded,
    sum(duplicates)::bigint AS duplicates, sum(parked)::bigint AS parked, sum(skipped)::bigint AS skipped FROM offsets GROUP BY topic""")
_GAPS = text("""SELECT source, subject, min(facts.topic) AS topic, max(facts.aggversion) AS newest, count(*) AS known
    FROM (SELECT DISTINCT source, subject FROM gaps ORDER BY source, subject LIMIT 100) AS incomplete JOIN facts USING (source, subject)
    GROUP BY source, subject ORDER BY source, subject""")


async def stream(tx: AsyncConnection, app: FastAPI) -> Stream:
    """Counts of the database beside the ends that the last look at Kafka saw."""
    rows = {row.topic: row for row in await tx.execute(_OFFSETS)}
    topics = [_topic(name, rows.get(name), app.state.watch.lags.get(name)) for name in sorted(rows.keys() | app.state.watch.lags.keys())]
    gaps = [Gap(**row) for row in (await tx.execute(_GAPS)).mappings()]
    return Stream(topics=topics, gaps=gaps, dead_letters_open=await dead_letters.count_open(tx))


def _topic(name: str, row: Any, lag: Any) -> Topic:
    counted = {key: getattr(row, key) if row else 0 for key in ("partitions", "folded", "duplicates", "parked", "skipped")}
    return Topic(
        topic=name,
        **counted,
        end_offsets_sum=lag.end if lag else (row.read if row else 0),
        lag_records=lag.waiting if lag else 0,
        lag_seconds=round(lag.seconds, 3) if lag else 0.0,
        complete_until=lag.complete_until if lag else None,
    )
