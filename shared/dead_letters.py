"""Records nothing could be made of: kept whole with the reason, in the transaction that moves past them; tried again or skipped by hand.

They live in a table and never on a topic: a topic would keep personal data for ever.
"""

import base64
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from shared.errors import Conflict, NotFound
from shared.offsets import Record

Status = Literal["open", "retried", "skipped"]


def table(metadata: MetaData) -> Table:
    """One row per parked record, found by its place on the topic."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("key", LargeBinary),
        Column("headers", JSONB, nullable=False),
        Column("value", LargeBinary),
        Column("event_type", Text),
        Column("reason", Text, nullable=False),
        Column("status", Text, nullable=False, server_default="open"),
        Column("note", Text),
        Column("resolved_by", Text),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("resolved_at", DateTime(timezone=True)),
        UniqueConstraint("topic", "partition", "offset"),
    )


_dead = table(MetaData())


async def park(tx: AsyncConnection, letters: Sequence[tuple[Record, str]]) -> None:
    """Keep each (record, reason); a record already parked stays as it is."""
    if letters:
        await tx.execute(insert(_dead).on_conflict_do_nothing(), [_row(record, reason) for record, reason in letters])


def _row(record: Record, reason: str) -> dict[str, Any]:
    # A NUL cannot stand in PostgreSQL's text nor in its JSON; the value's bytes are kept as they are.
    headers = [[_storable(name), base64.b64encode(value or b"").decode()] for name, value in record.headers]
    types = [value.decode(errors="replace") for name, value in record.headers if name == "ce_type" and value]
    return {
        "id": uuid7(),
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "headers": headers,
        "value": record.value,
        "event_type": _storable(types[0][:200]) if types else None,
        "reason": _storable(reason[:1000]),
    }


def _storable(said: str) -> str:
    return said.replace("\x00", "\ufffd")


class Letter:
    """A parked record, shaped like the one that was read: what a fold takes in can be this as well."""

    def __init__(self, row: Any) -> None:
        self.topic, self.partition, self.offset = row.topic, row.partition, row.offset
        self.key, self.value = row.key, row.value
        self.headers = tuple((name, base64.b64decode(value)) for name, value in row.headers)
        self.timestamp = int(row.parked_at.timestamp() * 1000)


async def open_letter(tx: AsyncConnection, id_: UUID) -> Letter:
    """The parked record, locked; raises `NotFound`, or `Conflict` when it was dealt with already."""
    row = (await tx.execute(select(_dead).where(_dead.c.id == id_).with_for_update())).one_or_none()
    if row is None:
        raise NotFound(f"No dead letter {id_}")
    if row.status != "open":
        raise Conflict(f"Already {row.status}")
    return Letter(row)


async def resolve(tx: AsyncConnection, id_: UUID, status: Status, by: str, note: str | None = None) -> None:
    """Say what became of it and who decided."""
    done = {"status": status, "resolved_by": by, "note": note, "resolved_at": func.clock_timestamp()}
    await tx.execute(update(_dead).where(_dead.c.id == id_).values(done))


async def skip(tx: AsyncConnection, id_: UUID, by: str, reason: str) -> None:
    """Leave it aside for good, and say why; raises `NotFound`, or `Conflict` when it was dealt with already."""
    await open_letter(tx, id_)
    await resolve(tx, id_, "skipped", by, reason)


async def still_open(tx: AsyncConnection, id_: UUID, reason: str) -> None:
    """A retry that failed again leaves the newest reason."""
    await tx.execute(update(_dead).where(_dead.c.id == id_).values(reason=_storable(reason[:1000])))


async def count_open(tx: AsyncConnection) -> int:
    """How many wait for a decision."""
    return int((await tx.execute(select(func.count()).select_from(_dead).where(_dead.c.status == "open"))).scalar_one())
