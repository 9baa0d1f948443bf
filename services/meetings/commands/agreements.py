"""What makes a meeting possible, and what it agreed."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.meetings.commands.steps import advance
from services.meetings.domain import Decision, Meeting, Pair, Support, agreements, support
from shared.events import Origin
from shared.events.money import Money


async def request_support(tx: AsyncConnection, origin: Origin, meeting: Meeting, wanted: Support) -> None:
    """Somebody asks for a room, interpretation, expertise or travel."""
    await advance(tx, origin, *support.request(meeting, wanted, origin.now))


async def confirm_support(
    tx: AsyncConnection, origin: Origin, meeting: Meeting, id_: UUID, pairs: Sequence[Pair] | None, cost: Money | None
) -> None:
    """There will be this of it; raises `NotFound`, `Invalid`, `Conflict`."""
    await advance(tx, origin, *support.confirm(meeting, id_, pairs, cost, origin.now))


async def adopt(tx: AsyncConnection, origin: Origin, meeting: Meeting, kind: str, text: Mapping[str, str], supersedes: UUID | None) -> None:
    """The meeting agreed, perhaps in place of what it had agreed before; raises `Invalid`."""
    decision = Decision(uuid4(), kind, text)
    after, fact = agreements.adopt(meeting, decision, supersedes, origin.now)
    await advance(tx, origin, after, fact)
    if supersedes is not None:
        await advance(tx, origin, *agreements.supersede(after, supersedes, decision.id, origin.now))


async def amend(tx: AsyncConnection, origin: Origin, meeting: Meeting, id_: UUID, text: Mapping[str, str]) -> None:
    """The same decision in other words; raises `NotFound`, `Conflict`."""
    await advance(tx, origin, *agreements.amend(meeting, id_, text, origin.now))
