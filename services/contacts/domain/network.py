"""A network's life (`events.md` §6.3 *network*): founded, at work, silent, dissolved; who belongs to it, and what it works with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.contacts.domain.authority import folded
from services.contacts.domain.history import Step, require, stepped, taken_back
from shared.errors import Conflict, Invalid
from shared.events import Event, start_of
from shared.events import contacts as facts

_ALIVE = ("grant membership", "end membership", "interconnect", "disconnect", "dissolve", "retract")
NEXT: Mapping[str, tuple[str, ...]] = {
    "founded": ("activate", *_ALIVE),
    "active": ("flag silent", *_ALIVE),
    "silent": ("activate", *_ALIVE),
    "dissolved": ("retract",),
    "retracted": (),
}
"""What may be done in each state."""
TURNS: Mapping[str, tuple[str, type[facts.NetworkFounded]]] = {
    "activate": ("active", facts.NetworkActivated),
    "flag silent": ("silent", facts.NetworkSilentFlagged),
    "dissolve": ("dissolved", facts.NetworkDissolved),
}
"""Intent -> the state it leads to, and the fact that says it."""


@dataclass(frozen=True, slots=True)
class Membership:
    """An authority, a contact point or a network that belongs to it, from a day on."""

    member: UUID
    role: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Link:
    """Another network it works with."""

    network: UUID
    purpose: str
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """A network; `country` is whose it is, None for one above countries."""

    id: UUID
    reference: str
    country: str | None
    name: Mapping[str, str]
    kind: str
    domain: tuple[str, ...]
    fields: tuple[str, ...]
    level: str
    rhythm: str | None
    secretariat_ref: UUID | None
    state: str
    version: int
    recorded_at: datetime
    members: tuple[Membership, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return folded(" ".join((self.reference, *self.name.values())))

    def founded(self) -> Event:
        """It was set up."""
        return facts.NetworkFounded(**self._whole())

    def turn(self, intent: str, on: date | None, now: datetime) -> "tuple[Network, Event]":
        """It is at work, silent or no more, from a day on; raises `Invalid` for a day to come."""
        require(self, NEXT, intent)
        require_past(on, now)
        state, fact = TURNS[intent]
        after = stepped(self, now, state=state)
        return after, fact(**after._whole())

    def grant(self, membership: Membership, now: datetime) -> "tuple[Network, Event]":
        """Somebody belongs to it; raises `Conflict` where that is so already."""
        require(self, NEXT, "grant membership")
        if membership.member == self.id:
            raise Invalid("member_ref", "is the network itself")
        if membership in self.members:
            raise Conflict("It is a member in this role already", id=str(self.id))
        others = tuple(each for each in self.members if each.member != membership.member)
        after = stepped(self, now, members=(*others, membership))
        said = facts.NetworkMembershipGranted(member_ref=membership.member, role=membership.role, valid_from=membership.valid_from)
        return after, said

    def end(self, member: UUID, valid_to: date, now: datetime) -> "tuple[Network, Event]":
        """It belongs to it no longer; raises `Invalid` where it never did, or would end before it began."""
        require(self, NEXT, "end membership")
        ended = next((each for each in self.members if each.member == member), None)
        if ended is None:
            raise Invalid("member_ref", "is no member")
        if valid_to < ended.valid_from:
            raise Invalid("valid_to", f"lies before the beginning {ended.valid_from}")
        after = stepped(self, now, members=tuple(each for each in self.members if each.member != member))
        said = facts.NetworkMembershipEnded(member_ref=member, role=ended.role, valid_from=ended.valid_from, valid_to=valid_to)
        return after, said

    def interconnect(self, link: Link, on: date | None, now: datetime) -> "tuple[Network, Event]":
        """It works with another one; raises `Conflict` where it does already."""
        require(self, NEXT, "interconnect")
        require_past(on, now)
        if link.network == self.id:
            raise Invalid("other_network", "is the network itself")
        if any(each.network == link.network for each in self.links):
            raise Conflict("They are interconnected already", id=str(self.id))
        after = stepped(self, now, links=(*self.links, link))
        return after, facts.NetworkInterconnected(other_network=link.network, purpose=link.purpose, basis=link.basis)

    def disconnect(self, other: UUID, on: date | None, now: datetime) -> "tuple[Network, Event]":
        """It works with the other one no longer; raises `Invalid` where it never did."""
        require(self, NEXT, "disconnect")
        require_past(on, now)
        link = next((each for each in self.links if each.network == other), None)
        if link is None:
            raise Invalid("other_network", "is not interconnected with it")
        after = stepped(self, now, links=tuple(each for each in self.links if each.network != other))
        return after, facts.NetworkDisconnected(other_network=other, purpose=link.purpose, basis=link.basis)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[Network, Event]":
        """Take the newest standing fact back (`standing`: newest first)."""
        require(self, NEXT, "retract")
        return taken_back(self, corrects, standing, now), facts.NetworkRetracted(corrects=corrects, reason=reason)

    def _whole(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "name": dict(self.name),
            "kind": self.kind,
            "domain": list(self.domain),
            "level": self.level,
            "rhythm": self.rhythm,
            "secretariat_ref": self.secretariat_ref,
        }


@dataclass(frozen=True, slots=True)
class PriorityDomain:
    """A kind of crime for which a network is wanted, in a country or (None) everywhere."""

    id: UUID
    reference: str
    country: str | None
    code: str
    label: Mapping[str, str]
    valid_from: date
    state: str
    version: int
    recorded_at: datetime

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return folded(" ".join((self.reference, self.code, *self.label.values())))

    def added(self) -> Event:
        """It has priority."""
        return facts.DomainAdded(code=self.code, label=dict(self.label), valid_from=self.valid_from)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[PriorityDomain, Event]":
        """It should never have been said."""
        require(self, {"added": ("retract",), "retracted": ()}, "retract")
        return taken_back(self, corrects, standing, now), facts.DomainRetracted(corrects=corrects, reason=reason)


def require_past(on: date | None, now: datetime) -> None:
    """Raises `Invalid` for a day that has not begun."""
    if on is not None and start_of(on) > now:
        raise Invalid("on", "lies in the future")
