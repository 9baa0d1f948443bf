"""Networks of specialists, the domains that have priority, and the structures through which a country coordinates."""

from datetime import date
from uuid import UUID

from shared.events.base import Event

NETWORKS = "contacts.network.v1"
DOMAINS = "contacts.domain.v1"
STRUCTURES = "contacts.structure.v1"
COUNTED = ("iA4", "iA5", "iA6")


class DomainAdded(Event):
    """A kind of crime has priority, from that day on: a network is wanted for it."""

    type = "contacts.domain.added.v1"
    topic = DOMAINS
    classification = "public"
    feeds = ("iA4",)

    code: str
    """A crime type."""
    label: dict[str, str]
    valid_from: date


class DomainRetracted(Event):
    """It should never have been said: it counts no longer, from now on."""

    type = "contacts.domain.retracted.v1"
    topic = DOMAINS
    classification = "public"
    feeds = ("iA4",)

    corrects: UUID
    reason: str


class NetworkFounded(Event):
    """It was set up; whether it works is said apart. Each of these facts carries the whole network, so that it can be read alone."""

    type = "contacts.network.founded.v1"
    topic = NETWORKS
    classification = "public"
    feeds = COUNTED

    reference: str
    name: dict[str, str]
    kind: str
    domain: list[str]
    """Crime types it is for; empty where it is for all."""
    level: str
    rhythm: str | None = None
    """How often it is to meet, an ISO 8601 duration such as P3M."""
    secretariat_ref: UUID | None = None


class NetworkActivated(NetworkFounded):
    """It is at work, or at work again."""

    type = "contacts.network.activated.v1"


class NetworkSilentFlagged(NetworkFounded):
    """Nothing was heard of it for too long."""

    type = "contacts.network.silent_flagged.v1"


class NetworkDissolved(NetworkFounded):
    """It is no more."""

    type = "contacts.network.dissolved.v1"


class NetworkMembershipGranted(Event):
    """An authority, a contact point or another network belongs to it."""

    type = "contacts.network.membership_granted.v1"
    topic = NETWORKS
    feeds = ("iA4", "iA6")

    member_ref: UUID
    role: str
    valid_from: date
    valid_to: date | None = None


class NetworkMembershipEnded(NetworkMembershipGranted):
    """It belongs to it no longer, from `valid_to` on."""

    type = "contacts.network.membership_ended.v1"


class NetworkInterconnected(Event):
    """It works together with another network; the link holds in both directions."""

    type = "contacts.network.interconnected.v1"
    topic = NETWORKS
    classification = "public"
    feeds = ("iA6",)

    other_network: UUID
    purpose: str
    basis: str | None = None
    """On what it rests; absent where no source tells."""


class NetworkDisconnected(NetworkInterconnected):
    """It works with the other one no longer."""

    type = "contacts.network.disconnected.v1"


class NetworkRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "contacts.network.retracted.v1"
    topic = NETWORKS
    classification = "public"
    feeds = COUNTED

    corrects: UUID
    reason: str


class StructureEstablished(Event):
    """An office or a national network through which a country, or several, coordinate."""

    type = "contacts.structure.established.v1"
    topic = STRUCTURES
    classification = "public"
    feeds = ("iM2",)

    reference: str
    name: dict[str, str]
    kind: str
    form: str
    parties: list[str]
    """Countries by their code, organisations by their reference."""


class StructureRoleAssigned(Event):
    """Somebody has a role in it: which authority, where that is known."""

    type = "contacts.structure.role_assigned.v1"
    topic = STRUCTURES
    classification = "public"
    feeds = ("iM2",)

    role: str
    authority_ref: UUID | None = None


class StructureActionPlanAdopted(Event):
    """It has a plan for these days."""

    type = "contacts.structure.action_plan_adopted.v1"
    topic = STRUCTURES
    classification = "public"
    feeds = ("iM2",)

    plan_from: date
    plan_to: date


class ChannelDeclared(Event):
    """It can be reached through this channel, or reaches others through it."""

    type = "contacts.channel.declared.v1"
    topic = STRUCTURES
    feeds = ("iA6",)

    channel: str


class StructureRetracted(Event):
    """An earlier fact should never have been said: it counts no longer, from now on."""

    type = "contacts.structure.retracted.v1"
    topic = STRUCTURES
    classification = "public"
    feeds = ("iM2",)

    corrects: UUID
    reason: str


PUBLISHED = {
    DOMAINS: (DomainAdded, DomainRetracted),
    NETWORKS: (
        NetworkFounded,
        NetworkActivated,
        NetworkSilentFlagged,
        NetworkDissolved,
        NetworkMembershipGranted,
        NetworkMembershipEnded,
        NetworkInterconnected,
        NetworkDisconnected,
        NetworkRetracted,
    ),
    STRUCTURES: (StructureEstablished, StructureRoleAssigned, StructureActionPlanAdopted, ChannelDeclared, StructureRetracted),
}
