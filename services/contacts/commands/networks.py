"""Networks, structures and the domains that have priority."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.commands.steps import advance
from services.contacts.domain import Link, Membership, Network, PriorityDomain, Role, Structure, require_past
from shared.events import Origin, start_of, subject_of


async def found(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any], on: date | None) -> UUID:
    """A network is set up, on a day or now; raises `Conflict` where its reference is known already."""
    require_past(on, origin.now)
    id_ = subject_of("contacts", "network", described["reference"])
    network = Network(id=id_, state="founded", version=1, recorded_at=origin.now, **described)
    await store.require_network(tx, "secretariat_ref", network.secretariat_ref)
    await advance(tx, origin, store.NETWORKS, network, network.founded(), _at(on, origin), beside=beside)
    return id_


async def turn(tx: AsyncConnection, origin: Origin, network: Network, intent: str, on: date | None) -> None:
    """It is at work, silent, or no more."""
    after, fact = network.turn(intent, on, origin.now)
    await advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def grant(tx: AsyncConnection, origin: Origin, network: Network, membership: Membership) -> None:
    """Somebody belongs to it."""
    await store.require_member(tx, membership.member)
    after, fact = network.grant(membership, origin.now)
    await advance(tx, origin, store.NETWORKS, after, fact, start_of(membership.valid_from))


async def end_membership(tx: AsyncConnection, origin: Origin, network: Network, member: UUID, valid_to: date) -> None:
    """It belongs to it no longer."""
    after, fact = network.end(member, valid_to, origin.now)
    await advance(tx, origin, store.NETWORKS, after, fact, start_of(valid_to))


async def interconnect(tx: AsyncConnection, origin: Origin, network: Network, link: Link, on: date | None) -> None:
    """It works with another one, which is there."""
    await store.require_network(tx, "other_network", link.network)
    after, fact = network.interconnect(link, on, origin.now)
    await advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def disconnect(tx: AsyncConnection, origin: Origin, network: Network, other: UUID, on: date | None) -> None:
    """It works with the other one no longer."""
    after, fact = network.disconnect(other, on, origin.now)
    await advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def establish(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any], on: date | None) -> UUID:
    """A structure is there, since a day or now; raises `Conflict` where its reference is known already."""
    require_past(on, origin.now)
    id_ = subject_of("contacts", "structure", described["reference"])
    structure = Structure(id=id_, state="established", version=1, recorded_at=origin.now, **described)
    await advance(tx, origin, store.STRUCTURES, structure, structure.established(), _at(on, origin), beside=beside)
    return id_


async def assign_role(tx: AsyncConnection, origin: Origin, structure: Structure, role: Role) -> None:
    """Somebody has a role in it."""
    if role.authority is not None:
        await store.require_authority(tx, role.authority, None)
    after, fact = structure.assign(role, origin.now)
    await advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def adopt_plan(tx: AsyncConnection, origin: Origin, structure: Structure, plan_from: date, plan_to: date) -> None:
    """It has a plan."""
    after, fact = structure.adopt_plan(plan_from, plan_to, origin.now)
    await advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def declare_channel(tx: AsyncConnection, origin: Origin, structure: Structure, channel: str) -> None:
    """It works through a channel."""
    after, fact = structure.declare(channel, origin.now)
    await advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def add_domain(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any]) -> UUID:
    """A kind of crime has priority; raises `Conflict` where its reference is known already."""
    id_ = subject_of("contacts", "domain", described["reference"])
    domain = PriorityDomain(id=id_, state="added", version=1, recorded_at=origin.now, **described)
    await advance(tx, origin, store.DOMAINS, domain, domain.added(), start_of(domain.valid_from), beside=beside)
    return id_


def _at(on: date | None, origin: Origin) -> datetime:
    return start_of(on) if on else origin.now
