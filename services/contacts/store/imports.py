"""Lists on their way in, and what their rows are compared with and become, a batch in each statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, bindparam, delete, func, insert, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import Authority, ContactPoint, Person
from services.contacts.domain.lists import Fault, Import
from services.contacts.domain.taken import Place, Stepped
from services.contacts.store import search
from services.contacts.store.directory import _contact_point, _fields
from services.contacts.store.registers import AUTHORITIES, step_of
from services.contacts.tables import (
    authorities,
    contact_point_steps,
    contact_points,
    import_faults,
    import_parts,
    import_rows,
    imports,
    networks,
    person_keys,
    persons,
    steps,
)
from shared import rows
from shared.errors import NotFound

WAITS = ("validating", "checked", "applying")
"""The states of lists that have rows, or may come to have."""
_snapshot = TypeAdapter(ContactPoint)
_CHANGED_POINT = update(contact_points).where(contact_points.c.id == bindparam("wanted"))
_CHANGED_OFFICE = update(authorities).where(authorities.c.id == bindparam("wanted"))
_CHANGED_PERSON = update(persons).where(persons.c.ref == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that can be taken in; details of a person stay sealed."""

    number: int
    reference: str
    given: Mapping[str, Any]
    person_ref: UUID | None = None
    jwe: str | None = None
    key: bytes | None = None

    @property
    def emptied(self) -> bool:
        """Did it hold details that were destroyed since? A row without any has no `person_ref`."""
        return self.person_ref is not None and self.jwe is None


async def add_import(tx: AsyncConnection, new: Import, **beside: Any) -> None:
    """A list that was sent."""
    await tx.execute(insert(imports).values(_row(new) | {"checked": 0, "applied": 0, "effects": {}, "left_out": []} | beside))


def _row(kept: Import) -> dict[str, Any]:
    row = asdict(kept) | {"countries": list(kept.countries)}
    del row["country"]
    return row


async def add_part(tx: AsyncConnection, id_: UUID, number: int, hidden: bytes) -> None:
    """A part of its file, hidden under the import's key."""
    await tx.execute(insert(import_parts).values(import_id=id_, number=number, hidden=hidden))


async def parts(tx: AsyncConnection, id_: UUID) -> list[bytes]:
    """The parts of its file, in order."""
    wanted = select(import_parts.c.hidden).where(import_parts.c.import_id == id_).order_by(import_parts.c.number)
    return list(await tx.scalars(wanted))


async def import_locked(tx: AsyncConnection, id_: UUID) -> Import:
    """The import, locked; raises `NotFound`."""
    return import_of(await rows.locked(tx, imports, id_, "import"))


def import_of(row: Any) -> Import:
    """A row as the domain knows it."""
    return Import(row.id, row.kind, row.state, row.version, row.recorded_at, tuple(row.countries), row.failed)


async def sender(tx: AsyncConnection, id_: UUID) -> tuple[str, frozenset[str]]:
    """Who sent it, and the countries they act for (`*`: all); raises `NotFound`."""
    found = (await tx.execute(select(imports.c.actor, imports.c.covers).where(imports.c.id == id_))).one_or_none()
    if found is None:
        raise NotFound(f"No import {id_}")
    return found.actor, frozenset(found.covers)


async def import_row(tx: AsyncConnection, id_: UUID) -> Row[Any]:
    """All that is kept of it, not locked."""
    return (await tx.execute(select(imports).where(imports.c.id == id_))).one()


async def keep_import(tx: AsyncConnection, kept: Import, **beside: Any) -> None:
    """Keep its newest state."""
    await rows.save(tx, imports, _row(kept) | beside, new=False)


async def tell_progress(tx: AsyncConnection, id_: UUID, **counted: Any) -> None:
    """How far it is."""
    await tx.execute(update(imports).where(imports.c.id == id_).values(**counted))


