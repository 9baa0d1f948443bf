"""Authorities: offices, never persons."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from shared.errors import Invalid
from shared.events.contacts import AuthorityAmended, AuthorityRegistered


def folded(text: str) -> str:
    """Text as a search compares it: case and accents laid aside."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@cache
def known_zone(zone: str) -> bool:
    """Is it an IANA zone? Never a fixed offset: a country's own clock changes with its laws."""
    return zone in available_timezones()


@dataclass(frozen=True, slots=True)
class Authority:
    """An office of a country, or an agency above countries (`country` absent); its name per language."""

    id: UUID
    reference: str
    name: Mapping[str, str]
    kind: str
    country: str | None
    subdivision: str | None
    zone: str
    languages: tuple[str, ...]
    role_mailbox: str | None
    phone_24x7: str | None
    version: int
    recorded_at: datetime

    def __post_init__(self) -> None:
        """Raises `Invalid` for a zone nobody knows and a subdivision of another country (ISO 3166-2)."""
        self.check(self.zone, self.subdivision, self.country)

    @staticmethod
    def check(zone: str, subdivision: str | None, country: str | None) -> None:
        """The same for values that are no authority yet."""
        if not known_zone(zone):
            raise Invalid("zone", "is no IANA zone")
        if subdivision and not subdivision.startswith(f"{country}-"):
            raise Invalid("subdivision", "lies in another country")

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return folded(" ".join((self.reference, *self.name.values())))

    def registered(self) -> AuthorityRegistered:
        """It became known."""
        return self._said(AuthorityRegistered)

    def amend(self, described: Mapping[str, Any], now: datetime) -> "tuple[Authority, AuthorityRegistered | None]":
        """Its whole new description; no fact where nothing is new."""
        after = replace(self, **described)
        if after == self:
            return self, None
        after = replace(after, version=self.version + 1, recorded_at=max(now, self.recorded_at))
        return after, after._said(AuthorityAmended)

    def _said(self, fact: type[AuthorityRegistered]) -> AuthorityRegistered:
        return fact(
            reference=self.reference,
            name=dict(self.name),
            kind=self.kind,
            country=self.country,
            subdivision=self.subdivision,
            zone=self.zone,
            languages=list(self.languages),
            role_mailbox=self.role_mailbox,
            phone_24x7=self.phone_24x7,
        )
