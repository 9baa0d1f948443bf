"""Taking a list in: every row in one transaction, the rules asked row by row, the statements made batch by batch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts import gateways, store
from services.contacts.commands.directory import sealed_record
from services.contacts.commands.imports.known import Known, known_of, wrong_in
from services.contacts.domain import Authority, Person
from services.contacts.domain.lists import Fault, Import
from services.contacts.domain.taken import Stepped
from services.contacts.store.imports import Waiting
from shared import outbox
from shared.errors import Conflict, Invalid
from shared.events import Origin

BATCH = 2000


class _Stopped(Exception):
    """It is not to be taken in any more."""


class _Refused(Exception):
    """What was right when it was looked through is so no longer."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(slots=True)
class _Batch:
    """What a batch of rows makes."""

    said: list[outbox.Row] = field(default_factory=list)
    authorities: list[tuple[Authority, UUID, str]] = field(default_factory=list)
    """Each with the event that says it, and that event's type."""
    points: list[tuple[bool, Sequence[Stepped], Sequence[UUID]]] = field(default_factory=list)
    made: list[Person] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    keys: dict[UUID, bytes] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)


async def take_in(engine: AsyncEngine, id_: UUID, source: str, now: datetime) -> None:
    """All of it or nothing; where a process dies in the middle, the next one begins anew."""
    async with engine.connect() as tx:
        job = await store.imports.import_row(tx, id_)
    origin = Origin(actor=job.actor, source=source, correlation=job.correlation, now=now, mode="import")
    try:
        async with engine.begin() as tx:
            effects = await _everything(engine, tx, origin, store.imports.import_of(job))
            await _complete(tx, origin, id_, effects)
    except _Stopped:
        return
    except _Refused as refused:
        await _back(engine, id_, refused.faults, now)


async def _everything(engine: AsyncEngine, tx: AsyncConnection, origin: Origin, job: Import) -> Counter[str]:
    number, done, effects = 0, 0, Counter[str]()
    while waiting := await store.imports.waiting_after(tx, job.id, number, BATCH):
        known = await known_of(tx, job.kind, waiting, lock=True)
        batch = _made_of(known, waiting, origin)
        await _keep(tx, batch)
        number, done, effects = waiting[-1].number, done + len(waiting), effects + batch.effects
        # Told in a transaction of its own: what this one writes is seen by nobody until it is complete.
        async with engine.begin() as beside:
            if (await store.imports.import_row(beside, job.id)).state != "applying":
                raise _Stopped
            await store.imports.tell_progress(beside, job.id, applied=done)
    return effects


def _made_of(known: Known, waiting: Sequence[Waiting], origin: Origin) -> _Batch:
    batch, faults = _Batch(), list[Fault]()
    for row in waiting:
        try:
            batch.effects[known.effect(row, origin.now)] += 1
            if known.kind == "authorities":
                _authority(batch, known, row, origin)
            else:
                _contact_point(batch, known, row, origin)
        except (Invalid, Conflict) as wrong:
            faults += [Fault(row.number, column, reason) for column, reason in wrong_in(wrong)]
    if faults:
        raise _Refused(faults)
    return batch


def _authority(batch: _Batch, known: Known, row: Waiting, origin: Origin) -> None:
    after, fact = known.authority(row, origin.now)
    if fact is not None:
        moment = after.recorded_at
        id_, said = outbox.record(
            origin, fact, subject=after.id, version=after.version, time=moment, recorded=moment, country=after.country
        )
        batch.authorities.append((after, id_, fact.type))
        batch.said.append(said)


def _contact_point(batch: _Batch, known: Known, row: Waiting, origin: Origin) -> None:
    steps, point = known.steps(row, origin.now), known.points.get(row.reference)
    if point is None:
        first = steps[0][0]
        _new_person(batch, Person(first.person_ref, first.country, None, 0, 0, origin.now), row, origin)
    elif row.jwe:
        _known_person(batch, *known.persons[point.person_ref], row, origin)
    if steps:
        ids = []
        for after, fact, time in steps:
            known_since, country = after.recorded_at, after.country
            id_, said = outbox.record(
                origin, fact, subject=after.id, version=after.version, time=time, recorded=known_since, country=country
            )
            ids.append(id_)
            batch.said.append(said)
        batch.points.append((point is None, steps, ids))


def _new_person(batch: _Batch, person: Person, row: Waiting, origin: Origin) -> None:
    """What was sealed when the row was read is sealed under this person's own key already."""
    if row.jwe and row.key:
        person, sealed = person.seal(row.jwe, origin.now)
        batch.keys[person.ref] = row.key
        batch.said.append(sealed_record(origin, person, sealed.payload()))
    batch.made.append(person)


def _known_person(batch: _Batch, person: Person, key: bytes | None, row: Waiting, origin: Origin) -> None:
    """Sealed anew under the key of this person, unless it says the same."""
    assert row.key is not None  # noqa: S101 - what is sealed has its key
    assert row.person_ref is not None  # noqa: S101
    assert row.jwe is not None  # noqa: S101
    details = gateways.unseal(row.key, row.person_ref, row.jwe)
    if key and person.jwe and gateways.unseal(key, person.ref, person.jwe) == details:
        return
    if key is None:
        key = batch.keys[person.ref] = gateways.new_key()
    after, sealed = person.seal(gateways.seal(key, person.ref, details), origin.now)
    batch.changed.append(after)
    batch.said.append(sealed_record(origin, after, sealed.payload()))


async def _keep(tx: AsyncConnection, batch: _Batch) -> None:
    await store.imports.save_authorities(tx, batch.authorities)
    await store.imports.save_persons(tx, batch.made, batch.changed, batch.keys)
    await store.imports.save_contact_points(tx, batch.points)
    await outbox.add_all(tx, batch.said)


async def _complete(tx: AsyncConnection, origin: Origin, id_: UUID, effects: Counter[str]) -> None:
    given = await store.imports.import_locked(tx, id_)
    if given.state != "applying":
        raise _Stopped
    after = given.turned("applied", origin.now)
    await store.imports.keep_import(tx, after, effects=dict(effects), applied=effects.total())
    await store.imports.forget_rows(tx, given.id)
    fact, moment = after.completed(effects.total()), after.recorded_at
    await outbox.add(tx, origin, fact, subject=given.id, version=1, time=moment, recorded=moment)


async def _back(engine: AsyncEngine, id_: UUID, faults: Sequence[Fault], now: datetime) -> None:
    """Nothing was taken in: the rows that are wrong now are told, and somebody decides again."""
    async with engine.begin() as tx:
        given = await store.imports.import_locked(tx, id_)
        if given.state != "applying":
            return
        await store.imports.add_faults(tx, id_, faults)
        wrong = {fault.row for fault in faults}
        await store.imports.leave_out(tx, id_, wrong)
        why = "the directory was changed after this list was looked through"
        after = given.turned("checked", now)
        await store.imports.keep_import(tx, after, problem=why, applied=0)
        await store.imports.tell_progress(tx, id_, failed=given.failed + len(wrong))
