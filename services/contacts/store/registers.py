"""Things kept whole with every step: networks, structures, the domains that have priority, liaison postings, enquiries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table, exists, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import Authority, Enquiry, Liaison, Network, PriorityDomain, Step, Structure
from services.contacts.store import search
from services.contacts.tables import authorities, contact_points, domains, enquiries, liaisons, networks, steps, structures
from shared import rows
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Register:
    """One kind of thing: where it is kept, and how it is written."""

    table: Table
    whole: TypeAdapter[Any]
    word: str
    columns: tuple[str, ...] = ()
    """What else it is found by, each in a column of its own."""


AUTHORITIES = Register(authorities, TypeAdapter(Authority), "authority")
"""Kept in columns of their own; their facts are steps as those of the rest."""
NETWORKS = Register(networks, TypeAdapter(Network), "network")
STRUCTURES = Register(structures, TypeAdapter(Structure), "structure")
DOMAINS = Register(domains, TypeAdapter(PriorityDomain), "domain")
LIAISONS = Register(liaisons, TypeAdapter(Liaison), "liaison posting")
ENQUIRIES = Register(
    enquiries,
    TypeAdapter(Enquiry),
    "enquiry",
    ("to_country", "addressee", "opened", "acknowledge_by", "proposed_at", "answered_in"),
)


_LEAVE = text("DELETE FROM memberships WHERE network = :network")
_SEAT = text("""INSERT INTO memberships (network, member, country, role, valid_from)
SELECT n.id, m.member, coalesce(a.country, c.country), m.role, m.valid_from
FROM networks n, jsonb_to_recordset(n.whole->'members') AS m(member uuid, role text, valid_from date)
LEFT JOIN authorities a ON a.id = m.member LEFT JOIN contact_points c ON c.id = m.member WHERE n.id = :network""")


async def locked(tx: AsyncConnection, register: Register, id_: UUID) -> Any:
    """The thing, locked; raises `NotFound`."""
    return register.whole.validate_python((await rows.locked(tx, register.table, id_, register.word)).whole)


async def keep(tx: AsyncConnection, register: Register, kept: Any, beside: Mapping[str, Any] | None) -> None:
    """Keep its newest state; `beside` goes on no topic. Raises `Conflict` where a new one's reference is known already."""
    found_by = ("id", "reference", "country", "state", "searchable", "version", "recorded_at", *register.columns)
    row = {name: getattr(kept, name) for name in found_by}
    row |= {"whole": register.whole.dump_python(kept, mode="json")} | ({} if beside is None else {"beside": dict(beside)})
    await rows.save(tx, register.table, row, new=kept.version == 1)
    if register is NETWORKS:
        await tx.execute(_LEAVE, {"network": kept.id})
        await tx.execute(_SEAT, {"network": kept.id})
    if register.word in search.KINDS:
        await search.enter(tx, register.word, [kept.id])


async def remember(
    tx: AsyncConnection, register: Register, after: Any, event_id: UUID, event_type: str, time: datetime, *, standing: bool, **said: Any
) -> None:
    """Remember a step for ever: what happened when, since when we knew, and the state it led to, where that is one to go back to."""
    row = step_of(register, after, event_id, event_type, time)
    await tx.execute(insert(steps).values(row | said if standing else row | said | {"after": None}))


def step_of(register: Register, after: Any, event_id: UUID, event_type: str, time: datetime) -> dict[str, Any]:
    """The row of a step that stands."""
    row = {"subject": after.id, "version": after.version, "event_id": event_id, "type": event_type, "time": time}
    return row | {"recorded_at": after.recorded_at, "after": register.whole.dump_python(after, mode="json")}


async def take_step_back(tx: AsyncConnection, corrects: UUID, at: datetime) -> None:
    """Mark a step as one that counts no longer."""
    await tx.execute(update(steps).where(steps.c.event_id == corrects).values(retracted_at=at))


async def standing(tx: AsyncConnection, register: Register, id_: UUID) -> list[Step]:
    """The steps of a thing that were never taken back, newest first."""
    wanted = select(steps).where(steps.c.subject == id_, steps.c.retracted_at.is_(None), steps.c.after.is_not(None))
    rows = await tx.execute(wanted.order_by(steps.c.version.desc()))
    return [Step(row.event_id, row.type, register.whole.validate_python(row.after)) for row in rows]


async def require_network(tx: AsyncConnection, field: str, id_: UUID | None) -> None:
    """Raises `Invalid` where the network a field names is not there; it is not locked."""
    if id_ is not None and not (await tx.execute(select(exists().where(networks.c.id == id_)))).scalar_one():
        raise Invalid(field, "no such network")


async def require_member(tx: AsyncConnection, id_: UUID) -> None:
    """Raises `Invalid` where nobody here has this id: an authority, a contact point or a network can be a member."""
    there = or_(*(exists().where(table.c.id == id_) for table in (authorities, contact_points, networks)))
    if not (await tx.execute(select(there))).scalar_one():
        raise Invalid("member_ref", "no such authority, contact point or network")
