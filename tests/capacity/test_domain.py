"""A tool's life by example (`events.md` §6.3), and what each step says."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.capacity.domain import NEXT, Step, Tool, moment_of
from shared.errors import Conflict, Invalid
from shared.events import capacity as facts
from shared.events import subject_of

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
DAY = date(2026, 1, 1)


def tool(**changes: Any) -> Tool:
    given = {
        "id": subject_of("capacity", "tool", "handbook"),
        "reference": "handbook",
        "title": {"en": "Handbook"},
        "kind": "handbook",
        "edition": "1",
    }
    given |= {"languages": ("en",), "measures": ("B.a.3",), "owner": "euromed-justice", "address": None}
    return Tool(**given | {"state": "published", "version": 1, "recorded_at": NOW} | changes)


def step(kind: type[Any], country: str | None = None) -> Step:
    return Step(uuid4(), kind.type, country)


@pytest.mark.parametrize("state", NEXT)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    there = tool(state=state)
    steps = {
        "revise": lambda: there.revise({"edition": "2"}, NOW),
        "translate": lambda: there.translate("fr", NOW),
        "adopt": lambda: there.adopt("AL", DAY, NOW),
        "withdraw": lambda: there.withdraw(NOW),
        "retract": lambda: there.retract(step(facts.ToolPublished), "duplicate", NOW),
    }
    for intent, ask in steps.items():
        if intent in NEXT[state]:
            assert ask()[0].version == 2
        else:
            with pytest.raises(Conflict, match=state) as refused:
                ask()
            assert refused.value.extra["possible"] == list(NEXT[state])


def test_a_revision_rises_and_leaves_translations_behind() -> None:
    french, fact = tool().translate("fr", NOW)
    assert (fact.language, fact.languages, fact.source_revision, french.translations) == ("fr", ["en", "fr"], 1, {"fr": 1})
    with pytest.raises(Conflict, match="already"):
        french.translate("fr", NOW)
    revised, fact = french.revise({"edition": "2"}, NOW)
    assert (type(fact), fact.version, fact.source_revision, revised.translations) == (facts.ToolRevised, "2", 2, {"fr": 1})
    assert revised.translate("fr", NOW)[0].translations == {"fr": 2}
    with pytest.raises(Conflict, match="so already"):
        revised.revise({"edition": "2"}, NOW)


def test_each_country_adopts_once_and_not_in_the_future() -> None:
    used, fact = tool().adopt("AL", DAY, NOW)
    assert (fact.adopted_on, fact.measures) == (DAY, ["B.a.3"])
    assert set(used.adopt("NL", DAY, NOW)[0].adoptions) == {"AL", "NL"}
    with pytest.raises(Conflict, match="since 2026-01-01"):
        used.adopt("AL", DAY, NOW)
    with pytest.raises(Invalid, match="future"):
        used.adopt("NL", date(2026, 5, 5), NOW)


def test_what_is_taken_back_and_what_cannot_be() -> None:
    used = tool().adopt("AL", DAY, NOW)[0].adopt("NL", DAY, NOW)[0]
    back, fact = used.retract(adopted := step(facts.ToolAdoptedNationally, "AL"), "wrong_subject", NOW)
    assert (set(back.adoptions), fact.corrects) == ({"NL"}, adopted.event_id), "an earlier adoption goes without the later one"
    with pytest.raises(Conflict, match="used by NL"):
        back.retract(step(facts.ToolPublished), "duplicate", NOW)
    with pytest.raises(Conflict, match="revising"):
        back.retract(step(facts.ToolRevised), "duplicate", NOW)
    with pytest.raises(Invalid, match="no standing fact"):
        back.retract(None, "duplicate", NOW)
    assert tool().withdraw(NOW)[0].retract(step(facts.ToolWithdrawn), "other", NOW)[0].state == "published"
    assert tool().retract(step(facts.ToolPublished), "other", NOW)[0].state == "retracted"


def test_a_publication_happened_on_its_day_or_now() -> None:
    assert (moment_of(None, NOW), moment_of(DAY, NOW)) == (NOW, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Invalid, match="future"):
        moment_of(date(2026, 5, 5), NOW)
