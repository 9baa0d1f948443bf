"""What an authority is competent for, from when to when (requirement row B6): an empty list leaves that question open to all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.contacts.domain.authority import Authority
from services.contacts.domain.history import Step, require, stepped, taken_back
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import contacts as facts

NEXT = {"declared": ("withdraw", "retract"), "withdrawn": ("retract",), "retracted": ()}
"""What may be done in each state."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which questions it answers: codes of crime types and measures, references of instruments, subdivisions (ISO 3166-2), a stage."""

    crime_types: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    """One competence of an authority; it holds from its first day to the day before `valid_to`."""

    id: UUID
    authority: UUID
    country: str | None
    scope: Scope
    valid_from: date
    valid_to: date | None
    state: str
    version: int
    recorded_at: datetime

    def __post_init__(self) -> None:
        """Raises `Invalid` for one that ends before it begins, or lies in another country."""
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise Invalid("valid_to", f"is not after the beginning {self.valid_from}")
        if any(not each.startswith(f"{self.country}-") for each in self.scope.territory):
            raise Invalid("territory", "lies in another country")

    def declared(self, others: Sequence["Competence"]) -> Event:
        """It holds; raises `Conflict` where another one says the same of some of its days."""
        for other in others:
            if other.scope == self.scope and self._meets(other):
                raise Conflict("This competence is declared already", id=str(other.id))
        return self._said(facts.AuthorityCompetenceDeclared)

    def withdraw(self, valid_to: date, now: datetime) -> "tuple[Competence, Event]":
        """It holds no longer from a day on."""
        require(self, NEXT, "withdraw")
        after = stepped(self, now, state="withdrawn", valid_to=valid_to)
        return after, after._said(facts.AuthorityCompetenceWithdrawn)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[Competence, Event]":
        """Take its newest standing fact back (`standing`: newest first)."""
        require(self, NEXT, "retract")
        return taken_back(self, corrects, standing, now), facts.AuthorityCompetenceRetracted(corrects=corrects, reason=reason)

    def _meets(self, other: "Competence") -> bool:
        ends_before = self.valid_to is not None and self.valid_to <= other.valid_from
        return not ends_before and (other.valid_to is None or other.valid_to > self.valid_from)

    def _said(self, fact: type[facts.AuthorityCompetenceDeclared]) -> Event:
        return fact(
            competence_id=self.id,
            crime_types=list(self.scope.crime_types),
            measures=list(self.scope.measures),
            instruments=list(self.scope.instruments),
            territory=list(self.scope.territory),
            stage=self.scope.stage,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


def spoken_of(authority: Authority, now: datetime) -> Authority:
    """The authority, of which one fact more is said."""
    return replace(authority, version=authority.version + 1, recorded_at=max(now, authority.recorded_at))
