"""Partners, instruments and legal bases, in and out. A row read for change is locked: the lock orders the facts of one subject."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.partners.domain import Instrument, LegalBasis, Partner
from services.partners.tables import instrument_steps, instruments, legal_bases, legal_basis_steps, partners
from shared import rows
from shared.events.partners import INSTRUMENTS, LEGAL_BASES, PARTNERS

VERSIONS = {PARTNERS: partners.c.version, INSTRUMENTS: instruments.c.version, LEGAL_BASES: legal_bases.c.version}
"""Topic -> the column that keeps the newest aggversion of each of its subjects."""


async def partner(tx: AsyncConnection, id_: UUID) -> Partner:
    """The partner, locked; raises `NotFound`."""
    row = await rows.locked(tx, partners, id_, "partner")
    return Partner(row.id, row.reference, row.name, row.kind, row.country, row.abbreviation, row.region, row.version, row.recorded_at)


async def instrument(tx: AsyncConnection, id_: UUID) -> Instrument:
    """The instrument, locked; raises `NotFound`."""
    return _instrument(await rows.locked(tx, instruments, id_, "instrument"))


async def legal_basis(tx: AsyncConnection, id_: UUID) -> LegalBasis:
    """The legal basis, locked; raises `NotFound`."""
    return _basis(await rows.locked(tx, legal_bases, id_, "legal basis"))


async def resting_on(tx: AsyncConnection, instrument_id: UUID) -> list[LegalBasis]:
    """The legal bases that rest on an instrument, locked, those ended left out."""
    wanted = select(legal_bases).where(legal_bases.c.instrument_id == instrument_id, legal_bases.c.state != "ended")
    return [_basis(row) for row in await tx.execute(wanted.order_by(legal_bases.c.id).with_for_update())]


def _instrument(row: Any) -> Instrument:
    return Instrument(
        row.id,
        row.partner_id,
        row.kind,
        row.reference,
        tuple(row.subjects),
        row.state,
        row.on,
        row.stated_as_of,
        row.valid_to,
        row.version,
        row.recorded_at,
    )


def _basis(row: Any) -> LegalBasis:
    return LegalBasis(
        row.id,
        row.partner_id,
        row.kind,
        tuple(row.purposes),
        tuple(row.data_categories),
        row.valid_from,
        row.valid_to,
        row.instrument_id,
        row.state,
        row.version,
        row.recorded_at,
    )


async def save_partner(tx: AsyncConnection, kept: Partner, **beside: Any) -> None:
    """Keep a partner; `notes` and `source` stand beside it and never go on a topic."""
    await rows.save(tx, partners, asdict(kept) | beside, new=kept.version == 1)


async def save_instrument(tx: AsyncConnection, kept: Instrument, **beside: Any) -> None:
    """Keep an instrument's newest step."""
    row = asdict(kept) | beside
    row["partner_id"], row["subjects"] = row.pop("partner"), list(kept.subjects)
    await rows.save(tx, instruments, row, new=kept.version == 1)


async def save_basis(tx: AsyncConnection, kept: LegalBasis) -> None:
    """Keep a legal basis' newest state."""
    row = asdict(kept)
    row |= {"partner_id": row.pop("partner"), "instrument_id": row.pop("instrument")}
    row |= {"purposes": list(kept.purposes), "data_categories": list(kept.data_categories)}
    await rows.save(tx, legal_bases, row, new=kept.version == 1)


async def add_step(tx: AsyncConnection, after: Instrument, event_id: UUID, event_type: str) -> None:
    """Remember a step for ever: what held from when, and since when we knew."""
    row = {
        "instrument_id": after.id,
        "version": after.version,
        "event_id": event_id,
        "type": event_type,
        "state": after.state,
        "on": after.on,
    }
    row |= {"stated_as_of": after.stated_as_of, "valid_to": after.valid_to, "effective": after.effective, "recorded_at": after.recorded_at}
    await tx.execute(insert(instrument_steps).values(row))


async def add_retraction(tx: AsyncConnection, after: Instrument, event_id: UUID, event_type: str, corrects: UUID, reason: str) -> None:
    """Remember that a step was taken back, and by which fact."""
    mine = instrument_steps.c.event_id == corrects
    await tx.execute(update(instrument_steps).where(mine).values(retracted_at=after.recorded_at))
    row = {"instrument_id": after.id, "version": after.version, "event_id": event_id, "type": event_type, "recorded_at": after.recorded_at}
    await tx.execute(insert(instrument_steps).values(row | {"corrects": corrects, "reason": reason}))


async def add_basis_step(tx: AsyncConnection, after: LegalBasis, event_id: UUID, effective: Any) -> None:
    """Remember a legal basis' change."""
    row = {"legal_basis_id": after.id, "version": after.version, "event_id": event_id, "state": after.state, "valid_to": after.valid_to}
    await tx.execute(insert(legal_basis_steps).values(row | {"effective": effective, "recorded_at": after.recorded_at}))


async def standing_steps(tx: AsyncConnection, id_: UUID) -> list[Any]:
    """The steps of an instrument that were never taken back, newest first."""
    mine = (instrument_steps.c.instrument_id == id_) & instrument_steps.c.state.is_not(None) & instrument_steps.c.retracted_at.is_(None)
    return list(await tx.execute(select(instrument_steps).where(mine).order_by(instrument_steps.c.version.desc())))
