"""The types of values that are taken in, shared by the routes."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from services.operations import domain
from shared.codes import one_of
from shared.web.values import PROSE, Chosen, Countries, Country, CrimeType, CrimeTypes, Id, Money, Names, Nearby, Reference

Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words in the title")]


class Described(BaseModel):
    """What every thing here has; `country` leads it, absent for what stands above countries."""

    reference: Reference | None = None
    country: one_of("country") | None = None  # type: ignore[valid-type]
    title: Names
    crime_types: CrimeTypes = []
    countries: Countries = []


async def _sought(
    country: Country | None = None,
    participant: Country | None = None,
    crime_type: CrimeType | None = None,
    since: Nearby | None = None,
    until: Nearby | None = None,
    q: Words = None,
    ids: Chosen = None,
) -> dict[str, Any]:
    return {"ids": ids, "country": country, "participant": participant, "crime_type": crime_type, "since": since, "until": until, "q": q}


Sought = Annotated[dict[str, Any], Depends(_sought)]
"""By what every list here can be narrowed."""


class Tally(BaseModel):
    """How many measures of a kind in all: a total replaces the one before, it is never added to it."""

    country: one_of("country")  # type: ignore[valid-type]
    measure_kind: one_of("measure_kind")  # type: ignore[valid-type]
    total: Annotated[int, Field(ge=0, le=1_000_000_000)]
    amount: Money | None = None
    action_day_ref: Id | None = None

    def key(self) -> domain.Key:
        """What there is one total of."""
        return (self.country, self.measure_kind, self.action_day_ref)

    def tally(self) -> domain.Tally:
        """As the domain takes it."""
        return domain.Tally(self.total, domain.Money(**self.amount.model_dump()) if self.amount else None)


T = TypeVar("T", str, UUID)


def once(told: Sequence[T]) -> tuple[T, ...]:
    """Each code or id once, in an order that does not depend on how it was told."""
    return tuple(sorted(set(told)))
