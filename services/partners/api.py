"""HTTP in: routes and their request models."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field

from services.partners import commands, domain, store, views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Caused, Expected, Page, Paging, Whole, etag
from shared.web.values import PROSE, AsOf, Day, Id, Names, Prose, Reference, Retraction, Short, Source

router = web.router("", "partners")
partner_whole = Whole(views.partner, "/partners")
instrument_whole = Whole(views.instrument, "/instruments")
basis_whole = Whole(views.legal_basis, "/legal-bases")


class PartnerDescription(BaseModel):
    """What a partner is called and what it is."""

    name: Names
    kind: one_of("partner_kind")  # type: ignore[valid-type]  # a type made of a code list
    country: one_of("country") | None = None  # type: ignore[valid-type]
    abbreviation: Short | None = None
    region: one_of("region") | None = None  # type: ignore[valid-type]


class NewPartner(PartnerDescription):
    """A partner to register; the reference is its lasting name, e.g. `albania`."""

    reference: Reference
    notes: Prose | None = None
    source: Source | None = None


class NewInstrument(BaseModel):
    """An instrument at the step a source states."""

    partner_id: Id
    kind: one_of("instrument_kind")  # type: ignore[valid-type]
    reference: Reference
    subjects: Annotated[list[Short], Field(max_length=20)] = []
    state: one_of("instrument_state")  # type: ignore[valid-type]
    on: Day | None = None
    stated_as_of: Day
    valid_to: Day | None = None
    source: Source | None = None


class NextStep(BaseModel):
    """The next step of an instrument; without any date it happens today."""

    state: one_of("instrument_state")  # type: ignore[valid-type]
    on: Day | None = None
    stated_as_of: Day | None = None
    valid_to: Day | None = None


class NewBasis(BaseModel):
    """A legal basis to establish."""

    partner_id: Id
    kind: one_of("basis_kind")  # type: ignore[valid-type]
    purposes: Annotated[list[one_of("purpose")], Field(min_length=1, max_length=20)]  # type: ignore[valid-type]
    data_categories: Annotated[list[one_of("data_category")], Field(min_length=1, max_length=3)]  # type: ignore[valid-type]
    valid_from: Day
    valid_to: Day | None = None
    instrument_id: Id | None = None


class BasisChange(BaseModel):
    """From which day; today where none is given."""

    on: Day | None = None


async def _known(id: Annotated[Id, Path()], tx: Tx) -> UUID:
    await views.require_partner(tx, id)
    return id


async def _partner(id: Annotated[Id, Path()], tx: Tx) -> domain.Partner:
    return await store.partner(tx, id)


async def _instrument(id: Annotated[Id, Path()], tx: Tx) -> domain.Instrument:
    return await store.instrument(tx, id)


async def _basis(id: Annotated[Id, Path()], tx: Tx) -> domain.LegalBasis:
    return await store.legal_basis(tx, id)


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Known = Annotated[UUID, Depends(_known)]
LoadedPartner = Annotated[domain.Partner, Depends(_partner)]
LoadedInstrument = Annotated[domain.Instrument, Depends(_instrument)]
LoadedBasis = Annotated[domain.LegalBasis, Depends(_basis)]


@router.get("/partners")
async def list_partners(
    tx: Tx,
    paging: Paging,
    kind: one_of("partner_kind") | None = None,  # type: ignore[valid-type]
    country: one_of("country") | None = None,  # type: ignore[valid-type]
    region: one_of("region") | None = None,  # type: ignore[valid-type]
    status: views.Status | None = None,
    personal_data: Literal["yes", "no", "case_by_case"] | None = None,
    q: Annotated[str | None, Query(max_length=200, pattern=PROSE)] = None,
    on: Day | None = None,
) -> Page[views.PartnerRow]:
    """Partners with what was agreed, as of a day."""
    wanted: dict[str, Any] = {"kind": kind, "country": country, "region": region, "status": status, "personal_data": personal_data, "q": q}
    return await views.partners(tx, limit=paging.limit, after=paging.after, on=on, **wanted)


@router.post("/partners", status_code=201, responses=MADE)
async def register_partner(tx: Tx, origin: Caused, given: NewPartner, response: Response) -> views.PartnerPage:
    """A partner becomes known."""
    described = given.model_dump(exclude={"notes", "source"})
    source = given.source.model_dump() if given.source else None
    id_ = await commands.register_partner(tx, origin, described, notes=given.notes, source=source)
    return await partner_whole.made(tx, id_, response)


@router.get("/partners/{id}", responses=SHOWN)
async def get_partner(id: Known, tx: Tx, response: Response, on: Day | None = None) -> views.PartnerPage:
    """One partner in full, as of a day."""
    page = await views.partner(tx, id, on)
    etag(response, page.version)
    return page


@router.put("/partners/{id}", responses=SHOWN)
async def amend_partner(
    partner: LoadedPartner, tx: Tx, origin: Caused, expected: Expected, given: PartnerDescription, response: Response
) -> views.PartnerPage:
    """Its whole new description."""
    await expected.hold(partner.version, lambda: views.partner(tx, partner.id))
    await commands.amend_partner(tx, origin, partner, given.model_dump())
    return await partner_whole.shown(tx, partner.id, response)


@router.get("/partners/{id}/exchange")
async def get_exchange(
    id: Known,
    tx: Tx,
    data_category: one_of("data_category") = "case_related",  # type: ignore[valid-type]
    on: Day | None = None,
    asof: AsOf | None = None,
) -> views.Exchange:
    """May data of this category go to this partner on that day, and why; as it was known at a moment."""
    return await views.exchange(tx, id, on, data_category, asof)


@router.get("/instruments")
async def list_instruments(
    tx: Tx,
    paging: Paging,
    partner: Id | None = None,
    kind: one_of("instrument_kind") | None = None,  # type: ignore[valid-type]
    state: one_of("instrument_state") | None = None,  # type: ignore[valid-type]
    on: Day | None = None,
    asof: AsOf | None = None,
) -> Page[views.InstrumentState]:
    """Instruments as they stood on a day, as it was known at a moment."""
    filters = {"partner_id": partner, "kind": kind, "state": state}
    return await views.instruments(tx, limit=paging.limit, after=paging.after, on=on, asof=asof, **filters)


@router.post("/instruments", status_code=201, responses=MADE)
async def register_instrument(tx: Tx, origin: Caused, given: NewInstrument, response: Response) -> views.InstrumentPage:
    """An instrument becomes known at the step a source states."""
    said = given.model_dump(exclude={"source", "partner_id"}) | {"partner": given.partner_id, "subjects": tuple(given.subjects)}
    id_ = await commands.register_instrument(tx, origin, said, given.source.model_dump() if given.source else None)
    return await instrument_whole.made(tx, id_, response)


@router.get("/instruments/{id}", responses=SHOWN)
async def get_instrument(id: Id, tx: Tx, response: Response) -> views.InstrumentPage:
    """One instrument with every step that led here."""
    return await instrument_whole.shown(tx, id, response)


@router.post("/instruments/{id}/advance", responses=SHOWN)
async def advance_instrument(
    instrument: LoadedInstrument, tx: Tx, origin: Caused, expected: Expected, given: NextStep, response: Response
) -> views.InstrumentPage:
    """The next step; legal bases that rest on it follow."""
    await expected.hold(instrument.version, lambda: views.instrument(tx, instrument.id))
    await commands.advance_instrument(tx, origin, instrument, **given.model_dump())
    return await instrument_whole.shown(tx, instrument.id, response)


@router.post("/instruments/{id}/retract", responses=SHOWN)
async def retract_step(
    instrument: LoadedInstrument, tx: Tx, origin: Caused, expected: Expected, given: Retraction, response: Response
) -> views.InstrumentPage:
    """Take an earlier fact back: it counts no longer, and `asof` before now still shows it."""
    await expected.hold(instrument.version, lambda: views.instrument(tx, instrument.id))
    await commands.retract_step(tx, origin, instrument, given.corrects, given.reason)
    return await instrument_whole.shown(tx, instrument.id, response)


@router.get("/legal-bases")
async def list_legal_bases(tx: Tx, paging: Paging, partner: Id | None = None) -> Page[views.Basis]:
    """Legal bases as they stand."""
    return await views.legal_bases(tx, limit=paging.limit, after=paging.after, partner_id=partner)


@router.post("/legal-bases", status_code=201, responses=MADE)
async def establish_basis(tx: Tx, origin: Caused, given: NewBasis, response: Response) -> views.Basis:
    """Data may go to a partner from a day on."""
    said = given.model_dump(exclude={"partner_id", "instrument_id"}) | {"partner": given.partner_id, "instrument": given.instrument_id}
    id_ = await commands.establish_basis(tx, origin, said)
    return await basis_whole.made(tx, id_, response)


@router.get("/legal-bases/{id}", responses=SHOWN)
async def get_legal_basis(id: Id, tx: Tx, response: Response) -> views.Basis:
    """One legal basis."""
    return await basis_whole.shown(tx, id, response)


@router.post("/legal-bases/{id}/suspend", responses=SHOWN)
async def suspend_basis(
    basis: LoadedBasis, tx: Tx, origin: Caused, expected: Expected, given: BasisChange, response: Response
) -> views.Basis:
    """For now, nothing goes on this basis."""
    return await _changed(basis, tx, origin, expected, given, response, "suspended")


@router.post("/legal-bases/{id}/resume", responses=SHOWN)
async def resume_basis(
    basis: LoadedBasis, tx: Tx, origin: Caused, expected: Expected, given: BasisChange, response: Response
) -> views.Basis:
    """The basis holds again."""
    return await _changed(basis, tx, origin, expected, given, response, "valid")


@router.post("/legal-bases/{id}/end", responses=SHOWN)
async def end_basis(basis: LoadedBasis, tx: Tx, origin: Caused, expected: Expected, given: BasisChange, response: Response) -> views.Basis:
    """The basis has ended."""
    return await _changed(basis, tx, origin, expected, given, response, "ended")


async def _changed(
    basis: domain.LegalBasis, tx: Tx, origin: Caused, expected: Expected, given: BasisChange, response: Response, state: str
) -> views.Basis:
    await expected.hold(basis.version, lambda: views.legal_basis(tx, basis.id))
    await commands.change_basis(tx, origin, basis, state, given.on or origin.now.date())
    return await basis_whole.shown(tx, basis.id, response)
