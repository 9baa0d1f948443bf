"""Records nothing can be made of, of many kinds, among good ones: each is parked with its reason, every neighbour is counted."""

import json
import os
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import PROOF
from tests.system import reader
from tests.system.reader import TOPIC, Fact, Reader, fact, send

readers = reader.readers
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
BAD = 10_000 if PROOF else 600
LARGE = 40 if PROOF else 6
"""Records of a million bytes: as many as a small machine's disk and patience allow."""


def _value(change: Callable[[dict[str, Any]], Any]) -> Callable[[Fact], None]:
    def spoil(f: Fact) -> None:
        data = json.loads(f.value or b"{}")
        change(data)
        f.value = json.dumps(data).encode()

    return spoil


def _header(name: str, value: bytes | None) -> Callable[[Fact], None]:
    def spoil(f: Fact) -> None:
        f.headers.pop(name, None)
        if value is not None:
            f.headers[name] = value

    return spoil


def _set(**parts: Any) -> Callable[[Fact], None]:
    return lambda f: [setattr(f, name, value) for name, value in parts.items()] and None


KINDS: dict[str, tuple[str, Callable[[Fact], None]]] = {
    "value not UTF-8": ("utf-8", _set(value=b'{"kind": "\xff\xfe"}')),
    "value not JSON": ("json", _set(value=b"{kind: 1")),
    "value an array": ("object", _set(value=b"[]")),
    "wrong type": ("parties", _value(lambda d: d.update(parties="nobody"))),
    "missing field": ("reference", _value(lambda d: d.pop("reference"))),
    "a day that is none": ("stated_as_of", _value(lambda d: d.update(stated_as_of="2024-02-31"))),
    "NUL in a text": ("stored", _value(lambda d: d.update(reference="a\x00b"))),
    "unknown type": ("unknown type", _header("ce_type", b"partners.instrument.dreamt_of.v1")),
    "future major": ("future major", _header("ce_type", b"partners.instrument.entered_into_force.v7")),
    "type of another topic": ("does not belong", _header("ce_type", b"partners.partner.registered.v1")),
    "missing attribute": ("attribute time is missing", _header("ce_time", None)),
    "no attributes": ("specversion", lambda f: f.headers.clear()),
    "a version that is none": ("aggversion", _header("ce_aggversion", b"-1")),
    "a subject that is none": ("subject", _header("ce_subject", b"somebody")),
    "a time without a zone": ("zone", _header("ce_time", b"2024-01-01T00:00:00")),
    "null key": ("key is missing", _set(key=None)),
    "another's key": ("key is not", _set(key=b"another")),
    "empty value": ("empty", _set(value=b"")),
    "tombstone": ("tombstone", _set(value=None)),
    "header not UTF-8": ("x-odd is not utf-8", _header("x-odd", b"\xff\xfe")),
    "attribute not UTF-8": ("ce_source is not utf-8", _header("ce_source", b"\xff")),
}


