"""Kafka delivers at least once; the inbox lets an effect outside the database (a mail, a call) happen once per event."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData, Table, Uuid, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


def table(metadata: MetaData) -> Table:
    """One row per event taken in."""
    return Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


_inbox = table(MetaData())


async def unseen(tx: AsyncConnection, ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` that were never taken in before; they are now, if `tx` commits."""
    wanted = sorted(set(ids))
    if not wanted:
        return set()
    statement = insert(_inbox).values([{"event_id": id_} for id_ in wanted]).on_conflict_do_nothing().returning(_inbox.c.event_id)
    return set((await tx.execute(statement)).scalars())
