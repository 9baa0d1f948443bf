"""A mail that is due: which kind it is, and for whom."""

from dataclasses import dataclass
from typing import Literal

from services.notifications.domain.contact_point import ContactPoint

Kind = Literal[
    "invited",
    "changed",
    "cancelled",
    "released",
    "verify",
    "successor",
    "asked",
    "acknowledged",
    "answered",
    "refused",
    "step_proposed",
    "withdrawn",
]
"""`released`: the meeting takes place, but this contact point is no longer asked to it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is due; without a contact point there is nobody to write to in that country."""

    kind: Kind
    contact_point: ContactPoint | None
    country: str | None
