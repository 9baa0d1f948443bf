"""A meeting's life by example (`events.md` §6.3), and what each step says."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.meetings.domain import NEXT, Delegation, Held, Meeting, Slot
from shared.errors import Conflict, Invalid
from shared.events import meetings as facts

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLOT = Slot(NOW + HOUR, NOW + 2 * HOUR, "Europe/Tirane")
HELD = Held(NOW - 2 * HOUR, NOW - HOUR, ("AL", "NL"), "video")


def proposed(**changes):
    given = {"id": uuid4(), "reference": None, "country": "NL", "kind": "coordination_case", "title": {"en": "Next steps"}}
    given |= {
        "crime_types": ("cybercrime",),
        "format": "hybrid",
        "duration_minutes": 90,
        "state": "proposed",
        "version": 1,
        "recorded_at": NOW,
    }
    return Meeting(**given | changes)


def scheduled():
    return proposed().schedule(SLOT, NOW)[0]


def held():
    after, _ = scheduled().hold(HELD, NOW)
    return Meeting(**{name: getattr(after, name) for name in after.__slots__} | {"held_event": uuid4()})


def test_each_change_of_time_raises_the_sequence_and_the_version() -> None:
    first, fact = proposed().schedule(SLOT, NOW)
    assert (type(fact), fact.sequence, fact.start, first.version) == (facts.MeetingScheduled, 0, SLOT.start, 2)
    later = Slot(SLOT.start + HOUR, SLOT.end + HOUR, SLOT.zone)
    second, moved = first.schedule(later, NOW)
    assert (type(moved), moved.sequence, moved.start, second.version) == (facts.MeetingRescheduled, 1, later.start, 3)
    _, cancelled = second.cancel("no_date_found", NOW)
    assert (cancelled.sequence, cancelled.start) == (2, later.start), "a calendar must find what it takes away"
    with pytest.raises(Conflict, match="already"):
        second.schedule(later, NOW)


def test_a_country_has_one_delegation_and_countries_follow_from_them() -> None:
    meeting, _ = proposed().add(Delegation("AL", ("judge",), 2), NOW)
    meeting, _ = meeting.add(Delegation("NL", ("police",), 1), NOW)
    meeting, fact = meeting.add(Delegation("AL", ("prosecutor",), 3), NOW)
    assert (fact.country, fact.seats, meeting.countries, len(meeting.delegations)) == ("AL", 3, ("AL", "NL"), 2)


def test_what_took_place_is_said_whole_and_can_be_said_right() -> None:
    _, fact = scheduled().hold(HELD, NOW)
    assert (fact.kind, fact.countries, fact.started, fact.format) == ("coordination_case", ["AL", "NL"], HELD.started, "video")
    meeting = held()
    after, corrected = meeting.correct(
        meeting.held_event, Held(HELD.started - HOUR, HELD.ended, ("AL",), "onsite"), "bilateral", "wrong_date", NOW
    )
    assert (corrected.corrects, corrected.kind, corrected.countries) == (meeting.held_event, "bilateral", ["AL"])
    _, reclassified = after.reclassify(("terrorism",), "source_corrected", NOW)
    assert (reclassified.crime_types, reclassified.started, reclassified.kind) == (["terrorism"], HELD.started - HOUR, "bilateral")


def test_a_retracted_one_is_again_as_it_was_planned_or_gone() -> None:
    meeting = held()
    after, fact = meeting.retract(meeting.held_event, "not_countable", NOW)
    assert (after.state, after.held, fact.corrects) == ("scheduled", None, meeting.held_event)
    unplanned = proposed(state="held", held=HELD, held_event=meeting.held_event)
    assert unplanned.retract(meeting.held_event, "duplicate", NOW)[0].state == "retracted"
    with pytest.raises(Invalid, match="not the fact"):
        meeting.retract(uuid4(), "duplicate", NOW)


@pytest.mark.parametrize("state", NEXT)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    meeting = proposed(state=state, slot=SLOT if state == "scheduled" else None, held=HELD if state == "held" else None)
    steps = {
        "add delegation": lambda: meeting.add(Delegation("AL", (), 1), NOW),
        "cancel": lambda: meeting.cancel("other", NOW),
        "hold": lambda: meeting.hold(HELD, NOW),
        "record attendance": lambda: meeting.record_attendance({}, [], [], NOW),
        "reclassify": lambda: meeting.reclassify(["terrorism"], "other", NOW),
    }
    for name, step in steps.items():
        if name in NEXT[state]:
            step()
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(NEXT[state])


def test_time_runs_forward_and_nothing_is_held_in_the_future() -> None:
    with pytest.raises(Invalid, match="end"):
        Slot(NOW, NOW, "Europe/Tirane")
    with pytest.raises(Invalid, match="days"):
        Held(NOW, NOW + timedelta(days=40), (), "video")
    with pytest.raises(Invalid, match="future"):
        scheduled().hold(Held(NOW + HOUR, NOW + 2 * HOUR, (), "video"), NOW)
