"""A tool's life (`events.md` §6.3 *tool*): each step gives the new state and the fact that says it. No clock, no store, no web."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared import states
from shared.errors import Conflict, Invalid
from shared.events import Event, start_of
from shared.events import capacity as facts

NEXT: Mapping[str, tuple[str, ...]] = {
    "published": ("revise", "translate", "adopt", "withdraw", "retract"),
    "withdrawn": ("retract",),
    "retracted": (),
}
"""What may be done in each state."""


@dataclass(frozen=True, slots=True)
class Step:
    """A fact of a tool that still stands: what it said, and of which country."""

    event_id: UUID
    type: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Tool:
    """A practical tool; it stands above countries, who uses it is said for each country."""

    id: UUID
    reference: str
    title: Mapping[str, str]
    kind: str
    edition: str
    languages: tuple[str, ...]
    measures: tuple[str, ...]
    owner: str | None
    address: str | None
    state: str
    version: int
    recorded_at: datetime
    source_revision: int = 1
    translations: Mapping[str, int] = field(default_factory=dict)
    """Language -> the revision that it was translated from."""
    adoptions: Mapping[str, date] = field(default_factory=dict)
    """Country -> since when it uses it."""

    def published(self) -> Event:
        """It can be used."""
        return facts.ToolPublished(**self._whole())

    def revise(self, described: Mapping[str, Any], now: datetime) -> tuple["Tool", Event]:
        """Its whole new description; raises `Conflict` where nothing is new."""
        self._require("revise")
        after = replace(self, **described)
        if after == self:
            raise Conflict("It is so already", id=str(self.id))
        after = after._next(now, source_revision=self.source_revision + 1)
        return after, facts.ToolRevised(**after._whole())

    def translate(self, language: str, now: datetime) -> tuple["Tool", Event]:
        """It is there in a language, in its newest revision."""
        self._require("translate")
        if self.translations.get(language) == self.source_revision:
            raise Conflict("Its newest revision is there in this language already", id=str(self.id))
        languages = tuple(sorted({*self.languages, language}))
        after = self._next(now, translations={**self.translations, language: self.source_revision}, languages=languages)
        return after, facts.ToolTranslated(**after._whole(), language=language)

    def adopt(self, country: str, on: date, now: datetime) -> tuple["Tool", Event]:
        """A country uses it since a day; raises `Invalid` for a day to come, `Conflict` where it uses it already."""
        self._require("adopt")
        _require_past(on, "adopted_on", now)
        if country in self.adoptions:
            raise Conflict(f"{country} uses it since {self.adoptions[country]}", id=str(self.id))
        after = self._next(now, adoptions={**self.adoptions, country: on})
        return after, facts.ToolAdoptedNationally(**after._whole(), adopted_on=on)

    def withdraw(self, now: datetime) -> tuple["Tool", Event]:
        """It can be used no longer."""
        self._require("withdraw")
        after = self._next(now, state="withdrawn")
        return after, facts.ToolWithdrawn(**after._whole())

    def retract(self, step: Step | None, reason: str, now: datetime) -> tuple["Tool", Event]:
        """Take a fact back: that a country uses it, that it was withdrawn, or, while nobody uses it, that it is there at all."""
        self._require("retract")
        if step is None:
            raise Invalid("corrects", "is no standing fact of this tool")
        fact = facts.ToolRetracted(corrects=step.event_id, reason=reason)
        if step.type == facts.ToolAdoptedNationally.type:
            left = {country: on for country, on in self.adoptions.items() if country != step.country}
            return self._next(now, adoptions=left), fact
        if step.type == facts.ToolWithdrawn.type:
            return self._next(now, state="published"), fact
        if step.type != facts.ToolPublished.type:
            raise Conflict("What a tool is, is put right by revising it", id=str(self.id))
        if self.adoptions:
            raise Conflict(f"It is used by {', '.join(sorted(self.adoptions))}: take that back first", id=str(self.id))
        return self._next(now, state="retracted"), fact

    def _whole(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "title": dict(self.title),
            "kind": self.kind,
            "version": self.edition,
            "languages": list(self.languages),
            "source_revision": self.source_revision,
            "measures": list(self.measures),
            "owner": self.owner,
            "address": self.address,
        }

    def _next(self, now: datetime, **changed: Any) -> "Tool":
        return replace(self, **changed, version=self.version + 1, recorded_at=max(now, self.recorded_at))

    def _require(self, step: str) -> None:
        states.require(NEXT, self.state, step, id=str(self.id))


def _require_past(on: date, name: str, now: datetime) -> None:
    if start_of(on) > now:
        raise Invalid(name, "lies in the future")


def moment_of(on: date | None, now: datetime) -> datetime:
    """When a publication happened: on a day that has begun, or now. Raises `Invalid`."""
    if on is None:
        return now
    _require_past(on, "on", now)
    return start_of(on)