def _mixed(rng: random.Random) -> tuple[list[Fact], list[Fact]]:
    """Good and bad in one random order, and the good ones alone."""
    kinds = [name for name in KINDS for _ in range(BAD // len(KINDS))]
    bad = []
    for kind in kinds:
        spoiled = fact()
        KINDS[kind][1](spoiled)
        bad.append(spoiled)
    for _ in range(LARGE):
        large = fact()
        large.value = b"x" * 1_000_000
        bad.append(large)
    good = [fact() for _ in range(BAD)]
    both = [*good, *bad]
    rng.shuffle(both)
    return both, good


@pytest.fixture(scope="module")
def reporting(readers: list[Reader]) -> Reader:
    return readers[0]


@pytest.fixture(scope="module")
async def after(reporting: Reader, kafka_servers: str) -> tuple[list[Fact], int, list[Fact]]:
    """All sent and read; the good ones, how many were bad, and those whose place another event claimed."""
    both, good = _mixed(random.Random(SEED))
    firsts = [fact() for _ in range(5)]
    claims = [fact(first.subject) for first in firsts]
    await send(kafka_servers, [*firsts, *both[: len(both) // 2], *claims, *both[len(both) // 2 :]])
    await reporting.caught_up()
    return [*good, *firsts], len(both) - len(good), claims


async def test_every_neighbour_is_counted_once_and_the_stream_moved_on(after: Any, reporting: Reader) -> None:
    good, bad, claims = after
    four = await reporting.balances()
    counted = await reporting.counted(TOPIC)
    print(f"\nseed {SEED}: {len(good)} good, {bad} malformed of {len(KINDS) + 1} kinds, {len(claims)} conflicts; {four}")
    assert counted == {(str(f.subject), 1): 1 for f in good}
    assert four == {"f": len(good), "d": 0, "p": bad + len(claims), "s": 0}
    later = fact()
    await send(reporting.servers, [later])
    await reporting.caught_up()
    assert (str(later.subject), 1) in await reporting.counted(TOPIC)


async def test_each_is_parked_whole_with_a_reason_that_names_what_is_wrong(after: Any, reporting: Reader) -> None:
    letters = await reporting.rows("SELECT reason, value, key, headers FROM dead_letters WHERE reason NOT LIKE 'conflict%'")
    assert len(letters) == after[1]
    reasons = [letter["reason"].lower() for letter in letters]
    for kind, (word, _) in KINDS.items():
        assert sum(word in reason for reason in reasons) >= BAD // len(KINDS), (
            f"{kind}: no reason says {word!r}, e.g. {sorted(set(reasons))[:40]}"
        )
    assert sum(len(letter["value"] or b"") == 1_000_000 for letter in letters) == LARGE, "parked whole"


async def test_another_event_for_the_same_place_is_parked_as_a_conflict_and_alarmed(after: Any, reporting: Reader, token: Any) -> None:
    good, _, claims = after
    letters = await reporting.rows("SELECT reason FROM dead_letters WHERE reason LIKE 'conflict%'")
    assert len(letters) == len(claims)
    kept = {
        row["id"] for row in await reporting.rows("SELECT id::text FROM facts WHERE subject = ANY($1::uuid[])", [f.subject for f in claims])
    }
    firsts = {f.headers["ce_id"].decode() for f in good if f.subject in {claim.subject for claim in claims}}
    assert kept == firsts, "the first one stands"
    async with httpx.AsyncClient() as http:
        metrics = (await http.get(f"{reporting.url}/metrics")).text
    assert f"events_conflicting_total {float(len(claims))}" in metrics


async def test_letters_are_listed_tried_again_and_left_aside_by_api_and_command_line(after: Any, reporting: Reader, token: Any) -> None:
    operator = token("operator")
    page = await reporting.asked(operator, "GET", "/dead-letters", params={"state": "open", "limit": 500})
    assert page["total"] == after[1] + len(after[2])
    conflict = (await reporting.rows("SELECT id::text, key FROM dead_letters WHERE reason LIKE 'conflict%' LIMIT 1"))[0]
    again = await reporting.asked(operator, "POST", f"/dead-letters/{conflict['id']}/retry")
    assert (again["state"], again["reason"].startswith("conflict")) == ("open", True), "it is as wrong as it was"
    # What an operator may find: it was the first that should not have been said.
    await reporting.rows("DELETE FROM facts WHERE subject = $1::text::uuid", conflict["key"].decode())
    mended = await reporting.asked(operator, "POST", f"/dead-letters/{conflict['id']}/retry")
    assert mended["state"] == "retried"
    assert (conflict["key"].decode(), 1) in await reporting.counted(TOPIC)
    first, second, third = [item["id"] for item in page["items"] if item["id"] != conflict["id"]][:3]
    left = await reporting.asked(operator, "POST", f"/dead-letters/{first}/skip", json={"reason": "a test's own"})
    assert (left["state"], left["note"]) == ("skipped", "a test's own")
    listed = await reporting.operated("dead-letters", "list", "--limit", "5")
    assert len(listed.strip().splitlines()) == 5
    assert "skipped" in await reporting.operated("dead-letters", "skip", second, "by hand")
    assert "open" in await reporting.operated("dead-letters", "retry", third)
    assert (await reporting.asked(operator, "GET", "/stream"))["dead_letters_open"] == page["total"] - 3


async def test_a_late_version_falls_into_its_place_and_a_missing_one_is_shown(after: Any, reporting: Reader, token: Any) -> None:
    subject, lonely = uuid4(), uuid4()
    first, second = fact(subject, 1, "entered_into_force"), fact(subject, 2, "terminated")
    await send(reporting.servers, [second, fact(lonely, 3)])
    await reporting.caught_up()
    gaps = {gap["subject"] for gap in (await reporting.asked(token("operator"), "GET", "/stream"))["gaps"]}
    assert {str(subject), str(lonely)} <= gaps
    await send(reporting.servers, [first])
    await reporting.caught_up()
    gaps = {gap["subject"] for gap in (await reporting.asked(token("operator"), "GET", "/stream"))["gaps"]}
    assert (str(subject) in gaps, str(lonely) in gaps) == (False, True)
    newest = await reporting.rows("SELECT type FROM facts WHERE subject = $1 ORDER BY aggversion DESC LIMIT 1", subject)
    assert newest[0]["type"] == "partners.instrument.terminated.v1"
