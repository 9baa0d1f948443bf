"""Liaison postings: who was sent by whom to whom, and who pays for it (PA-07, PA-18, WB-06)."""

from datetime import date
from uuid import UUID

from shared.events.base import Event

LIAISONS = "contacts.liaison.v1"


class LiaisonPosted(Event):
    """A country, or an organisation, posts somebody at another. Each of these facts carries the whole, so that it can be read alone."""

    type = "contacts.liaison.posted.v1"
    topic = LIAISONS
    feeds = ("iP5",)

    reference: str
    kind: str
    from_country: str | None = None
    """Absent where an organisation posts."""
    from_organisation: str | None = None
    """The organisation's reference among partners."""
    host: str
    """A country by its code, an organisation by its reference."""
    contact_point_ref: UUID | None = None
    valid_from: date
    valid_to: date | None = None
    """The first day on which the posting holds no longer."""
    funding_share: int | None = None
    """Percent of the costs that others bear; absent where no source tells."""


class LiaisonEnded(LiaisonPosted):
    """The posting holds no longer, from `valid_to` on."""

    type = "contacts.liaison.ended.v1"


class LiaisonFunded(LiaisonPosted):
    """Others bear `funding_share` percent of its costs (WB-06)."""

    type = "contacts.liaison.funded.v1"

    funder_ref: str | None = None
    """Who bears it, by its reference among partners; absent where no source tells."""


class LiaisonRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "contacts.liaison.retracted.v1"
    topic = LIAISONS
    feeds = ("iP5",)

    corrects: UUID
    reason: str


PUBLISHED = {LIAISONS: (LiaisonPosted, LiaisonEnded, LiaisonFunded, LiaisonRetracted)}
