"""What makes a meeting possible (EJ-05) and what it agreed (EJ-03), as parts of the meeting."""

from typing import Annotated
from uuid import uuid4

from fastapi import Response
from pydantic import BaseModel, Field, StringConstraints

from services.meetings import domain
from services.meetings.api.meetings import Loaded, whole
from services.meetings.commands import agreements as commands
from services.meetings.views import meetings as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.events.money import Money as Amount
from shared.web import SHOWN, Caused, Expected
from shared.web.values import Id, Money, Short, Texts

router = web.router("", "meetings")

Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$"), Field(examples=["fr"])]


class Pair(BaseModel):
    """From which language into which (ISO 639); by way of a third where nobody interprets directly."""

    source: Language
    target: Language
    relay: Language | None = None

    def pair(self) -> domain.Pair:
        """As the domain takes it."""
        return domain.Pair(self.source, self.target, self.relay)


Pairs = Annotated[list[Pair], Field(max_length=60)]


class WantedSupport(BaseModel):
    """What is needed; language pairs and booths for interpretation alone."""

    kind: one_of("support_kind")  # type: ignore[valid-type]
    pairs: Pairs = []
    booths: Annotated[int, Field(ge=0, le=50)] = 0
    note: Short | None = None

    def support(self) -> domain.Support:
        """As the domain takes it."""
        return domain.Support(uuid4(), self.kind, tuple(pair.pair() for pair in self.pairs), self.booths, self.note)


class ConfirmedSupport(BaseModel):
    """What of it there will be: all pairs where none are named; what it costs, where that is known."""

    pairs: Pairs | None = None
    cost: Money | None = None

    def amount(self) -> Amount | None:
        """The cost as facts carry it."""
        cost = self.cost
        return None if cost is None else Amount(amount_minor=cost.amount_minor, currency=cost.currency, exponent=cost.exponent)


class NewDecision(BaseModel):
    """What was agreed, in words that stay here. `supersedes` names a decision of this meeting whose place it takes."""

    kind: one_of("decision_kind")  # type: ignore[valid-type]
    text: Texts
    supersedes: Id | None = None


class OtherWords(BaseModel):
    """The same decision in other words."""

    text: Texts


@router.post("/meetings/{id}/support", responses=SHOWN)
async def request_support(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: WantedSupport, response: Response
) -> views.MeetingPage:
    """Ask for a room, interpretation, expertise or travel (EJ-05)."""
    await whole.hold(tx, expected, meeting)
    await commands.request_support(tx, origin, meeting, given.support())
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/support/{support}/confirm", responses=SHOWN)
async def confirm_support(
    meeting: Loaded, support: Id, tx: Tx, origin: Caused, expected: Expected, given: ConfirmedSupport, response: Response
) -> views.MeetingPage:
    """There will be this of it; said again it replaces what was said."""
    await whole.hold(tx, expected, meeting)
    pairs = None if given.pairs is None else [pair.pair() for pair in given.pairs]
    await commands.confirm_support(tx, origin, meeting, support, pairs, given.amount())
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/decisions", responses=SHOWN)
async def adopt_decision(
    meeting: Loaded, tx: Tx, origin: Caused, expected: Expected, given: NewDecision, response: Response
) -> views.MeetingPage:
    """The meeting agreed (EJ-03), perhaps in place of what it had agreed before."""
    await whole.hold(tx, expected, meeting)
    await commands.adopt(tx, origin, meeting, given.kind, given.text, given.supersedes)
    return await whole.shown(tx, meeting.id, response)


@router.post("/meetings/{id}/decisions/{decision}/amend", responses=SHOWN)
async def amend_decision(
    meeting: Loaded, decision: Id, tx: Tx, origin: Caused, expected: Expected, given: OtherWords, response: Response
) -> views.MeetingPage:
    """The same decision in other words."""
    await whole.hold(tx, expected, meeting)
    await commands.amend(tx, origin, meeting, decision, given.text)
    return await whole.shown(tx, meeting.id, response)
