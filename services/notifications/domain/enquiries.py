"""Mails about an enquiry: to whoever is asked, and back to whoever asked (P1, B7, M4).

They say that there is something to read, never what: an enquiry's countries and measure are for those who are signed in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.contact_point import ContactPoint
from services.notifications.domain.letter import Kind, Letter
from shared.events import contacts as facts


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Which enquiry it is about, how urgent it is, and by when somebody is to say that it is in hand."""

    id: UUID
    urgency: str
    acknowledge_by: datetime | None = None


TO_ADDRESSEE: Mapping[type[facts.EnquiryOpened], Kind] = {
    facts.EnquiryRouted: "asked",
    facts.EnquiryEscalated: "asked",
    facts.EnquiryWithdrawn: "withdrawn",
}
TO_ASKER: Mapping[type[facts.EnquiryOpened], Kind] = {
    facts.EnquiryAcknowledged: "acknowledged",
    facts.EnquiryAnswered: "answered",
    facts.EnquiryRefused: "refused",
    facts.EnquiryStepProposed: "step_proposed",
}


def enquiry_of(fact: facts.EnquiryOpened, id_: UUID) -> Enquiry:
    """What is told of it."""
    return Enquiry(id_, fact.urgency, fact.acknowledge_by if isinstance(fact, facts.EnquiryRouted) else None)


def enquiry_letters(fact: facts.EnquiryOpened, known: Collection[ContactPoint], through: set[UUID], now: datetime) -> Sequence[Letter]:
    """The mails that follow; `known`: the contact points that `through` names by itself, its authority or its network, and who asks.

    An authority is asked through its contact points, a network through those that it, its secretariat or its gateways have: those that
    answer for the country that is asked or for no single one, and all of them where there is none. The diplomatic channel has no mailbox,
    nor has a country that asks without naming a contact point: that nobody was written to is said. What was sent to nobody yet
    concerns nobody.
    """
    kind = TO_ADDRESSEE.get(type(fact))
    if kind is None:
        return _letters(TO_ASKER[type(fact)], [each for each in known if each.id == fact.asker_ref], fact.from_country, now)
    if fact.addressee_ref is None:
        return []
    asked = [each for each in known if through & {each.id, each.authority, each.network} and each.serves(now)]
    near = [each for each in asked if each.country in (None, fact.to_country)]
    return _letters(kind, near if near and fact.addressee_kind == "network" else asked, fact.to_country, now)


def _letters(kind: Kind, found: Collection[ContactPoint], country: str, now: datetime) -> Sequence[Letter]:
    return [Letter(kind, each, each.country) for each in found if each.serves(now)] or [Letter(kind, None, country)]
