"""The dry run: every row is read, held to the rules against what is known, and either waits to be taken in or has its faults told."""

import asyncio
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.contacts import gateways, store
from services.contacts.commands.imports.known import known_of, wrong_in
from services.contacts.domain.lists import Fault, Kind, Listed, Unreadable, columns_of
from services.contacts.gateways import sheets
from services.contacts.store.imports import Waiting
from shared.errors import Conflict, Invalid
from shared.sheets import Form

BATCH = 1000
Rows = Mapping[Kind, Callable[[Mapping[str, str]], Listed]]
"""How a row of each kind is read."""


async def look_through(engine: AsyncEngine, id_: UUID, rows: Rows, now: datetime) -> None:
    """All of it, a batch in each transaction, going on where a process that died had come to."""
    async with engine.connect() as tx:
        job = await store.imports.import_row(tx, id_)
        content = b"".join(gateways.reveal(job.key, part) for part in await store.imports.parts(tx, id_)) if job.key else b""
        seen = await store.imports.seen(tx, id_)
    if not content:
        return
    try:
        total, places, left_out = await asyncio.to_thread(_measured, content, job.format, job.kind)
        async with engine.begin() as tx:
            await store.imports.tell_progress(tx, id_, rows=total, left_out=left_out)
        lines = islice(_lines(content, job.format, places), job.checked, None)
        while batch := await asyncio.to_thread(_read, lines, rows[job.kind]):
            async with engine.begin() as tx:
                if not await _compare(tx, id_, batch, seen, job.covers, now):
                    return
        await _finish(engine, id_, now)
    except Unreadable as why:
        await _give_up(engine, id_, str(why), now)


def _measured(content: bytes, form: Form, kind: Kind) -> tuple[int, dict[str, int], list[str]]:
    """How many rows there are, where the columns stand, and the letters of those that nobody knows."""
    lines = sheets.rows(io.BytesIO(content), form)
    headings = next(lines)[1]
    places = columns_of(kind, headings)
    unknown = [_letter(place) for place, text in enumerate(headings) if text and place not in places.values()]
    return sum(1 for _ in lines), places, unknown


def _letter(place: int) -> str:
    return (_letter(place // 26 - 1) if place > 25 else "") + chr(ord("A") + place % 26)


def _lines(content: bytes, form: Form, places: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    lines = sheets.rows(io.BytesIO(content), form)
    next(lines)
    for number, cells in lines:
        yield number, {name: cells[place] if place < len(cells) else "" for name, place in places.items()}


def _read(lines: Iterator[tuple[int, dict[str, str]]], read: Callable[[Mapping[str, str]], Listed]) -> list[tuple[Listed, Waiting]]:
    """The next rows; details of a person are sealed before they stand anywhere else."""
    batch = []
    for number, cells in islice(lines, BATCH):
        listed = read(cells)
        waiting = Waiting(number, listed.reference, listed.given)
        if listed.details is not None:
            ref, key = uuid4(), gateways.new_key()
            waiting = Waiting(number, listed.reference, listed.given, ref, gateways.seal(key, ref, listed.details), key)
        batch.append((listed, waiting))
    return batch


async def _compare(
    tx: AsyncConnection, id_: UUID, batch: Sequence[tuple[Listed, Waiting]], seen: dict[str, int], covers: Collection[str], now: datetime
) -> bool:
    """Keep what can be taken in and what cannot; False where the import was cancelled meanwhile."""
    given = await store.imports.import_locked(tx, id_)
    if given.state != "validating":
        return False
    known = await known_of(tx, given.kind, [row for listed, row in batch if not listed.faults], lock=False)
    waiting: list[Waiting] = []
    faults: list[Fault] = []
    effects: Counter[str] = Counter()
    for listed, row in batch:
        found = list(listed.faults) or _outside(listed, seen, covers)
        if not found:
            try:
                effects[known.effect(row, now)] += 1
                waiting.append(row)
                seen[row.reference] = row.number
            except (Invalid, Conflict) as wrong:
                found = wrong_in(wrong)
        faults += [Fault(row.number, column, reason) for column, reason in found]
    await store.imports.add_waiting(tx, id_, waiting)
    await store.imports.add_faults(tx, id_, faults)
    job = await store.imports.import_row(tx, id_)
    await store.imports.tell_progress(
        tx,
        id_,
        checked=job.checked + len(batch),
        failed=job.failed + len(batch) - len(waiting),
        effects=dict(Counter(job.effects) + effects),
        countries=sorted({*job.countries, *(row.given.get("country") or "" for row in waiting)}),
    )
    return True


def _outside(listed: Listed, seen: Mapping[str, int], covers: Collection[str]) -> list[tuple[str, str]]:
    """What is wrong with a row whatever is known."""
    if listed.reference in seen:
        return [("reference", f"stands in row {seen[listed.reference]} already")]
    if "*" not in covers and listed.country not in covers:
        return [("country", f"you do not act for {listed.country or 'what belongs to no single country'}")]
    return []


async def _finish(engine: AsyncEngine, id_: UUID, now: datetime) -> None:
    async with engine.begin() as tx:
        given = await store.imports.import_locked(tx, id_)
        if given.state == "validating":
            await store.imports.keep_import(tx, given.turned("checked", now))
            await store.imports.forget_file(tx, id_)


async def _give_up(engine: AsyncEngine, id_: UUID, why: str, now: datetime) -> None:
    async with engine.begin() as tx:
        given = await store.imports.import_locked(tx, id_)
        if given.state == "validating":
            await store.imports.keep_import(tx, given.turned("unreadable", now), problem=why)
            await store.imports.forget_file(tx, id_)
            await store.imports.forget_rows(tx, id_)
