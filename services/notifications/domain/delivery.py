"""One mail to one contact point: what it says, what became of it, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.notifications.domain.enquiries import Enquiry
from services.notifications.domain.letter import Kind
from services.notifications.domain.meeting import Meeting
from services.notifications.domain.notices import Notice
from shared.events import Attributes

About = Meeting | Notice | Enquiry
"""What a mail says, as it was when the fact was taken in: only a meeting is something for a calendar."""
SubjectType = Literal["meeting", "contact_point", "enquiry"]
State = Literal["queued", "sent", "dead", "suppressed"]
LAST_TRY = 8
LONGEST_TRY_S = 30.0
"""A single try ends after so many seconds, whatever hangs."""


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Whom a mail is for, opened just before it is written. No `repr`: what is printed by accident ends in a log."""

    name: str
    email: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail to be sent; the person behind it is a reference."""

    id: UUID
    kind: Kind
    about: About
    person: UUID
    queued_at: datetime
    attempts: int
    languages: tuple[str, ...]
    """Those of the authority, for a person who named none."""
    zone: str
    """The authority's, likewise."""


def silence(said: Attributes, began: datetime, now: datetime, young: timedelta) -> str | None:
    """Why nobody is told of that fact; None where it is news.

    `began` is since when this service tells anybody of anything: what was recorded before was not its to tell, so that a
    replay into an empty database sends nothing.
    """
    if said.mode != "live":
        return "not_live"
    if said.recordedtime < began:
        return "before_start"
    return "too_old" if now - said.recordedtime >= young else None


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after so many refusals; None where it is given up. From 30 seconds doubling to an hour at most."""
    return None if attempts >= LAST_TRY else min(timedelta(seconds=30 * 2 ** (attempts - 1)), timedelta(hours=1))
