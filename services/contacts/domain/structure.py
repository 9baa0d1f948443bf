"""A structure's life (`events.md` §6.3 *structure*): an office, a national network or both, through which a country coordinates (X20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.contacts.domain.authority import folded
from services.contacts.domain.history import Step, require, stepped, taken_back
from shared.errors import Conflict, Invalid
from shared.events import Event
from shared.events import contacts as facts

NEXT: Mapping[str, tuple[str, ...]] = {
    "established": ("assign a role", "adopt an action plan", "declare a channel", "retract"),
    "retracted": (),
}
"""What may be done in each state."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who has which role in it."""

    role: str
    authority: UUID | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure; `country` is whose it is, None for one of several; parties are country codes and references of organisations."""

    id: UUID
    reference: str
    country: str | None
    name: Mapping[str, str]
    kind: str
    form: str
    parties: tuple[str, ...]
    state: str
    version: int
    recorded_at: datetime
    roles: tuple[Role, ...] = ()
    channels: tuple[str, ...] = ()
    plan_from: date | None = None
    plan_to: date | None = None

    @property
    def searchable(self) -> str:
        """What a search by words looks through."""
        return folded(" ".join((self.reference, *self.name.values())))

    def established(self) -> Event:
        """It is there."""
        return facts.StructureEstablished(
            reference=self.reference, name=dict(self.name), kind=self.kind, form=self.form, parties=list(self.parties)
        )

    def assign(self, role: Role, now: datetime) -> "tuple[Structure, Event]":
        """Somebody has a role in it; raises `Conflict` where that is so already."""
        require(self, NEXT, "assign a role")
        if role in self.roles:
            raise Conflict("This role is assigned so already", id=str(self.id))
        after = stepped(self, now, roles=(*self.roles, role))
        return after, facts.StructureRoleAssigned(role=role.role, authority_ref=role.authority)

    def adopt_plan(self, plan_from: date, plan_to: date, now: datetime) -> "tuple[Structure, Event]":
        """It has a plan for these days, instead of the one before."""
        require(self, NEXT, "adopt an action plan")
        if plan_to <= plan_from:
            raise Invalid("plan_to", "is not after the beginning")
        after = stepped(self, now, plan_from=plan_from, plan_to=plan_to)
        return after, facts.StructureActionPlanAdopted(plan_from=plan_from, plan_to=plan_to)

    def declare(self, channel: str, now: datetime) -> "tuple[Structure, Event]":
        """It works through this channel; raises `Conflict` where that is known already."""
        require(self, NEXT, "declare a channel")
        if channel in self.channels:
            raise Conflict("This channel is declared already", id=str(self.id))
        return stepped(self, now, channels=(*self.channels, channel)), facts.ChannelDeclared(channel=channel)

    def retract(self, corrects: UUID, standing: Sequence[Step], reason: str, now: datetime) -> "tuple[Structure, Event]":
        """Take the newest standing fact back (`standing`: newest first)."""
        require(self, NEXT, "retract")
        return taken_back(self, corrects, standing, now), facts.StructureRetracted(corrects=corrects, reason=reason)
