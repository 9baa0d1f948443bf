"""The rules of partners: what an instrument may become, and what each step says. No clock, no store, no web."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import partners as facts

AGREEMENTS = ("international_agreement", "cooperation_agreement_pre2019")
"""Kinds that let personal data flow systematically once in force (PA-02)."""

NEXT: Mapping[str, tuple[str, ...]] = {
    "proposed": ("mandate_requested", "mandate_granted", "negotiating", "signed", "rejected"),
    "mandate_requested": ("mandate_granted", "rejected"),
    "mandate_granted": ("negotiating", "concluded", "signed", "in_force", "rejected"),
    "negotiating": ("concluded", "signed", "rejected"),
    "concluded": ("signed", "in_force", "rejected"),
    "signed": ("in_force", "terminated"),
    "in_force": ("suspended", "terminated"),
    "suspended": ("in_force", "terminated"),
    "terminated": (),
    "rejected": (),
}
"""`events.md` §6.3 *instrument*; a step that a source passes over in silence may be passed over here too."""

STEP: Mapping[str, type[facts._Instrument]] = {
    "proposed": facts.InstrumentProposed,
    "mandate_requested": facts.InstrumentMandateRequested,
    "mandate_granted": facts.InstrumentMandateGranted,
    "negotiating": facts.InstrumentNegotiationOpened,
    "concluded": facts.InstrumentConcluded,
    "signed": facts.InstrumentSigned,
    "in_force": facts.InstrumentEnteredIntoForce,
    "suspended": facts.InstrumentSuspended,
    "terminated": facts.InstrumentTerminated,
    "rejected": facts.InstrumentRejected,
}

BASIS: Mapping[str, type[facts._LegalBasis]] = {
    "suspended": facts.LegalBasisSuspended,
    "valid": facts.LegalBasisResumed,
    "ended": facts.LegalBasisEnded,
}


@dataclass(frozen=True, slots=True)
class Partner:
    """A country, organisation, agency, network or project; its name per language."""

    id: UUID
    reference: str
    name: Mapping[str, str]
    kind: str
    country: str | None
    abbreviation: str | None
    region: str | None
    version: int
    recorded_at: datetime

    def described(self, fact: type[facts.PartnerRegistered]) -> facts.PartnerRegistered:
        """This description as a fact."""
        return fact(
            reference=self.reference,
            name=dict(self.name),
            kind=self.kind,
            country=self.country,
            abbreviation=self.abbreviation,
            region=self.region,
        )


@dataclass(frozen=True, slots=True)
class Instrument:
    """An agreement, arrangement or decision with a partner, at its newest step."""

    id: UUID
    partner: UUID
    kind: str
    reference: str
    subjects: tuple[str, ...]
    state: str
    on: date | None
    stated_as_of: date
    valid_to: date | None
    version: int
    recorded_at: datetime

    @property
    def effective(self) -> date:
        """The day from which this step is known to hold."""
        return self.on or self.stated_as_of

    def ordered(self) -> "Instrument":
        """Itself; raises `Invalid` where it would end before it takes effect."""
        if self.valid_to is not None and self.valid_to < self.effective:
            raise Invalid("valid_to", "lies before the step takes effect")
        return self

    def advance(
        self, state: str, *, on: date | None, stated_as_of: date, valid_to: date | None, now: datetime
    ) -> tuple["Instrument", Event]:
        """The next step and its fact; raises `Conflict` naming what is possible from here."""
        allowed = NEXT[self.state]
        if state not in allowed:
            raise Conflict(f"{self.state} cannot become {state}; possible: {', '.join(allowed) or 'nothing more'}", possible=list(allowed))
        after = replace(
            self,
            state=state,
            on=on,
            stated_as_of=stated_as_of,
            valid_to=valid_to,
            version=self.version + 1,
            recorded_at=max(now, self.recorded_at),
        ).ordered()
        resumed = facts.InstrumentResumed if (self.state, state) == ("suspended", "in_force") else STEP[state]
        return after, after.said(resumed)

    def said(self, fact: type[facts._Instrument]) -> Event:
        """This step as a fact: the whole instrument as it stands."""
        return fact(
            kind=self.kind,
            parties=[self.partner],
            reference=self.reference,
            subjects=list(self.subjects),
            on=self.on,
            stated_as_of=self.stated_as_of,
            valid_to=self.valid_to,
        )

    def retract(self, corrects: UUID, reason: str, back_to: "Instrument | None", now: datetime) -> tuple["Instrument", Event]:
        """Take an earlier fact back; `back_to` is the newest step that still stands, None if none does."""
        stands = back_to or replace(self, state="rejected", on=None)
        after = replace(
            self,
            state=stands.state,
            on=stands.on,
            stated_as_of=stands.stated_as_of,
            valid_to=stands.valid_to,
            version=self.version + 1,
            recorded_at=max(now, self.recorded_at),
        )
        return after, facts.InstrumentRetracted(corrects=corrects, reason=reason)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why data of some categories may go to a partner for some purposes (`events.md` §6.5)."""

    id: UUID
    partner: UUID
    kind: str
    purposes: tuple[str, ...]
    data_categories: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    instrument: UUID | None
    state: str
    version: int
    recorded_at: datetime

    def ordered(self) -> "LegalBasis":
        """Itself; raises `Invalid` where it would end before it begins."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Invalid("valid_to", "lies before valid_from")
        return self

    def become(self, state: str, on: date, now: datetime) -> tuple["LegalBasis", Event]:
        """Suspend (`suspended`), resume (`valid`) or end (`ended`) it; raises `Conflict` where that is no change or too late."""
        if self.state in (state, "ended"):
            raise Conflict(f"The legal basis is {self.state} already")
        ends = on if state == "ended" else self.valid_to
        after = replace(self, state=state, valid_to=ends, version=self.version + 1, recorded_at=max(now, self.recorded_at))
        return after, after.said(BASIS[state])

    def said(self, fact: type[facts._LegalBasis]) -> Event:
        """This basis as a fact."""
        return fact(
            partner=self.partner,
            kind=self.kind,
            purposes=list(self.purposes),
            data_categories=list(self.data_categories),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            instrument_ref=self.instrument,
            state=self.state,
        )


FOLLOWS: Mapping[str, str] = {"suspended": "suspended", "terminated": "ended", "rejected": "ended", "in_force": "valid"}
"""What becomes of a legal basis when the instrument it rests on takes this step."""
