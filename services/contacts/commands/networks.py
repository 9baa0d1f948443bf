"""Networks, structures and the domains that have priority."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import store
from services.contacts.domain import Link, Membership, Network, PriorityDomain, Role, Structure, require_past
from services.contacts.store import Register
from shared import outbox
from shared.events import Event, Origin, start_of, subject_of

Kept = Network | Structure | PriorityDomain


async def found(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any], on: date | None) -> UUID:
    """A network is set up, on a day or now; raises `Conflict` where its reference is known already."""
    require_past(on, origin.now)
    id_ = subject_of("contacts", "network", described["reference"])
    network = Network(id=id_, state="founded", version=1, recorded_at=origin.now, **described)
    await store.require_network(tx, "secretariat_ref", network.secretariat_ref)
    await _advance(tx, origin, store.NETWORKS, network, network.founded(), _at(on, origin), beside=beside)
    return id_


async def turn(tx: AsyncConnection, origin: Origin, network: Network, intent: str, on: date | None) -> None:
    """It is at work, silent, or no more."""
    after, fact = network.turn(intent, on, origin.now)
    await _advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def grant(tx: AsyncConnection, origin: Origin, network: Network, membership: Membership) -> None:
    """Somebody belongs to it."""
    await store.require_member(tx, membership.member)
    after, fact = network.grant(membership, origin.now)
    await _advance(tx, origin, store.NETWORKS, after, fact, start_of(membership.valid_from))


async def end_membership(tx: AsyncConnection, origin: Origin, network: Network, member: UUID, valid_to: date) -> None:
    """It belongs to it no longer."""
    after, fact = network.end(member, valid_to, origin.now)
    await _advance(tx, origin, store.NETWORKS, after, fact, start_of(valid_to))


async def interconnect(tx: AsyncConnection, origin: Origin, network: Network, link: Link, on: date | None) -> None:
    """It works with another one, which is there."""
    await store.require_network(tx, "other_network", link.network)
    after, fact = network.interconnect(link, on, origin.now)
    await _advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def disconnect(tx: AsyncConnection, origin: Origin, network: Network, other: UUID, on: date | None) -> None:
    """It works with the other one no longer."""
    after, fact = network.disconnect(other, on, origin.now)
    await _advance(tx, origin, store.NETWORKS, after, fact, _at(on, origin))


async def establish(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any], on: date | None) -> UUID:
    """A structure is there, since a day or now; raises `Conflict` where its reference is known already."""
    require_past(on, origin.now)
    id_ = subject_of("contacts", "structure", described["reference"])
    structure = Structure(id=id_, state="established", version=1, recorded_at=origin.now, **described)
    await _advance(tx, origin, store.STRUCTURES, structure, structure.established(), _at(on, origin), beside=beside)
    return id_


async def assign_role(tx: AsyncConnection, origin: Origin, structure: Structure, role: Role) -> None:
    """Somebody has a role in it."""
    if role.authority is not None:
        await store.require_authority(tx, role.authority, None)
    after, fact = structure.assign(role, origin.now)
    await _advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def adopt_plan(tx: AsyncConnection, origin: Origin, structure: Structure, plan_from: date, plan_to: date) -> None:
    """It has a plan."""
    after, fact = structure.adopt_plan(plan_from, plan_to, origin.now)
    await _advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def declare_channel(tx: AsyncConnection, origin: Origin, structure: Structure, channel: str) -> None:
    """It works through a channel."""
    after, fact = structure.declare(channel, origin.now)
    await _advance(tx, origin, store.STRUCTURES, after, fact, after.recorded_at)


async def add_domain(tx: AsyncConnection, origin: Origin, described: Mapping[str, Any], beside: Mapping[str, Any]) -> UUID:
    """A kind of crime has priority; raises `Conflict` where its reference is known already."""
    id_ = subject_of("contacts", "domain", described["reference"])
    domain = PriorityDomain(id=id_, state="added", version=1, recorded_at=origin.now, **described)
    await _advance(tx, origin, store.DOMAINS, domain, domain.added(), start_of(domain.valid_from), beside=beside)
    return id_


async def retract(tx: AsyncConnection, origin: Origin, register: Register, kept: Kept, corrects: UUID, reason: str) -> None:
    """Take the newest standing fact back; `asof` before now still shows it."""
    after, fact = kept.retract(corrects, await store.standing(tx, register, kept.id), reason, origin.now)
    await store.take_step_back(tx, corrects, after.recorded_at)
    said = {"corrects": corrects, "reason": reason}
    # The state it leads to is an earlier step's: this one is no step to go back to.
    await _advance(tx, origin, register, after, fact, after.recorded_at, step=said, standing=False)


def _at(on: date | None, origin: Origin) -> datetime:
    return start_of(on) if on else origin.now


async def _advance(
    tx: AsyncConnection,
    origin: Origin,
    register: Register,
    after: Kept,
    fact: Event,
    time: datetime,
    *,
    beside: Mapping[str, Any] | None = None,
    step: Mapping[str, Any] | None = None,
    standing: bool = True,
) -> None:
    await store.keep(tx, register, after, beside)
    recorded, country = after.recorded_at, after.country
    event_id = await outbox.add(tx, origin, fact, subject=after.id, version=after.version, time=time, recorded=recorded, country=country)
    await store.remember(tx, register, after, event_id, fact.type, time, standing=standing, **step or {})
