"""Packs that were built, and what goes into one."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.tables import authorities, contact_points, pack_deltas, packs
from shared.errors import Conflict, NotFound

SERVING = ("designated", "verification_due", "verified", "lapsed")
_POINT = ("id", "reference", "person_ref", "state", "duty", "specialisations", "languages", "verified_at", "absent_from", "absent_to")
_OFFICE = ("reference", "name", "kind", "country", "subdivision", "zone", "languages", "role_mailbox", "phone_24x7")

_later = packs.alias("later")
NEWER = (
    select(_later.c.id)
    .where(_later.c.number > packs.c.number, _later.c.fingerprint == packs.c.fingerprint)
    .where(_later.c.countries.contains(packs.c.countries), _later.c.countries.contained_by(packs.c.countries))
    .where(_later.c.content.is_not(None), packs.c.content.is_not(None))
    .order_by(_later.c.number.desc())
    .limit(1)
    .correlate(packs)
    .lateral("newer")
)
"""Beside a pack whose file is kept: the newest of the same countries under the same key, if there is one."""


async def add(tx: AsyncConnection, **row: Any) -> None:
    """One that is to be built, or was."""
    await tx.execute(insert(packs).values(row))


async def row(tx: AsyncConnection, id_: UUID) -> Row[Any]:
    """What was asked for."""
    wanted = select(*(packs.c[name] for name in ("actor", "correlation", "mode", "days", "countries")))
    return (await tx.execute(wanted.where(_is(id_)))).one()


async def kept(tx: AsyncConnection, id_: UUID) -> Row[Any]:
    """What is told of one whose file is kept; raises `NotFound` where there is none, or none any more, `Conflict` while it is built."""
    wanted = select(packs.c.state, packs.c.entries, packs.c.countries, packs.c.content.is_not(None).label("there")).where(_is(id_))
    found = (await tx.execute(wanted)).one_or_none()
    if found is None:
        raise NotFound(f"No pack {id_}")
    if found.state == "building":
        raise Conflict("It is being built: ask again in a moment")
    if not found.there:
        raise NotFound("It has expired, was handed to one reader alone, or could not be built: build a new one")
    return found


async def file(tx: AsyncConnection, id_: UUID) -> bytes:
    """Its file; raises `NotFound` where there is none any more."""
    content = await tx.scalar(select(packs.c.content).where(_is(id_)))
    if content is None:
        raise NotFound(f"No pack {id_}")
    return bytes(content)


def _is(id_: UUID) -> ColumnElement[bool]:
    return packs.c.id == id_


async def next_pack(tx: AsyncConnection) -> UUID | None:
    """The oldest that waits to be built."""
    found: UUID | None = await tx.scalar(select(packs.c.id).where(packs.c.state == "building").order_by(packs.c.number).limit(1))
    return found


async def tell_progress(tx: AsyncConnection, id_: UUID, **counted: int) -> None:
    """How far it is."""
    await tx.execute(update(packs).where(_is(id_)).values(**counted))


async def settle(tx: AsyncConnection, id_: UUID, **found: Any) -> bool:
    """It is built, or it failed; False where another process has said so meanwhile."""
    done = await tx.execute(update(packs).where(_is(id_), packs.c.state == "building").values(**found))
    return bool(done.rowcount)


async def newer(tx: AsyncConnection, id_: UUID) -> UUID | None:
    """The newest pack that this one can be turned into."""
    found: UUID | None = await tx.scalar(select(NEWER.c.id).join_from(packs, NEWER, true()).where(_is(id_)))
    return found


async def next_delta(tx: AsyncConnection) -> tuple[UUID, UUID] | None:
    """The latest pack of which nobody has worked out yet what leads to its newer one, and that one."""
    wanted = select(packs.c.id, NEWER.c.id.label("newer")).join_from(packs, NEWER, true())
    wanted = wanted.outerjoin(pack_deltas, pack_deltas.c.earlier == packs.c.id).where(pack_deltas.c.later.is_distinct_from(NEWER.c.id))
    first = (await tx.execute(wanted.order_by(packs.c.number.desc()).limit(1))).one_or_none()
    return (first.id, first.newer) if first else None


async def delta(tx: AsyncConnection, earlier: UUID, later: UUID) -> Row[Any] | None:
    """What leads from the one to the other, or why nothing does; None where nobody knows yet."""
    wanted = select(pack_deltas).where(pack_deltas.c.earlier == earlier, pack_deltas.c.later == later)
    return (await tx.execute(wanted)).one_or_none()


async def keep_delta(tx: AsyncConnection, earlier: UUID, later: UUID, content: bytes | None, problem: str | None) -> None:
    """In place of what led to the one that was the newest before."""
    found = {"later": later, "content": content, "problem": problem}
    known = upsert(pack_deltas).values(earlier=earlier, **found)
    await tx.execute(known.on_conflict_do_update(index_elements=["earlier"], set_=found))


async def forget_expired(tx: AsyncConnection, now: datetime) -> None:
    """What has expired is handed out no more, nor what leads from it or to it."""
    expired = (packs.c.expires_at <= now) & packs.c.content.is_not(None)
    gone = select(packs.c.id).where(expired)
    await tx.execute(delete(pack_deltas).where(or_(pack_deltas.c.earlier.in_(gone), pack_deltas.c.later.in_(gone))))
    await tx.execute(update(packs).where(expired).values(content=None))


async def count(tx: AsyncConnection, countries: Sequence[str]) -> int:
    """How many entries a pack of these countries has."""
    every = [select(func.count()).select_from(wanted.order_by(None).subquery()) for wanted in _wanted(countries).values()]
    return sum([int(await tx.scalar(each) or 0) for each in every])


async def entries(tx: AsyncConnection, kind: str, countries: Sequence[str], batch: int) -> AsyncIterator[list[dict[str, Any]]]:
    """`authorities`, or the `contact_points` that serve there, of these countries or of all, batch by batch.

    They come in the one order of every pack, by code points, whatever the database's language.
    """
    found = await tx.stream(_wanted(countries)[kind])
    async for rows in found.partitions(batch):
        yield [_TOLD[kind](row._mapping) for row in rows]


def _wanted(countries: Sequence[str]) -> dict[str, Select[Any]]:
    wanted, first = authorities.c.country.in_(countries) if countries else true(), authorities.c.reference.collate("C")
    offices = select(*(authorities.c[name] for name in _OFFICE)).where(wanted).order_by(first)
    points = select(*(contact_points.c[name] for name in _POINT), authorities.c.reference.label("authority"))
    points = points.join(authorities, authorities.c.id == contact_points.c.authority)
    points = points.where(wanted, contact_points.c.state.in_(SERVING)).order_by(first, contact_points.c.id)
    return {"authorities": offices, "contact_points": points}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    refs = {name: str(row[name]) for name in ("id", "person_ref")}
    dates = {name: row[name] and row[name].isoformat() for name in ("verified_at", "absent_from", "absent_to")}
    return {**row, **refs, **dates}


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"authorities": dict, "contact_points": _plain}
