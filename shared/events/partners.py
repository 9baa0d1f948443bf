"""Published by partners: who they are, what was agreed with them, and on what legal basis data may go to them (`events.md` §6.4)."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.events.base import Event

PARTNERS = "partners.partner.v1"
INSTRUMENTS = "partners.instrument.v1"
LEGAL_BASES = "partners.legal_basis.v1"


class PartnerRegistered(Event):
    """A country, organisation, agency, network or project became known as a partner."""

    type = "partners.partner.registered.v1"
    topic = PARTNERS
    classification = "public"
    feeds = ("iP1", "iP2", "iP3", "iP7")

    reference: str
    name: dict[str, str]
    kind: str
    country: str | None = None
    abbreviation: str | None = None
    region: str | None = None


class PartnerAmended(PartnerRegistered):
    """Its whole new description."""

    type = "partners.partner.amended.v1"


class _Instrument(Event):
    """The whole instrument as it stands after this step: each fact can be read alone."""

    topic = INSTRUMENTS
    classification = "public"
    feeds = ("iP1", "iP2", "iP3", "iP7")

    kind: str
    parties: list[UUID]
    reference: str
    subjects: list[str] = []  # noqa: RUF012 - pydantic copies a default; msgspec mirrors this very one
    on: date | None = None
    """Day the step took effect; absent where only `stated_as_of` is known."""
    stated_as_of: date
    """Day for which the source says so: before it, nothing is known."""
    valid_to: date | None = None


class InstrumentProposed(_Instrument):
    """Named as one to be sought."""

    type = "partners.instrument.proposed.v1"


class InstrumentMandateRequested(_Instrument):
    """The mandate to negotiate was asked for."""

    type = "partners.instrument.mandate_requested.v1"


class InstrumentMandateGranted(_Instrument):
    """Negotiations were authorised."""

    type = "partners.instrument.mandate_granted.v1"


class InstrumentNegotiationOpened(_Instrument):
    """Negotiations began."""

    type = "partners.instrument.negotiation_opened.v1"


class InstrumentConcluded(_Instrument):
    """The text was agreed."""

    type = "partners.instrument.concluded.v1"


class InstrumentSigned(_Instrument):
    """It was signed; for a working arrangement this is what makes it count."""

    type = "partners.instrument.signed.v1"


class InstrumentEnteredIntoForce(_Instrument):
    """It binds."""

    type = "partners.instrument.entered_into_force.v1"


class InstrumentSuspended(_Instrument):
    """It binds no longer, for a time."""

    type = "partners.instrument.suspended.v1"


class InstrumentResumed(_Instrument):
    """It binds again after a suspension."""

    type = "partners.instrument.resumed.v1"


class InstrumentTerminated(_Instrument):
    """It has ended."""

    type = "partners.instrument.terminated.v1"


class InstrumentRejected(_Instrument):
    """It will not be sought or concluded."""

    type = "partners.instrument.rejected.v1"


class InstrumentRetracted(Event):
    """An earlier fact of this instrument should never have been said: it counts no longer, from now on."""

    type = "partners.instrument.retracted.v1"
    topic = INSTRUMENTS
    classification = "public"
    feeds = ("iP1", "iP2", "iP3", "iP7")

    corrects: UUID
    reason: str


class _LegalBasis(Event):
    """The whole basis as it stands: what the gate reads."""

    topic = LEGAL_BASES
    feeds = ("iL1",)

    partner: UUID
    kind: str
    purposes: list[str]
    data_categories: list[str]
    valid_from: date
    valid_to: date | None = None
    instrument_ref: UUID | None = None
    state: Literal["valid", "suspended", "ended"]


class LegalBasisEstablished(_LegalBasis):
    """Data of these categories may go to the partner for these purposes."""

    type = "partners.legal_basis.established.v1"


class LegalBasisSuspended(_LegalBasis):
    """For now, nothing goes on this basis."""

    type = "partners.legal_basis.suspended.v1"


class LegalBasisResumed(_LegalBasis):
    """The basis holds again."""

    type = "partners.legal_basis.resumed.v1"


class LegalBasisEnded(_LegalBasis):
    """The basis has ended."""

    type = "partners.legal_basis.ended.v1"


PUBLISHED = {
    PARTNERS: (PartnerRegistered, PartnerAmended),
    INSTRUMENTS: (
        InstrumentProposed,
        InstrumentMandateRequested,
        InstrumentMandateGranted,
        InstrumentNegotiationOpened,
        InstrumentConcluded,
        InstrumentSigned,
        InstrumentEnteredIntoForce,
        InstrumentSuspended,
        InstrumentResumed,
        InstrumentTerminated,
        InstrumentRejected,
        InstrumentRetracted,
    ),
    LEGAL_BASES: (LegalBasisEstablished, LegalBasisSuspended, LegalBasisResumed, LegalBasisEnded),
}
