"""The types of values that are taken in, shared by the routes."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from shared.codes import one_of
from shared.web.values import PROSE, Id, Names, Nearby, Reference

Country = one_of("country")
CrimeType = one_of("crime_type")
CrimeTypes = Annotated[list[CrimeType], Field(max_length=30)]  # type: ignore[valid-type]  # a type made of a code list
Countries = Annotated[list[Country], Field(max_length=60)]  # type: ignore[valid-type]
Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words in the title")]


class Described(BaseModel):
    """What every thing here has; `country` leads it, absent for what stands above countries."""

    reference: Reference | None = None
    country: one_of("country") | None = None  # type: ignore[valid-type]
    title: Names
    crime_types: CrimeTypes = []
    countries: Countries = []


class Retraction(BaseModel):
    """Which fact to take back, and why."""

    corrects: Id
    reason: one_of("correction_reason")  # type: ignore[valid-type]


class Cancellation(BaseModel):
    """Why it will not take place."""

    reason: one_of("cancel_reason")  # type: ignore[valid-type]


def _sought(
    country: Country | None = None,  # type: ignore[valid-type]
    participant: Country | None = None,  # type: ignore[valid-type]
    crime_type: CrimeType | None = None,  # type: ignore[valid-type]
    since: Nearby | None = None,
    until: Nearby | None = None,
    q: Words = None,
) -> dict[str, Any]:
    return {"country": country, "participant": participant, "crime_type": crime_type, "since": since, "until": until, "q": q}


Sought = Annotated[dict[str, Any], Depends(_sought)]
"""By what every list here can be narrowed."""


def once(codes: Sequence[str]) -> tuple[str, ...]:
    """Each code once, in an order that does not depend on how it was told."""
    return tuple(sorted(set(codes)))
