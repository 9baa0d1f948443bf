"""A coordination centre's life by example (EJ-09), and what each step says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.operations.domain import Centre, Life, Work
from services.operations.domain.centre import STEPS
from shared.errors import Conflict, Invalid
from shared.events import operations as facts

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORK = Work("both", ("money-laundering",), ("AL", "NL"), "Room 1")


def centre(state="planned", **more):
    life = Life(uuid4(), None, "NL", state, NOW, exercise=more.pop("exercise", False))
    return Centre(life, {"en": "Action day"}, WORK, **({"opens": NOW + HOUR} if state == "planned" else {}) | more)


def opened():
    return replace(centre().open(NOW - 2 * HOUR, NOW)[0], opened_event=uuid4())


def test_each_step_says_the_whole_centre() -> None:
    open_, fact = centre().open(NOW - 2 * HOUR, NOW)
    assert (type(fact), fact.opened, fact.closed, fact.countries) == (facts.CentreOpened, NOW - 2 * HOUR, None, ["AL", "NL"])
    closed, said = open_.close(NOW - HOUR, NOW)
    assert (type(said), said.opened, said.closed, said.room) == (facts.CentreClosed, NOW - 2 * HOUR, NOW - HOUR, "Room 1")
    assert (closed.life.state, closed.life.version) == ("closed", 3)


def test_a_correction_names_the_fact_and_says_what_is_right() -> None:
    made = opened()
    right = Work("virtual", ("terrorism",), ("AL",))
    after, fact = made.correct(made.opened_event, right, NOW - 3 * HOUR, NOW - HOUR, NOW, "wrong_date")
    assert (fact.crime_types, fact.form, fact.opened, fact.corrects) == (["terrorism"], "virtual", NOW - 3 * HOUR, made.opened_event)
    assert after.life.state == "closed", "a correction that names an end closes it"
    with pytest.raises(Invalid, match="not the fact"):
        made.correct(uuid4(), right, NOW - HOUR, None, NOW, "other")


def test_a_retracted_one_is_planned_again_or_gone() -> None:
    made = opened()
    after, fact = made.retract(made.opened_event, "not_countable", NOW)
    assert (after.life.state, after.opened, after.opened_event, fact.corrects) == ("planned", None, None, made.opened_event)
    unplanned = centre("open", opened=NOW - HOUR, opened_event=made.opened_event)
    assert unplanned.retract(made.opened_event, "duplicate", NOW)[0].life.state == "retracted"


@pytest.mark.parametrize("state", STEPS)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    id_ = uuid4()
    made = centre(state, **({"opened": NOW - 2 * HOUR, "opened_event": id_} if state in ("open", "closed") else {}))
    steps = {
        "open": lambda: made.open(NOW, NOW),
        "cancel": lambda: made.cancel("other", NOW),
        "close": lambda: made.close(NOW, NOW),
        "correct": lambda: made.correct(id_, WORK, NOW - HOUR, None, NOW, "other"),
        "retract": lambda: made.retract(id_, "other", NOW),
    }
    for name, step in steps.items():
        if name in STEPS[state]:
            step()
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(STEPS[state])


def test_time_runs_forward_and_nothing_is_opened_or_closed_in_the_future() -> None:
    for refused, field in (
        (lambda: centre().open(NOW + HOUR, NOW), "opened"),
        (lambda: opened().close(NOW - 2 * HOUR, NOW), "closed"),
        (lambda: opened().close(NOW + HOUR, NOW), "closed"),
        (lambda: opened().correct(None, WORK, NOW, None, NOW, "other"), "corrects"),
    ):
        with pytest.raises(Invalid, match=field):
            refused()
    late = replace(centre(), life=replace(centre().life, recorded_at=NOW + HOUR))
    assert late.open(NOW, NOW)[0].life.recorded_at == NOW + HOUR, "what was known later stays later"
