"""Through whom one reaches what has no mailbox of its own: a network, or somebody who is posted abroad (B7, PA-07)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shared.events import Event
from shared.events import contacts as facts

GATEWAY = "gateway"
"""The role of a member through whom a network is reached."""


def through_whom(id_: UUID, said: Sequence[tuple[UUID, Event]], on: date) -> set[UUID]:
    """Itself, and whom its facts (event id, fact; in order of their versions) name for that day.

    A network names the one that keeps its secretariat and its gateways, a posting its contact point. What was taken back counts no longer.
    """
    gone = {fact.corrects for _, fact in said if isinstance(fact, facts.NetworkRetracted | facts.LiaisonRetracted)}
    named: UUID | None = None
    members: dict[UUID, facts.NetworkMembershipGranted] = {}
    for event_id, fact in said:
        match fact:
            case _ if event_id in gone:
                continue
            case facts.NetworkFounded():
                named = fact.secretariat_ref
            case facts.LiaisonPosted():
                named = fact.contact_point_ref if _holds(fact, on) else None
            case facts.NetworkMembershipGranted():
                members[fact.member_ref] = fact
    gateways = {ref for ref, fact in members.items() if fact.role == GATEWAY and _holds(fact, on)}
    return {id_, *gateways, *({named} if named else ())}


def _holds(fact: facts.LiaisonPosted | facts.NetworkMembershipGranted, on: date) -> bool:
    return fact.valid_from <= on and (fact.valid_to is None or on < fact.valid_to)
