"""The transfer gate (`events.md` §6.5): may this personal event go to that partner, and on what basis? A pure function, fail closed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LAWFUL = frozenset(
    {
        "international_agreement",
        "cooperation_agreement_pre2019",
        "adequacy_decision",
        "appropriate_safeguards",
        "case_by_case_derogation",
        "national_law",
        "union_law_internal",
    }
)
ALLOWED: dict[str, frozenset[str]] = {
    "contact_duty": LAWFUL | {"network_rules"},
    "participant": LAWFUL | {"network_rules"},
    "case_related": LAWFUL,
}
"""Kinds of basis that cover a data category. Never `working_arrangement`, never `contact_point` (X9)."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis as a reader knows it from partners' facts."""

    partner: str
    kind: str
    state: str
    purposes: frozenset[str]
    data_categories: frozenset[str]
    valid_from: datetime
    valid_to: datetime | None = None
    case_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed or refused, with the reason code; `basis` is what allowed it."""

    outcome: Literal["allowed", "refused"]
    reason: str
    basis: Basis | None = None


def decide(
    *,
    classification: str,
    partner: str | None,
    audience: Collection[str],
    purpose: str | None,
    data_categories: Collection[str],
    case_ref: str | None,
    bases: Iterable[Basis],
    now: datetime,
) -> Verdict:
    """Decide one transfer. Empty audience, unknown partner or category, no matching basis: refused."""
    if not audience:
        return Verdict("refused", "EMPTY_AUDIENCE")
    if classification != "personal":
        return (
            Verdict("allowed", "NOT_PERSONAL")
            if classification in ("public", "restricted")
            else Verdict("refused", "UNKNOWN_CLASSIFICATION")
        )
    if partner is None:
        return Verdict("refused", "UNKNOWN_PARTNER")
    if not data_categories or any(category not in ALLOWED for category in data_categories):
        return Verdict("refused", "UNKNOWN_CATEGORY")
    for basis in bases:
        if basis.partner == partner and _covers(basis, purpose, data_categories, case_ref, now):
            return Verdict("allowed", "BASIS", basis)
    return Verdict("refused", "NO_BASIS")


def _covers(basis: Basis, purpose: str | None, categories: Collection[str], case_ref: str | None, now: datetime) -> bool:
    return (
        basis.state == "valid"
        and basis.valid_from <= now
        and (basis.valid_to is None or now < basis.valid_to)
        and purpose in basis.purposes
        and all(basis.kind in ALLOWED[category] and category in basis.data_categories for category in categories)
        and (basis.kind != "case_by_case_derogation" or (case_ref is not None and basis.case_ref == case_ref))
    )