async def next_import(tx: AsyncConnection) -> Row[Any] | None:
    """The oldest that waits to be looked through or taken in."""
    wanted = select(imports).where(imports.c.state.in_(("validating", "applying"))).order_by(imports.c.recorded_at, imports.c.id).limit(1)
    return (await tx.execute(wanted)).one_or_none()


async def abandoned(tx: AsyncConnection, before: datetime) -> list[UUID]:
    """Those that were looked through, and then neither taken in nor cancelled for long."""
    old = select(imports.c.id).where(imports.c.state == "checked", imports.c.recorded_at < before)
    return list(await tx.scalars(old.order_by(imports.c.id)))


async def forget_file(tx: AsyncConnection, id_: UUID) -> None:
    """What was sent is gone: the parts, and with the import's key whatever a backup holds of them."""
    await tx.execute(delete(import_parts).where(import_parts.c.import_id == id_))
    await tx.execute(update(imports).where(imports.c.id == id_).values(key=None))


async def forget_rows(tx: AsyncConnection, id_: UUID) -> None:
    """Its rows are gone."""
    await tx.execute(delete(import_rows).where(import_rows.c.import_id == id_))


async def forget_details(tx: AsyncConnection, person: UUID) -> None:
    """Destroy what rows that were not taken in hold of a person: those that name the person's contact point.

    The lists are locked first: a row that is being looked through at this moment is either seen here, or sees the erasure.
    """
    open_ = select(imports.c.id).where(imports.c.kind == "contact_points", imports.c.state.in_(WAITS))
    lists = list(await tx.scalars(open_.order_by(imports.c.id).with_for_update()))
    named = select(contact_points.c.reference).where(contact_points.c.person_ref == person)
    theirs = import_rows.c.import_id.in_(lists) & import_rows.c.reference.in_(named)
    await tx.execute(update(import_rows).where(theirs).values(jwe=None, key=None))


async def leave_out(tx: AsyncConnection, id_: UUID, numbers: Collection[int]) -> None:
    """These rows are not to be taken in."""
    await tx.execute(delete(import_rows).where(import_rows.c.import_id == id_, import_rows.c.number.in_(numbers)))


async def seen(tx: AsyncConnection, id_: UUID) -> dict[str, int]:
    """Reference -> the row where it stands, of the rows that were looked through."""
    found = await tx.execute(select(import_rows.c.reference, import_rows.c.number).where(import_rows.c.import_id == id_))
    return {row.reference: row.number for row in found}


async def add_waiting(tx: AsyncConnection, id_: UUID, waiting: Sequence[Waiting]) -> None:
    """Rows that can be taken in."""
    await rows.add_many(tx, import_rows, [{"import_id": id_, **asdict(row), "key": rows.binary(row.key)} for row in waiting])


async def add_faults(tx: AsyncConnection, id_: UUID, faults: Sequence[Fault]) -> None:
    """What cannot be in its rows."""
    await rows.add_many(tx, import_faults, [{"import_id": id_, **asdict(fault)} for fault in faults])


async def waiting_after(tx: AsyncConnection, id_: UUID, number: int, limit: int) -> list[Waiting]:
    """The next rows to be taken in."""
    columns = [import_rows.c[name] for name in Waiting.__slots__]
    mine = select(*columns).where(import_rows.c.import_id == id_, import_rows.c.number > number)
    return [Waiting(*row) for row in await tx.execute(mine.order_by(import_rows.c.number).limit(limit))]


async def authorities_called(tx: AsyncConnection, references: Collection[str], *, lock: bool) -> dict[str, Authority]:
    """Reference -> authority, of those that are registered."""
    wanted = select(authorities).where(authorities.c.reference == func.any(list(references))).order_by(authorities.c.id)
    found = await tx.execute(wanted.with_for_update() if lock else wanted)
    return {row.reference: Authority(**_fields(Authority, row) | {"languages": tuple(row.languages)}) for row in found}


