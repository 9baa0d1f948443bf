"""What is asked of an indicator: for when and for whom, as known when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.reporting.domain import Indicator, Part, Period
from shared.codes import LISTS
from shared.errors import NotFound

Dimension = Literal["crime_type", "kind", "measure_kind"]
"""By what a figure can be broken down."""

REFUSALS: Mapping[str, str] = {
    "crime_type": "not counted by crime type",
    "country": "not counted by country; ask by participant",
    "participant": "not counted by participant",
    "partner_kind": "not counted by participant",
    "kind": "not counted by kind",
    "measure_kind": "not counted by kind of measure",
    "channel": "not counted by channel",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which figure, for when and for whom, as known when; several crime types ask for what is about any of them."""

    indicator: Indicator
    period: Period
    asof: datetime
    country: str | None = None
    participant: str | None = None
    partner_kind: str | None = None
    crime_types: tuple[str, ...] = ()
    kind: str | None = None
    measure_kind: str | None = None
    channel: str | None = None

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period that must be covered."""
        return (self.period, self.period.year_before()) if "base" in self.indicator.parts else (self.period,)

    @property
    def narrowed(self) -> bool:
        """Is it asked by more than a declaration of coverage can name: one country, one crime type, what the indicator needs?"""
        kind_of_measure = None if self.indicator.needs_measure_kind else self.measure_kind
        return len(self.crime_types) > 1 or any((self.participant, self.partner_kind, self.kind, kind_of_measure, self.channel))

    def refused(self) -> str | None:
        """Why this cannot be asked of the indicator; None where it can."""
        given = {
            "crime_type": self.crime_types,
            "country": self.country,
            "participant": self.participant,
            "partner_kind": self.partner_kind,
            "kind": self.kind,
            "measure_kind": self.measure_kind,
            "channel": self.channel,
        }
        for name, value in given.items():
            if value and name not in self.indicator.filters:
                return REFUSALS[name]
        if self.indicator.needs_country and self.country is None:
            return "choose a country"
        if self.indicator.over == "period" and self.period.start is None:
            return "choose a period"
        if self.indicator.needs_crime_type and not self.crime_types:
            return "choose a crime type"
        if self.indicator.needs_measure_kind and not self.measure_kind:
            return "choose a kind of measure"
        return None

    def values(self, part: Part) -> dict[str, Any]:
        """What the select of a part is given."""
        period = self.period.year_before() if part == "base" and "base" in self.indicator.parts else self.period
        return {
            "asof": self.asof,
            "t0": period.start,
            "t1": period.end,
            "topics": list(self.indicator.topics),
            "country": self.country,
            "participant": self.participant,
            "partner_kind": self.partner_kind,
            "kind": self.kind,
            "measure_kind": self.measure_kind,
            "channel": self.channel,
            "crime_types": list(self.crime_types) or None,
            "crime_group": list(LISTS["crime_group"].members.get(self.indicator.crime_group or "", ())),
        }

    def select(self, part: Part) -> str:
        """The select of a part; the base is the denominator, or what is counted. Raises `NotFound`."""
        parts = self.indicator.parts
        wanted = parts.get(part) or (parts.get("denominator", parts["numerator"]) if part == "base" else None)
        if wanted is None:
            raise NotFound(f"{self.indicator.code} has no {part}")
        return wanted

    def about(self, dimension: Dimension, code: str) -> "Question":
        """The same, about one code of a dimension."""
        match dimension:
            case "crime_type":
                return replace(self, crime_types=(code,))
            case "kind":
                return replace(self, kind=code)
            case "measure_kind":
                return replace(self, measure_kind=code)
