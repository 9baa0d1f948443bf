"""The gate refuses whenever it is not sure (`events.md` §6.5)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.gate import ALLOWED, Basis, Verdict, decide

NOW = datetime(2026, 5, 4, tzinfo=UTC)
BASIS = Basis(
    partner="al",
    kind="international_agreement",
    state="valid",
    purposes=frozenset({"judicial_cooperation"}),
    data_categories=frozenset({"case_related"}),
    valid_from=datetime(2024, 1, 1, tzinfo=UTC),
)


def ask(bases: Iterable[Basis] = (BASIS,), **changed: object) -> Verdict:
    given: dict[str, object] = {"classification": "personal", "partner": "al", "audience": {"al"}, "purpose": "judicial_cooperation"}
    given |= {"data_categories": {"case_related"}, "case_ref": None, "now": NOW}
    return decide(**(given | changed), bases=bases)  # type: ignore[arg-type]


def test_a_valid_basis_lets_through_and_is_named() -> None:
    assert ask() == Verdict("allowed", "BASIS", BASIS)


@pytest.mark.parametrize(
    "changed",
    [
        {"partner": None},
        {"partner": "br"},
        {"audience": set()},
        {"purpose": None},
        {"purpose": "audit"},
        {"data_categories": set()},
        {"data_categories": {"case_related", "participant"}},
        {"data_categories": {"something_new"}},
        {"classification": "unheard_of"},
        {"bases": ()},
        {"bases": (replace(BASIS, state="suspended"),)},
        {"bases": (replace(BASIS, valid_to=NOW),)},
        {"bases": (replace(BASIS, valid_from=datetime(2027, 1, 1, tzinfo=UTC)),)},
        {"bases": (replace(BASIS, kind="network_rules"),)},
        {"bases": (replace(BASIS, kind="working_arrangement_strategic"),)},
        {"bases": (replace(BASIS, kind="contact_point"),)},
        {"bases": (replace(BASIS, kind="case_by_case_derogation", case_ref="a"),), "case_ref": "b"},
        {"bases": (replace(BASIS, kind="case_by_case_derogation"),)},
    ],
)
def test_anything_less_is_refused(changed: dict[str, object]) -> None:
    assert ask(**changed).outcome == "refused"  # type: ignore[arg-type]


def test_a_derogation_covers_its_own_case_alone() -> None:
    assert ask((replace(BASIS, kind="case_by_case_derogation", case_ref="a"),), case_ref="a").outcome == "allowed"


def test_duty_contacts_may_travel_under_network_rules_and_case_data_never() -> None:
    assert "network_rules" in ALLOWED["contact_duty"]
    assert "network_rules" not in ALLOWED["case_related"]


def test_what_is_not_personal_needs_no_basis_but_an_audience() -> None:
    assert ask((), classification="restricted").outcome == "allowed"
    assert ask((), classification="public", audience=set()).outcome == "refused"
