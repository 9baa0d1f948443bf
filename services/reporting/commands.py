"""What people decide in reporting: for what the facts are complete."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.reporting import store
from shared import outbox
from shared.events import Origin
from shared.events.reporting import CoverageDeclared


async def declare_coverage(tx: AsyncConnection, origin: Origin, instance: str, given: dict[str, Any]) -> UUID:
    """Say for what, where and when the facts are complete; returns its id."""
    id_ = uuid7()
    await store.add_coverage(tx, {"id": id_, "instance": instance, "version": 1, "recorded_at": origin.now, **given})
    fact = CoverageDeclared(**given)
    await outbox.add(tx, origin, fact, subject=id_, version=1, time=origin.now, recorded=origin.now, country=given["country"])
    return id_
