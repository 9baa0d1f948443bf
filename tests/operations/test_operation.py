"""An operation's life by example (D1-D3): what each step says, who stands by which results, and what a correction changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.operations.domain import Agency, Life, Mandate, Money, Operation, Tally, results
from services.operations.domain.operation import STEPS
from shared.errors import Conflict, Invalid
from shared.events import operations as facts

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
ARRESTS = ("NL", "arrest", None)
POLICE = Agency("police", "NL", "lead")
REACHED = {"launched": 1, "suspended": 1, "completed": 2, "evaluated": 3}
"""State -> how many of launched, ended, evaluated are behind it."""


def operation(state="launched", **more):
    reached = dict(
        list({"launched": NOW - 9 * HOUR, "ended": NOW - 8 * HOUR, "evaluated": NOW - 7 * HOUR}.items())[: REACHED.get(state, 0)]
    )
    events = {"launched_event": uuid4(), "completed_event": uuid4() if REACHED.get(state, 0) > 1 else None} if reached else {}
    life = Life(uuid4(), None, "NL", state, NOW)
    mandate = Mandate("task_force", ("money-laundering",), ("AL", "NL"), date(2026, 5, 1))
    return Operation(life, {"en": "North"}, mandate, **{"approved": True} | reached | events | more)


def certified(made: Operation, country: str = "NL") -> tuple[Operation, UUID]:
    after, _ = made.certify(country, NOW)
    event = uuid4()
    return replace(after, results=results.said_by(after.results, event)), event


def test_every_fact_carries_the_whole_operation() -> None:
    made, fact = operation("approved").launch(NOW - HOUR, NOW)
    assert (type(fact), fact.kind, fact.launched, fact.ended, fact.countries) == (
        facts.OperationLaunched,
        "task_force",
        NOW - HOUR,
        None,
        ["AL", "NL"],
    )
    _, joined = made.join(POLICE, NOW)
    assert (joined.agencies, joined.agency["institution_kind"], joined.launched) == ([POLICE.said()], "police", NOW - HOUR)


def test_a_report_counts_for_nothing_until_its_country_certifies_it() -> None:
    made, fact = operation().report(ARRESTS, Tally(12, Money(125, "EUR", 2)), NOW)
    assert (fact.total, fact.amount, fact.results) == (12, {"amount_minor": 125, "currency": "EUR", "exponent": 2}, [])
    made, _ = made.report(("AL", "search", None), Tally(3), NOW)
    after, said = made.certify("NL", NOW)
    assert [(each["country"], each["total"]) for each in said.results] == [("NL", 12)], "Albania has certified nothing"
    with pytest.raises(Conflict, match="waits"):
        after.certify("NL", NOW)


def test_a_new_report_leaves_what_is_certified_until_that_is_certified_too() -> None:
    made, _ = certified(operation().report(ARRESTS, Tally(12), NOW)[0])
    made, fact = made.report(ARRESTS, Tally(15), NOW)
    assert fact.results[0]["total"] == 12
    made, event = certified(made)
    assert (made.results[0].certified, made.results[0].certified_event) == (Tally(15), event)


def test_a_correction_of_a_certified_result_is_counted_at_once() -> None:
    made, event = certified(operation("completed").report(ARRESTS, Tally(12), NOW)[0])
    for corrects, key in ((uuid4(), ARRESTS), (event, ("NL", "search", None)), (event, ("AL", "arrest", None))):
        with pytest.raises(Invalid, match="not the fact"):
            made.correct_result(corrects, key, Tally(10), "other", NOW)
    with pytest.raises(Conflict, match="already"):
        made.correct_result(event, ARRESTS, Tally(12), "other", NOW)
    after, fact = made.correct_result(event, ARRESTS, Tally(10), "duplicate", NOW)
    assert (fact.results[0]["total"], fact.total, fact.corrects, fact.ended) == (10, 10, event, made.ended)
    assert after.results[0].reported == Tally(10)


def test_the_same_measure_on_an_action_day_is_another_total() -> None:
    day = uuid4()
    made, _ = operation().report(ARRESTS, Tally(12), NOW)
    made, _ = made.report(("NL", "arrest", day), Tally(5), NOW)
    _, fact = made.certify("NL", NOW)
    assert sorted(each["total"] for each in fact.results) == [5, 12]
    assert {each.get("action_day_ref") for each in fact.results} == {None, day}


def test_only_who_takes_part_has_results_and_a_correction_cannot_lose_them() -> None:
    with pytest.raises(Invalid, match="FR does not take part"):
        operation().report(("FR", "arrest", None), Tally(1), NOW)
    made, _ = operation("completed").report(ARRESTS, Tally(12), NOW)
    without = replace(made.mandate, countries=("AL",))
    with pytest.raises(Invalid, match="NL does not take part"):
        made.correct(made.completed_event, without, None, None, "other", NOW)


def test_an_agency_has_one_part_and_leaves_but_once() -> None:
    made, _ = operation().join(POLICE, NOW)
    other = replace(POLICE, role="support")
    made, fact = made.join(other, NOW)
    assert fact.agencies == [other.said()]
    with pytest.raises(Conflict, match="already"):
        made.join(other, NOW)
    made, _ = made.leave(POLICE, NOW)
    with pytest.raises(Conflict, match="does not take part"):
        made.leave(POLICE, NOW)


def test_what_is_taken_back_is_as_it_was_before() -> None:
    made = operation("evaluated")
    with pytest.raises(Invalid, match="not the newest"):
        made.retract(made.launched_event, "other", NOW)
    after, fact = made.retract(made.completed_event, "wrong_subject", NOW)
    assert (after.life.state, fact.launched, fact.ended, fact.evaluated) == ("launched", made.launched, None, None)
    again, fact = after.retract(made.launched_event, "wrong_subject", NOW)
    assert (again.life.state, fact.launched) == ("approved", None)
    assert (
        operation(approved=False, launched_event=made.launched_event).retract(made.launched_event, "other", NOW)[0].life.state
        == "retracted"
    )


def test_launched_ended_and_evaluated_follow_each_other_and_lie_behind() -> None:
    made = operation("completed")
    for refused, field in (
        (lambda: operation("approved").launch(NOW + HOUR, NOW), "launched"),
        (lambda: operation().complete(NOW + HOUR, NOW), "ended"),
        (lambda: operation().complete(NOW - 10 * HOUR, NOW), "ended"),
        (lambda: made.evaluate(NOW - 9 * HOUR, NOW), "evaluated"),
        (lambda: made.correct(made.completed_event, made.mandate, NOW, None, "other", NOW), "ended"),
        (lambda: made.correct(uuid4(), made.mandate, None, None, "other", NOW), "corrects"),
        (lambda: Mandate("joint", (), (), date(2026, 2, 1), date(2026, 1, 1)), "mandate_to"),
    ):
        with pytest.raises(Invalid, match=field):
            refused()


@pytest.mark.parametrize("state", STEPS)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    made = operation(state)
    told, event = replace(made, results=results.reported((), ARRESTS, Tally(1))), uuid4()
    settled = replace(made, results=results.said_by(results.certified(told.results, "NL"), event)), event
    steps = {
        "approve": lambda: made.approve(NOW),
        "launch": lambda: made.launch(NOW, NOW),
        "suspend": lambda: made.suspend(NOW),
        "resume": lambda: made.resume(NOW),
        "complete": lambda: made.complete(NOW, NOW),
        "evaluate": lambda: made.evaluate(NOW, NOW),
        "join agency": lambda: made.join(POLICE, NOW),
        "leave agency": lambda: replace(made, agencies=(POLICE,)).leave(POLICE, NOW),
        "report result": lambda: made.report(ARRESTS, Tally(1), NOW),
        "certify results": lambda: told.certify("NL", NOW),
        "correct result": lambda: settled[0].correct_result(settled[1], ARRESTS, Tally(0), "other", NOW),
        "correct": lambda: made.correct(made.completed_event, made.mandate, None, None, "other", NOW),
        "retract": lambda: made.retract(made.completed_event or made.launched_event, "other", NOW),
    }
    for name, step in steps.items():
        if name in STEPS[state]:
            step()
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(STEPS[state])
