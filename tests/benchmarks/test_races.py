"""The races at tiny size: all end with the same result, and one that does not is told. How fast they are is no test's business."""

from functools import partial

import pytest

from benchmarks import feed, projection, relay, tables
from benchmarks.ground import Ground
from benchmarks.rounds import Differs, Result, Rounds, run
from tests.conftest import Platform


@pytest.fixture
def ground(platform: Platform, topics: list[str]) -> Ground:
    return Ground(platform.folder, platform.broker, platform.postgres)


def test_the_feed_is_the_same_each_time_and_says_some_things_twice() -> None:
    told, again = feed.Feed(2000), feed.Feed(2000)
    assert [*told] == [*again]
    assert told.expected == again.expected
    assert told.expected.facts < told.expected.records == 2000
    assert any(version > 1 for version in (meeting.version for meeting in told._meetings))
    assert 0 < told.expected.counters.total() < 2 * len(told._meetings)


def test_the_relay_and_the_bare_producer_carry_the_same(ground: Ground) -> None:
    for contender in relay.contenders(ground, 300, 0, peer=False).values():
        assert contender().measures["rows/s"] > 0


def test_the_projection_ends_with_every_fact_and_counter(ground: Ground) -> None:
    expected = feed.fill(ground.servers, 1500)
    assert projection.reporting(ground, expected, 1).measures["facts/s"] > 0
    expected.counters[next(iter(expected.counters))] += 1
    with pytest.raises(Differs, match="1 counters differ"):
        projection.reporting(ground, expected, 1)


@pytest.mark.parametrize("spoilt", ["lost", "twice", "out of order", "on two partitions"])
def test_a_relay_that_does_not_keep_its_promise_is_told(spoilt: str) -> None:
    sent = [*feed.Feed(400)]
    got = [(0, each.key, each.value) for each in sent]
    relay._same(sent, got)
    key = next(key for _, key, _ in got if sum(key == other for _, other, _ in got) > 1)
    first, second, *_ = [place for place, (_, other, _) in enumerate(got) if other == key]
    if spoilt == "lost":
        del got[first]
    elif spoilt == "twice":
        got.append(got[first])
    elif spoilt == "out of order":
        got[first], got[second] = got[second], got[first]
    else:
        got[first] = (1, *got[first][1:])
    with pytest.raises(Differs):
        relay._same(sent, got)


def test_rounds_are_interleaved_and_the_worst_one_counts() -> None:
    order: list[str] = []
    speeds = {"ours": iter((30, 10, 50)), "theirs": iter((10, 10, 10))}

    def once(name: str) -> Result:
        order.append(name)
        return Result({"rows/s": next(speeds[name])})

    from rich.console import Console

    done: Rounds = run({name: partial(once, name) for name in speeds}, 3, Console(quiet=True))
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    said = tables.compared(
        done, [("ours", "theirs", "rows/s", "≥2"), ("ours", "theirs", "rows/s", "≤5"), ("ours", "absent", "rows/s", "≥1")]
    )
    assert [line.split(" | ")[1:] for line in said.splitlines()[2:]] == [
        ["3.00 · 1.00 · 5.00", "≥2", "**no** |"],
        ["3.00 · 1.00 · 5.00", "≤5", "yes |"],
    ]
