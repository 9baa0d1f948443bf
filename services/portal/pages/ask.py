"""Whom to ask: one question, one first choice, and whom next (flow P1). Never a list first."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from services.portal.domain import Json
from services.portal.pages.enquiry_forms import ask_path
from services.portal.pages.lists import errors_of
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Signed, Visit, picked, require
from services.portal.pages.wording import Wording

router = APIRouter()
ASKED = ("country", "measure", "crime_type", "urgency")
RULES = {
    "not_registered": N_("This country is no registered partner: nothing is known of what may be exchanged."),
    "basis": N_("A legal basis is in force; what it covers stands beside each category."),
    "nothing_known": N_("No instrument with this country is known: ask about procedure freely, or request a decision in the single case."),
    "working_arrangement": N_("A working arrangement is in force: no personal data; ask about procedure freely."),
    "mandate": N_("A mandate to negotiate exists, no agreement is in force: no systematic exchange of personal data."),
    "no_basis": N_("No legal basis is in force: ask about procedure freely, or request a decision in the single case."),
}
"""What the legal status means for who asks, by the rule that gave the answer."""


def choices(wording: Wording) -> dict[str, Any]:
    """What the form offers, for every page that shows it."""
    families = {"measure": "cooperation_measure", "crime_type": "crime_type", "urgency": "urgency"}
    return {"country": wording.countries()} | {name: wording.choices(family, TERMS[family]) for name, family in families.items()}


@router.get("/{lang}/ask")
async def ask(visit: Signed) -> Response:
    """The question and its answer card; without a country only the question."""
    question = picked(visit.filters, *ASKED)
    if not question["country"]:
        return visit.page("ask.html", question=question, choices=choices(visit.wording), errors={}, answer=None, stream=None, notes=[])
    said, stream = await asyncio.gather(
        visit.desk.get("contacts", "/whom-to-ask", lang=visit.language, surface="web", **question), visit.stream()
    )
    errors = errors_of(visit, said) if said.status == 422 else {}
    if not errors:
        require(said)
    return visit.page(
        "ask.html",
        422 if errors else 200,
        question=question,
        choices=choices(visit.wording),
        errors=errors,
        answer=_answer(visit, question, said.body) if said.ok else None,
        stream=stream,
        notes=visit.wording.notes([question["country"]]),
    )


def _answer(visit: Visit, question: Json, card: Json) -> dict[str, Any]:
    """The card with its words: what the status says, and the form that asks whoever stands where."""

    def shown(place: Json) -> Json:
        return {**place, "ask": ask_path(card["country"], question, place) if place["usable"] else None}

    rule, first = RULES[card["standing"]["rule"]], card["first"]
    chain = [shown(place) for place in card["chain"]]
    return {**card, "rule": visit.wording.say(rule), "first": shown(first) if first else None, "chain": chain}
