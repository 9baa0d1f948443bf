"""A link by which a contact point answers without a password: one purpose, one entry, once, until the day asked for is over."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.contacts.domain.contact_point import ContactPoint
from shared.errors import Conflict

LinkReply = Literal["right", "changed", "gone"]
LinkState = Literal["open", "answered", "expired", "settled"]


@dataclass(frozen=True, slots=True)
class VerificationLink:
    """What is kept of a link; `request_version` is the contact point's version when it was asked."""

    token_hash: bytes
    contact_point_id: UUID
    request_version: int
    expires_at: datetime
    answer: LinkReply | None = None
    changed_fields: tuple[str, ...] | None = None
    answered_at: datetime | None = None

    def state(self, point: ContactPoint, now: datetime) -> LinkState:
        """Can it still be answered? `settled`: the request was answered on another way, or its person was erased."""
        if self.answer is not None:
            return "answered"
        if self.expires_at <= now:
            return "expired"
        return "open" if point.state == "verification_due" and not point.erased_at else "settled"

    def answered(self, given: LinkReply, changed: tuple[str, ...], point: ContactPoint, now: datetime) -> "VerificationLink":
        """With its one answer; raises `Conflict` where it cannot be answered any more."""
        state = self.state(point, now)
        if state != "open":
            raise Conflict(f"This link is {state}", state=state)
        return replace(self, answer=given, changed_fields=changed, answered_at=now)
