"""Whom to ask: candidates of a country, the order that the domain gives them, and what the legal standing allows.

Functions and authorities only: a person's details remain behind the personal endpoint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts import domain
from services.contacts.domain import Place, Question
from services.contacts.views.enquiries import median_minutes
from services.contacts.views.registers import PostingRow
from services.contacts.views.whom.candidates import candidates, said_of
from services.contacts.views.whom.rows import PlaceRow, SeatRow, StandingRow, WhomToAsk

__all__ = ["PlaceRow", "Rules", "StandingRow", "WhomToAsk", "whom_to_ask"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the instance says of working time, and of how fresh an entry must be."""

    calendars: domain.Calendars
    fresh: domain.Freshness


async def whom_to_ask(tx: AsyncConnection, question: Question, rules: Rules) -> WhomToAsk:
    """The answer card of a question (flow P1)."""
    answer = domain.rank(question, await candidates(tx, question), rules.calendars, rules.fresh)
    places = [place for place in (answer.first, *answer.chain) if place]
    medians = await median_minutes(tx, [place.candidate.id for place in places if place.candidate.id])
    standing = domain.standing(await said_of(tx, question), question.on)
    return WhomToAsk(
        country=question.country,
        measure=question.measure,
        crime_type=question.crime_type,
        urgency=question.urgency,
        on=question.on,
        holidays_known=rules.calendars.of(question.country, "UTC").complete,
        first=_shown(answer.first, question, medians) if answer.first else None,
        chain=[_shown(place, question, medians) for place in answer.chain],
        standing=StandingRow(partner=standing.partner, status=standing.status, rule=standing.rule, outcomes=dict(standing.outcomes)),
    )


def _shown(place: Place, question: Question, medians: Mapping[UUID, int]) -> PlaceRow:
    candidate, seat = place.candidate, place.candidate.seat
    name, language = _named(candidate.name, question.language)
    local = question.now.astimezone(ZoneInfo(candidate.zone)) if question.now and candidate.zone else None
    opens = place.opens.astimezone(ZoneInfo(candidate.zone)) if place.opens and candidate.zone else None
    return PlaceRow(
        rung=candidate.rung,
        kind=candidate.kind,
        id=candidate.id,
        authority=candidate.authority,
        name=name,
        name_language=language,
        institution_kind=candidate.institution,
        seat=SeatRow(network=seat.network, name=_named(seat.name, question.language)[0] or "", role=seat.role) if seat else None,
        posting=PostingRow(**asdict(candidate.posting)) if candidate.posting else None,
        specialisations=list(candidate.specialisations),
        languages=list(candidate.languages),
        mailbox=candidate.mailbox,
        phone_24x7=candidate.phone_24x7,
        round_the_clock=candidate.always,
        zone=candidate.zone,
        local_time=local,
        now=place.state.kind if place.state else None,
        holiday=place.state.name if place.state else None,
        opens_at=opens,
        verified_on=candidate.reached.verified_on,
        stale=place.stale,
        median_minutes=medians.get(candidate.id) if candidate.id else None,
        usable=place.usable,
        reasons=list(place.reasons),
    )


def _named(names: Any, language: str) -> tuple[str | None, str | None]:
    spoken: Sequence[str] = [language, "en", *names]
    return next(((str(names[each]), each) for each in spoken if each in names), (None, None))
