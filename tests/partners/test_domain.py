"""What an instrument may become, by example."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.partners.domain import NEXT, STEP, Instrument, LegalBasis
from shared.errors import Conflict, Invalid
from shared.events import partners as facts
from shared.events import subject_of

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)


def instrument(state: str, **changed: object) -> Instrument:
    given: dict[str, object] = {
        "id": uuid4(),
        "partner": uuid4(),
        "kind": "international_agreement",
        "reference": "x:agreement",
        "subjects": (),
    }
    given |= {"state": state, "on": None, "stated_as_of": date(2024, 3, 1), "valid_to": None, "version": 1, "recorded_at": NOW}
    return Instrument(**(given | changed))  # type: ignore[arg-type]


def test_an_agreement_in_force_can_end() -> None:
    after, fact = instrument("in_force").advance("terminated", on=date(2026, 5, 4), stated_as_of=date(2026, 5, 4), valid_to=None, now=NOW)
    assert (after.state, after.version) == ("terminated", 2)
    assert isinstance(fact, facts.InstrumentTerminated)
    assert fact.on == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("state", "to"), [("terminated", "in_force"), ("rejected", "proposed"), ("proposed", "in_force"), ("in_force", "proposed")]
)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str, to: str) -> None:
    with pytest.raises(Conflict) as refused:
        instrument(state).advance(to, on=None, stated_as_of=date(2026, 1, 1), valid_to=None, now=NOW)
    assert refused.value.extra["possible"] == list(NEXT[state])


def test_every_state_that_can_be_reached_has_a_fact() -> None:
    assert {state for following in NEXT.values() for state in following} | set(NEXT) == set(STEP)


def test_coming_back_from_a_suspension_is_no_second_entry_into_force() -> None:
    _, fact = instrument("suspended").advance("in_force", on=date(2026, 5, 4), stated_as_of=date(2026, 5, 4), valid_to=None, now=NOW)
    assert isinstance(fact, facts.InstrumentResumed)


def test_knowledge_time_never_runs_backwards() -> None:
    later = datetime(2026, 6, 1, tzinfo=UTC)
    after, _ = instrument("in_force", recorded_at=later).advance(
        "suspended", on=date(2026, 5, 4), stated_as_of=date(2026, 5, 4), valid_to=None, now=NOW
    )
    assert after.recorded_at == later


def test_an_end_before_the_beginning_is_refused_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        instrument("signed").advance("in_force", on=date(2026, 5, 4), stated_as_of=date(2026, 5, 4), valid_to=date(2026, 5, 3), now=NOW)
    assert refused.value.errors[0]["field"] == "valid_to"


def test_retracting_the_newest_step_brings_the_one_before_back() -> None:
    standing = instrument("in_force")
    ended, _ = standing.advance("terminated", on=date(2026, 5, 4), stated_as_of=date(2026, 5, 4), valid_to=None, now=NOW)
    wrong = uuid4()
    after, fact = ended.retract(wrong, "typing_error", standing, NOW)
    assert (after.state, after.version, after.effective) == ("in_force", 3, date(2024, 3, 1))
    assert fact == facts.InstrumentRetracted(corrects=wrong, reason="typing_error")


def test_a_basis_that_ended_stays_ended() -> None:
    basis = LegalBasis(uuid4(), uuid4(), "adequacy_decision", ("audit",), ("participant",), date(2024, 1, 1), None, None, "ended", 2, NOW)
    with pytest.raises(Conflict):
        basis.become("valid", date(2026, 1, 1), NOW)


def test_the_same_reference_is_the_same_thing_everywhere() -> None:
    assert (
        subject_of("partners", "partner", "albania")
        == subject_of("partners", "partner", "albania")
        != subject_of("partners", "instrument", "albania")
    )
