"""What one can ask of partners: a function per intent; load, decide, save, say, all in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.partners import store
from services.partners.domain import FOLLOWS, STEP, Instrument, LegalBasis, Partner
from shared import outbox
from shared.errors import Conflict, Invalid
from shared.events import Event, Origin, start_of, subject_of
from shared.events.partners import InstrumentRetracted, LegalBasisEstablished, PartnerAmended, PartnerRegistered


async def register_partner(
    tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], *, notes: str | None, source: Mapping[str, str] | None
) -> UUID:
    """A partner becomes known; raises `Conflict` where its reference is known already."""
    partner = Partner(id=subject_of("partners", "partner", described["reference"]), version=1, recorded_at=origin.now, **described)
    await store.save_partner(tx, partner, notes=notes, source=source)
    await _say(tx, origin, partner.described(PartnerRegistered), partner)
    return partner.id


async def amend_partner(tx: AsyncConnection, origin: Origin, partner: Partner, described: Mapping[str, Any]) -> None:
    """Its whole new description; the reference stays."""
    after = replace(partner, **described, version=partner.version + 1, recorded_at=max(origin.now, partner.recorded_at))
    await store.save_partner(tx, after)
    await _say(tx, origin, after.described(PartnerAmended), after)


async def register_instrument(tx: AsyncConnection, origin: Origin, given: Mapping[str, Any], source: Mapping[str, str] | None) -> UUID:
    """An instrument becomes known at the step a source states; raises `Conflict` where its reference is known already."""
    await store.partner(tx, given["partner"])
    instrument = Instrument(
        id=subject_of("partners", "instrument", given["reference"]), version=1, recorded_at=origin.now, **given
    ).ordered()
    _not_before_stated(instrument.stated_as_of, origin)
    await store.save_instrument(tx, instrument, source=source)
    await _step(tx, origin, instrument, instrument.said(STEP[instrument.state]))
    return instrument.id


async def advance_instrument(
    tx: AsyncConnection,
    origin: Origin,
    instrument: Instrument,
    state: str,
    *,
    on: date | None,
    stated_as_of: date | None,
    valid_to: date | None,
) -> None:
    """The next step; what rests on the instrument follows it in the same transaction, so that no gate stays open by oversight."""
    today = origin.now.date()
    # Without any date given, it is today that it happens.
    on = today if on is None and stated_as_of is None else on
    after, fact = instrument.advance(state, on=on, stated_as_of=stated_as_of or min(on or today, today), valid_to=valid_to, now=origin.now)
    _not_before_stated(after.stated_as_of, origin)
    await store.save_instrument(tx, after)
    await _step(tx, origin, after, fact)
    if follows := FOLLOWS.get(state):
        for basis in await store.resting_on(tx, instrument.id):
            if basis.state != follows:
                await change_basis(tx, origin, basis, follows, after.effective)


async def retract_step(tx: AsyncConnection, origin: Origin, instrument: Instrument, corrects: UUID, reason: str) -> None:
    """Take an earlier fact back; raises `Invalid` where it is no standing fact of this instrument."""
    standing = await store.standing_steps(tx, instrument.id)
    if corrects not in {row.event_id for row in standing}:
        raise Invalid("corrects", "is no standing fact of this instrument")
    left = next((row for row in standing if row.event_id != corrects), None)
    back_to = replace(instrument, state=left.state, on=left.on, stated_as_of=left.stated_as_of, valid_to=left.valid_to) if left else None
    after, fact = instrument.retract(corrects, reason, back_to, origin.now)
    await store.save_instrument(tx, after)
    event_id = await outbox.add(
        tx, origin, fact, subject=after.id, version=after.version, time=after.recorded_at, recorded=after.recorded_at
    )
    await store.add_retraction(tx, after, event_id, InstrumentRetracted.type, corrects, reason)


async def establish_basis(tx: AsyncConnection, origin: Origin, given: Mapping[str, Any]) -> UUID:
    """Data may go to a partner from now on; raises `Conflict` where the instrument it rests on is not in force."""
    await store.partner(tx, given["partner"])
    if given["instrument"] is not None:
        instrument = await store.instrument(tx, given["instrument"])
        if instrument.partner != given["partner"]:
            raise Invalid("instrument_id", "is an instrument of another partner")
        if instrument.state != "in_force":
            raise Conflict(f"The instrument is {instrument.state}, not in force")
    reference = (
        f"{given['partner']}:{given['kind']}:{given['instrument']}:{given['valid_from']}:{','.join(sorted(given['data_categories']))}"
    )
    basis = LegalBasis(
        id=subject_of("partners", "legal_basis", reference), state="valid", version=1, recorded_at=origin.now, **given
    ).ordered()
    await store.save_basis(tx, basis)
    await _say_basis(tx, origin, basis, basis.said(LegalBasisEstablished), basis.valid_from)
    return basis.id


async def change_basis(tx: AsyncConnection, origin: Origin, basis: LegalBasis, state: str, on: date) -> None:
    """Suspend, resume or end a legal basis from a day on."""
    after, fact = basis.become(state, on, origin.now)
    await store.save_basis(tx, after)
    await _say_basis(tx, origin, after, fact, on)


def _not_before_stated(stated_as_of: date, origin: Origin) -> None:
    if stated_as_of > origin.now.date():
        raise Invalid("stated_as_of", "lies in the future")


async def _say(tx: AsyncConnection, origin: Origin, fact: Event, partner: Partner) -> None:
    moment = partner.recorded_at
    await outbox.add(tx, origin, fact, subject=partner.id, version=partner.version, time=moment, recorded=moment)


async def _step(tx: AsyncConnection, origin: Origin, after: Instrument, fact: Event) -> None:
    happened = start_of(after.effective)
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=happened, recorded=after.recorded_at)
    await store.add_step(tx, after, event_id, fact.type)


async def _say_basis(tx: AsyncConnection, origin: Origin, after: LegalBasis, fact: Event, on: date) -> None:
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=start_of(on), recorded=after.recorded_at)
    await store.add_basis_step(tx, after, event_id, on)
