"""The outbox: a fact leaves in the transaction that makes it true; `relay` carries it to Kafka.

`add` comes last in a command, after the aggregate's row is locked, so ids rise per key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, LargeBinary, MetaData, Table, Text, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from shared import rows as many
from shared.events import Attributes, Event, Origin


def table(metadata: MetaData) -> Table:
    """Rows wait here until Kafka has acknowledged them; `set_aside` says why one never can be."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("set_aside", Text),
        Index("ix_outbox_created_at", "created_at"),
    )


Row = dict[str, Any]
_outbox = table(MetaData())
_ADD = insert(_outbox)


def new_id() -> UUID:
    """An id for an event that is yet to be said."""
    return uuid7()


async def add(
    tx: AsyncConnection,
    origin: Origin,
    event: Event,
    *,
    subject: UUID,
    version: int,
    time: datetime,
    recorded: datetime,
    country: str | None = None,
    event_id: UUID | None = None,
) -> UUID:
    """Say a fact: it becomes true and public together, or not at all. Returns the event's id.

    `time` is when it happened, `recorded` when we learned it (never below the aggregate's previous one), `version` its aggversion;
    `event_id` is given where the state names the fact that it is counted by, and is saved first.
    """
    id_, row = record(origin, event, subject=subject, version=version, time=time, recorded=recorded, country=country, event_id=event_id)
    await tx.execute(_ADD, row)
    return id_


def record(
    origin: Origin,
    event: Event,
    *,
    subject: UUID,
    version: int,
    time: datetime,
    recorded: datetime,
    country: str | None = None,
    event_id: UUID | None = None,
) -> tuple[UUID, Row]:
    """A fact's id and its row, for many that are added at once; the arguments are those of `add`."""
    attributes = Attributes(
        id=event_id or new_id(),
        source=origin.source,
        type=event.type,
        subject=subject,
        time=time,
        recordedtime=recorded,
        aggversion=version,
        country=country,
        mode=origin.mode,
        classification=event.classification,
        actor=origin.actor,
        correlationid=origin.correlation,
        causationid=origin.causation,
        dataschema=f"/schemas/{event.type}.json",
        traceparent=origin.traceparent,
    )
    return attributes.id, raw(event.topic, str(subject), attributes.headers(), event.payload())


def raw(topic: str, key: str, headers: dict[str, str], value: bytes | None) -> Row:
    """A raw record's row; None is a tombstone, for the personal topic alone."""
    return {"topic": topic, "key": key, "headers": headers, "value": value}


async def add_all(tx: AsyncConnection, rows: Sequence[Row]) -> None:
    """Many at once, in this order."""
    await many.add_many(tx, _outbox, [row | {"value": many.binary(row["value"])} for row in rows])


async def backlog(tx: AsyncConnection) -> tuple[int, float]:
    """How many facts wait, and for how many seconds the oldest has."""
    age = func.coalesce(func.extract("epoch", func.clock_timestamp() - func.min(_outbox.c.created_at)), 0)
    count, seconds = (await tx.execute(select(func.count(), age).where(_outbox.c.set_aside.is_(None)))).one()
    return int(count), float(seconds)
