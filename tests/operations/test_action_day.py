"""An action day's life by example: it begins when every country has confirmed, and never before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.operations.domain import ActionDay, Life, Place
from services.operations.domain.action_day import STEPS, require_plannable
from shared.errors import Conflict, Invalid
from shared.events import operations as facts
from tests.operations.test_operation import operation

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def day(state="planned", **more):
    places = (Place("AL", "Europe/Tirane"), Place("NL", "Europe/Amsterdam"))
    began = {"began": NOW - HOUR} if state in ("running", "ended") else {}
    return ActionDay(Life(uuid4(), None, "NL", state, NOW), {"en": "Day"}, uuid4(), NOW + HOUR, places, **began | more)


def test_it_may_begin_once_every_country_has_confirmed() -> None:
    made, fact = day().confirm("NL", NOW)
    assert (fact.country, fact.ready, made.life.state) == ("NL", ["NL"], "planned")
    with pytest.raises(Conflict, match="go is not possible"):
        made.go(NOW, NOW)
    with pytest.raises(Conflict, match="confirmed already"):
        made.confirm("NL", NOW)
    with pytest.raises(Invalid, match="FR does not act"):
        made.confirm("FR", NOW)
    made, _ = made.confirm("AL", NOW)
    assert (made.life.state, made.ready) == ("ready", ("AL", "NL"))
    running, fact = made.go(NOW - HOUR, NOW)
    assert (type(fact), fact.began, fact.countries[0]["zone"]) == (facts.ActionDayGo, NOW - HOUR, "Europe/Tirane")
    _, ended = running.end(NOW, NOW)
    assert (ended.began, ended.ended) == (NOW - HOUR, NOW)


def test_it_ends_after_it_began_and_not_in_the_future() -> None:
    for at, field in ((NOW - 2 * HOUR, "ended"), (NOW + HOUR, "ended")):
        with pytest.raises(Invalid, match=field):
            day("running").end(at, NOW)
    with pytest.raises(Invalid, match="began"):
        day("ready").go(NOW + HOUR, NOW)


def test_it_belongs_to_an_operation_that_may_act_and_to_countries_that_take_part() -> None:
    require_plannable(operation("approved"), ["AL", "NL"])
    for state in ("proposed", "suspended", "completed"):
        with pytest.raises(Conflict, match=state):
            require_plannable(operation(state), ["AL"])
    for countries in (["AL", "FR"], ["AL", "AL"]):
        with pytest.raises(Invalid, match="countries"):
            require_plannable(operation(), countries)


@pytest.mark.parametrize("state", STEPS)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    made = replace(day(state))
    steps = {
        "confirm": lambda: made.confirm("NL", NOW),
        "go": lambda: made.go(NOW, NOW),
        "end": lambda: made.end(NOW, NOW),
        "abort": lambda: made.abort("other", NOW),
    }
    for name, step in steps.items():
        if name in STEPS[state]:
            step()
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(STEPS[state])
