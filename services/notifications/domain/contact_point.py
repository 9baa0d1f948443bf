"""A contact point as its facts tell it: whose it is, and from when to when it serves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.events import Event
from shared.events import contacts as facts


def clock(zone: str) -> tzinfo:
    """The clock of that IANA name; UTC where nobody knows it: a wrong name must not keep a mail back."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A contact point; `zone` is its authority's clock, by which its days begin."""

    id: UUID
    country: str | None = None
    """Whose it is; absent where an organisation or a network appointed it."""
    person: UUID | None = None
    authority: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    zone: str = "UTC"
    deputy: UUID | None = None
    network: UUID | None = None
    """Which one appointed it, where one did."""

    def serves(self, now: datetime) -> bool:
        """Is it designated, and not ended, on the day it is there?"""
        today = now.astimezone(clock(self.zone)).date()
        return bool(self.person and self.valid_from and self.valid_from <= today and (self.valid_to is None or today < self.valid_to))


def folded(id_: UUID, country: str | None, said: Sequence[tuple[UUID, Event]]) -> ContactPoint:
    """What (event id, fact) in order of their versions come to: what was taken back counts no longer, corrected days are as corrected."""
    gone = {fact.corrects for _, fact in said if isinstance(fact, facts.ContactPointRetracted)}
    standing = [(event_id, fact) for event_id, fact in said if event_id not in gone]
    on = {fact.corrects: fact.on for _, fact in standing if isinstance(fact, facts.ContactPointCorrected)}
    found = ContactPoint(id_, country)
    for event_id, fact in standing:
        match fact:
            case facts.ContactPointNominated():
                found = replace(
                    found, person=fact.person_ref, network=fact.appointing_body_ref if fact.appointing_kind == "network" else None
                )
            case facts.ContactPointDesignated():
                found = replace(found, authority=fact.authority_ref, deputy=fact.deputy_ref, valid_from=on.get(event_id, fact.valid_from))
            case facts.ContactPointUpdated():
                found = replace(found, authority=fact.authority_ref, deputy=fact.deputy_ref)
            case facts.ContactPointEnded():
                found = replace(found, valid_to=on.get(event_id, fact.valid_to))
    return found