async def contact_points_called(tx: AsyncConnection, references: Collection[str], *, lock: bool) -> dict[str, ContactPoint]:
    """Reference -> contact point, of those that are registered."""
    wanted = select(contact_points).where(contact_points.c.reference == func.any(list(references))).order_by(contact_points.c.id)
    found = await tx.execute(wanted.with_for_update() if lock else wanted)
    return {row.reference: _contact_point(row) for row in found}


async def places_called(tx: AsyncConnection, references: Iterable[str | None]) -> dict[str, Place]:
    """Reference -> the authority or network that is registered under it."""
    named = sorted({reference for reference in references if reference})
    wanted = union_all(
        *(
            select(table.c.reference, table.c.id, table.c.country).where(table.c.reference == func.any(named))
            for table in (networks, authorities)
        )
    )
    return {row.reference: Place(row.id, row.country) for row in await tx.execute(wanted)}


async def persons_of(tx: AsyncConnection, refs: Collection[UUID], *, lock: bool) -> dict[UUID, tuple[Person, bytes | None]]:
    """The persons' records, each with its key."""
    wanted = select(persons).where(persons.c.ref == func.any(list(refs))).order_by(persons.c.ref)
    found = [Person(**_fields(Person, row)) for row in await tx.execute(wanted.with_for_update() if lock else wanted)]
    keys = {
        row.person_ref: row.key for row in await tx.execute(select(person_keys).where(person_keys.c.person_ref == func.any(list(refs))))
    }
    return {person.ref: (person, keys.get(person.ref)) for person in found}


async def save_authorities(tx: AsyncConnection, kept: Sequence[tuple[Authority, UUID, str]]) -> None:
    """Their newest states, each with the id and the type of the event that says it; version 1 is new."""
    made = [asdict(each) | {"languages": list(each.languages), "searchable": each.searchable} for each, _, _ in kept]
    await rows.add_many(tx, authorities, [row for row in made if row["version"] == 1])
    if changed := [{**row, "wanted": row["id"]} for row in made if row["version"] > 1]:
        await tx.execute(_CHANGED_OFFICE, changed)
    await rows.add_many(tx, steps, [step_of(AUTHORITIES, each, id_, type_, each.recorded_at) for each, id_, type_ in kept])
    await search.enter_authorities(tx, [each.id for each, _, _ in kept])


async def save_contact_points(tx: AsyncConnection, steps: Sequence[tuple[bool, Sequence[Stepped], Sequence[UUID]]]) -> None:
    """Their newest states, with every step that led there: (new, steps, the steps' event ids)."""
    made: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    remembered: list[dict[str, Any]] = []
    for new, stepped, ids in steps:
        last = stepped[-1][0]
        row = asdict(last) | {"specialisations": list(last.specialisations)}
        (made if new else changed).append(row)
        remembered += [_step(*step, event_id=id_) for step, id_ in zip(stepped, ids, strict=True)]
    await rows.add_many(tx, contact_points, made)
    if changed:
        await tx.execute(_CHANGED_POINT, [row | {"wanted": row["id"]} for row in changed])
    await rows.add_many(tx, contact_point_steps, remembered)
    await search.enter(tx, "contact_point", [row["id"] for row in (*made, *changed)])


def _step(after: ContactPoint, fact: Any, time: datetime, *, event_id: UUID) -> dict[str, Any]:
    row = {"contact_point_id": after.id, "version": after.version, "event_id": event_id, "type": fact.type, "time": time}
    return row | {"recorded_at": after.recorded_at, "after": _snapshot.dump_python(after, mode="json")}


async def save_persons(tx: AsyncConnection, made: Sequence[Person], changed: Sequence[Person], keys: Mapping[UUID, bytes]) -> None:
    """Their records, and the keys of those that had none."""
    await rows.add_many(tx, persons, [asdict(person) for person in made])
    if changed:
        await tx.execute(_CHANGED_PERSON, [asdict(person) | {"wanted": person.ref} for person in changed])
    await rows.add_many(tx, person_keys, [{"person_ref": ref, "key": rows.binary(key)} for ref, key in keys.items()])
