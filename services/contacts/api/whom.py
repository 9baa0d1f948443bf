"""Whom to ask in a country, for what and how urgently: the answer card."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from services.contacts import commands, views
from services.contacts.api.inputs import Language, Through
from services.contacts.domain import Question
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import Asker, Caused
from shared.web.values import Country, CrimeType, Day

router = web.router("", "whom to ask")


async def _rules(request: Request) -> views.whom.Rules:
    rules: views.whom.Rules = request.app.state.rules
    return rules


Rules = Annotated[views.whom.Rules, Depends(_rules)]


@router.get("/whom-to-ask")
async def whom_to_ask(
    tx: Tx,
    rules: Rules,
    asker: Asker,
    origin: Caused,
    country: Country,
    measure: one_of("cooperation_measure") | None = None,  # type: ignore[valid-type]  # a type made of a code list
    crime_type: CrimeType | None = None,
    urgency: Annotated[one_of("urgency"), Query()] = "normal",  # type: ignore[valid-type]
    lang: Language = "en",
    on: Day | None = None,
    surface: Through = "api",
) -> views.whom.WhomToAsk:
    """Whom to ask first, and then whom, with the reasons (B6, A10); `on`: as it was on another day than it is in that country."""
    now = datetime.now(UTC)
    today = (await views.clocks.days_in(tx, [country], now))[country]
    question = Question(
        country=country,
        measure=measure,
        crime_type=crime_type,
        urgency=urgency,
        language=lang,
        on=on or today,
        now=now if on in (None, today) else None,
    )
    card = await views.whom.whom_to_ask(tx, question, rules)
    given = {"country": country, "measure": measure, "crime_type": crime_type, "urgency": urgency, "on": on}
    found = len(card.chain) + (card.first is not None)
    await commands.use.used(tx, origin, asker, surface=surface, given=given, results=found)
    return card
