"""What the legal status with a country allows (PA-02, X9): systematically only on a valid basis; a working arrangement is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from shared.gate import ALLOWED

AGREEMENTS = ("international_agreement", "cooperation_agreement_pre2019")
STATES = {
    "proposed": "proposed",
    "mandate_requested": "mandate_requested",
    "mandate_granted": "mandate_granted",
    "negotiation_opened": "negotiating",
    "concluded": "concluded",
    "signed": "signed",
    "entered_into_force": "in_force",
    "resumed": "in_force",
    "suspended": "suspended",
    "terminated": "terminated",
    "rejected": "rejected",
}
"""What an instrument is after each fact of its."""
Status = Literal["agreement", "mandate", "proposed", "working_arrangement", "none"]
Outcome = Literal["allowed", "case_by_case", "refused"]
Rule = Literal["not_registered", "basis", "nothing_known", "working_arrangement", "mandate", "no_basis"]
PENDING = ("proposed", "mandate_requested", "concluded", "signed")


@dataclass(frozen=True, slots=True)
class Said:
    """The newest standing fact of a partner, an instrument or a legal basis."""

    subject: UUID
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How we stand with a country on a day: what was agreed, what may go there by category of data, and by which rule."""

    partner: UUID | None
    status: Status
    rule: Rule
    outcomes: Mapping[str, Outcome]


def standing(said: Iterable[Said], on: date) -> Standing:
    """From the newest facts about one country as they stood that day."""
    met: dict[str, list[Said]] = {"partner": [], "instrument": [], "legal_basis": []}
    for each in said:
        met[each.type.split(".")[1]].append(each)
    if not met["partner"]:
        return Standing(None, "none", "not_registered", dict.fromkeys(ALLOWED, "refused"))
    partner = met["partner"][0]
    states = {each.subject: (str(each.data["kind"]), STATES[each.type.split(".")[2]]) for each in met["instrument"]}
    valid = [each.data for each in met["legal_basis"] if _valid(each.data, states, on)]
    otherwise: Outcome = "case_by_case" if partner.data["kind"] in ("country", "organisation") else "refused"
    outcomes: dict[str, Outcome] = {category: "allowed" if _covered(category, valid) else otherwise for category in ALLOWED}
    known = list(states.values())
    return Standing(partner.subject, _status(known), _rule(outcomes["case_related"], known), outcomes)


def _valid(basis: Mapping[str, Any], states: Mapping[UUID, tuple[str, str]], on: date) -> bool:
    instrument = basis.get("instrument_ref")
    return (
        basis["state"] == "valid"
        and date.fromisoformat(basis["valid_from"]) <= on
        and (basis.get("valid_to") is None or on < date.fromisoformat(basis["valid_to"]))
        and (instrument is None or states.get(UUID(instrument), ("", ""))[1] == "in_force")
    )


def _covered(category: str, bases: Sequence[Mapping[str, Any]]) -> bool:
    return any(basis["kind"] in ALLOWED[category] and category in basis["data_categories"] for basis in bases)


def _status(known: Sequence[tuple[str, str]]) -> Status:
    agreed = {state for kind, state in known if kind in AGREEMENTS}
    if "in_force" in agreed:
        return "agreement"
    if agreed & {"mandate_granted", "negotiating"}:
        return "mandate"
    if agreed & set(PENDING):
        return "proposed"
    arranged = {state for kind, state in known if kind.startswith("working_arrangement")}
    return "working_arrangement" if arranged & {"proposed", "concluded", "signed", "in_force"} else "none"


def _rule(of_cases: Outcome, known: Sequence[tuple[str, str]]) -> Rule:
    if of_cases == "allowed":
        return "basis"
    if not known:
        return "nothing_known"
    if any(kind.startswith("working_arrangement") and state in ("signed", "in_force") for kind, state in known):
        return "working_arrangement"
    return "mandate" if any(state in ("mandate_granted", "negotiating") for _, state in known) else "no_basis"
