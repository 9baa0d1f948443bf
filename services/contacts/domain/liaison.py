"""A liaison posting (`events.md` §6.4 *liaison*): somebody posted at a host, for some time, paid by somebody (PA-07, PA-18, WB-06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.contacts.domain.authority import folded
from services.contacts.domain.history import Step, require, stepped, taken_back
from shared.errors import Invalid
from shared.events import Event
from shared.events import contacts as facts

NEXT: Mapping[str, tuple[str, ...]] = {
    "posted": ("end posting", "fund posting", "retract posting"),
    "ended": ("fund posting", "retract posting"),
    "retracted": (),
}
"""What may be done in each state."""


@dataclass(frozen=True, slots=True)
class Liaison:
    """A posting: `country` posts, or an organisation where it is None; the host is a country's code or an organisation's reference."""

    id: UUID
    reference: str
    country: str | None
    organisation: str | None
    kind: str
    host: str
    contact_point: UUID | None
    valid_from: date
    valid_to: date | None
    state: str
    version: int
    recorded_at: datetime
    funding_share: int | None = None
    """Percent, 0 to 100."""
    funder: str | None = None

    def __post_init__(self) -> None:
        """Raises `Invalid` where it is not clear who posts, where nobody goes anywhere, or where it ends before it begins."""
        if (self.country is None) == (self.organisation is None):
            raise Invalid("country", "a country posts or an organisation: name one of them")
        if self.host in (self.country, self.organisation):
            raise Invalid("host", "is who posts")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Invalid("valid_to", f"lies before the beginning {self.valid_from}")

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return folded(" ".join((self.reference, self.host, self.country or self.organisation or "")))

    def posted(self) -> Event:
        """It is there."""
        return facts.LiaisonPosted(**self._whole())

    def end(self, valid_to: date, now: datetime) -> "tuple[Liaison, Event]":
        """It holds no longer, from that day on."""
        require(self, NEXT, "end posting")
        after = stepped(self, now, state="ended", valid_to=valid_to)
        return after, facts.LiaisonEnded(**after._whole())

    def fund(self, share: int, funder: str | None, now: datetime) -> "tuple[Liaison, Event]":
        """Others bear so many percent of its costs, instead of what was said before."""
        require(self, NEXT, "fund posting")
        after = stepped(self, now, funding_share=share, funder=funder)
        return after, facts.LiaisonFunded(**after._whole(), funder_ref=funder)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[Liaison, Event]":
        """Take the newest standing fact back (`standing`: newest first)."""
        require(self, NEXT, "retract posting")
        return taken_back(self, corrects, standing, now), facts.LiaisonRetracted(corrects=corrects, reason=reason)

    def _whole(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "kind": self.kind,
            "from_country": self.country,
            "from_organisation": self.organisation,
            "host": self.host,
            "contact_point_ref": self.contact_point,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "funding_share": self.funding_share,
        }
