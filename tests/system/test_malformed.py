"""Records nobody can make anything of, of every kind, in the middle of good ones: each is parked alone with its reason, and nothing stops."""

import asyncio
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import asyncpg
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import PROOF
from tests.system.sent import MEGABYTE, SOURCE, Sent, good, padded, send, send_misnamed
from tests.system.world import ROOT, TOPIC, Reading, sql, until

BAD = 10_000 if PROOF else 1_000
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
FEW = 20
"""Of the records of a megabyte: ten thousand would be no more proof."""

Spoil = Callable[[Sent], Sent]
KINDS: dict[str, tuple[Spoil, str]] = {
    "no UTF-8": (lambda s: replace(s, value=b"\xff\xfe\x00"), "value is not UTF-8"),
    "no UTF-8 in a field we do not know": (lambda s: replace(s, value=(s.data(stray="?").value or b"").replace(b"?", b"\xff")), "value is not UTF-8"),
    "no JSON": (lambda s: replace(s, value=b'{"reference": '), "truncated"),
    "no object": (lambda s: replace(s, value=b"[1, 2]"), "object"),
    "text of a wrong type": (lambda s: s.data(reference=7), "reference"),
    "object of a wrong type": (lambda s: s.data(name=["Ruritania"]), "name"),
    "a field missing": (lambda s: replace(s, value=b'{"name": {}, "reference": "x"}'), "kind"),
    "nested without end": (lambda s: replace(s, value=(s.data(stray=0).value or b"").replace(b": 0}", b": " + b"[" * 5000 + b"]" * 5000 + b"}")), "nested"),
    "a NUL that no database keeps": (lambda s: s.data(reference="x\x00"), "cannot be stored"),
    "a number that no database keeps": (lambda s: replace(s, value=(s.data(stray=0).value or b"").replace(b": 0}", b": 1e999999}")), "cannot be stored"),
    "empty": (lambda s: replace(s, value=b""), "value is empty"),
    "tombstone": (lambda s: replace(s, value=None), "tombstone on a fact topic"),
    "no key": (lambda s: replace(s, key=None), "key is missing"),
    "another key": (lambda s: replace(s, key=b"\xff"), "key is not the subject"),
    "unknown type": (lambda s: s.head("ce_type", b"partners.partner.exploded.v1"), "unknown type: partners.partner.exploded.v1"),
    "future major": (lambda s: s.head("ce_type", b"partners.partner.amended.v7"), "future major: partners.partner.amended.v7"),
    "type of another topic": (lambda s: s.head("ce_type", b"partners.instrument.signed.v1"), "does not belong on"),
    "a header that is no UTF-8": (lambda s: s.head("ce_actor", b"\xff\xfe"), "header ce_actor is not UTF-8"),
    "a stray header that is no UTF-8": (lambda s: s.head("stray", b"\xff\xfe"), "header stray is not UTF-8"),
    "a null header": (lambda s: s.head("ce_time", None), "attribute time is missing"),
    "a NUL in a header's name": (lambda s: s.without("ce_id").head("x\x00y", b"1"), "attribute id is missing"),
    "no headers": (lambda s: replace(s, headers=()), "attribute specversion is missing"),
    "another specversion": (lambda s: s.head("ce_specversion", b"2.0"), "attribute specversion"),
    "an id that is none": (lambda s: s.head("ce_id", b"7"), "attribute id is not a UUID"),
    "a time without zone": (lambda s: s.head("ce_time", b"2024-01-01T00:00:00"), "attribute time has no zone"),
    "a time outside of calendars": (lambda s: s.head("ce_recordedtime", b"0001-01-01T00:00:00+14:00"), "attribute recordedtime"),
    "version zero": (lambda s: s.head("ce_aggversion", b"0"), "attribute aggversion"),
    "a version too large": (lambda s: s.head("ce_aggversion", b"2147483648"), "attribute aggversion"),
    "personal on a topic of facts": (lambda s: s.head("ce_classification", b"personal"), "classification is personal"),
    "said by another service": (lambda s: s.head("ce_source", b"/instances/test/services/meetings"), "source is not the publisher"),
    "an unknown mode": (lambda s: s.head("ce_mode", b"rehearsal"), "attribute mode"),
    "a source no index takes": (lambda s: s.head("ce_source", random.Random(7).randbytes(9_000).hex().encode()), "cannot be stored"),
    **{f"no {name}": (lambda s, name=name: s.without(f"ce_{name}"), f"attribute {name} is missing")
       for name in ("specversion", "id", "source", "type", "subject", "time", "recordedtime", "aggversion")},
}  # fmt: skip
LARGE: dict[str, tuple[Spoil, str]] = {
    "a megabyte of nothing": (lambda s: replace(s, value=b"\x00" * MEGABYTE), "malformed"),
    "a megabyte of a wrong type": (
        lambda s: replace(s, value=(padded(s).value or b"").replace(b'"ruritania"', b"12345678901")),
        "reference",
    ),
}


@dataclass
class Plan:
    """What is sent, and what must become of it."""

    sent: list[tuple[Sent, str | None]]
    """Each record with the reason it must be parked for; None: it must count."""

    @property
    def good(self) -> dict[tuple[str, int], set[str]]:
        return {(str(s.subject), s.version): {str(s.id)} for s, reason in self.sent if reason is None}


def mixed(rng: random.Random) -> Plan:
    """Every kind as often as the others, each between good neighbours of which some are about the same subject."""
    kinds = [kind for kind in KINDS.values() for _ in range(BAD // len(KINDS) + 1)][: BAD - FEW]
    kinds += [kind for kind in LARGE.values() for _ in range(FEW // len(LARGE))]
    rng.shuffle(kinds)
    sent: list[tuple[Sent, str | None]] = []
    for spoil, reason in kinds:
        subject = uuid4()
        sent += [(good(subject), None), (spoil(good()), reason), (good(subject, 2), None)]
    sent[3 * (BAD // 2)] = (padded(sent[3 * (BAD // 2)][0]), None)
    # Names a topic to be answered on: nobody asked for answers.
    sent[3 * (BAD // 3)] = (sent[3 * (BAD // 3)][0].head("reply_to", b"nowhere"), None)
    return Plan(sent)


async def operate(reporting: Reading, *arguments: str, expected: int = 0) -> str:
    """`python -m services.reporting …` as an operator runs it; what it printed."""
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.reporting", *arguments,
        env={**os.environ, **reporting.told, "COLUMNS": "400"}, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await done.communicate())[0].decode()
    assert done.returncode == expected, said
    return said


async def shown(reporting: Reading, name: str) -> float:
    """What a metric shows, over all its labels."""
    port = int(reporting.url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    text = (await reader.read()).partition(b"\r\n\r\n")[2].decode()
    writer.close()
    return sum(s.value for family in text_string_to_metric_families(text) for s in family.samples if s.name == name)


async def parked(reporting: Reading) -> dict[tuple[int, int], asyncpg.Record]:
    connection = await asyncpg.connect(reporting.dsn)
    try:
        rows = await connection.fetch(
            'SELECT id, partition, "offset", reason, key, value, headers, status FROM reports.dead_letters WHERE topic = $1', TOPIC
        )
    finally:
        await connection.close()
    return {(row["partition"], row["offset"]): row for row in rows}


async def test_each_bad_record_is_parked_alone_and_its_neighbours_count(reporting: Reading, kafka_servers: str) -> None:
    plan = mixed(random.Random(SEED))
    places = await send(kafka_servers, [record for record, _ in plan.sent])
    await reporting.caught_up(seconds=240)
    found = await parked(reporting)
    wanted = {place: (s, reason) for place, (s, reason) in zip(places, plan.sent, strict=True) if reason is not None}
    print(
        f"\nseed {SEED}: {len(wanted)} bad records of {len(KINDS) + len(LARGE)} kinds among {len(plan.good)} good ones, {len(found)} parked"
    )
    assert set(found) == set(wanted), f"{len(set(wanted) - set(found))} not parked, {len(set(found) - set(wanted))} neighbours parked"
    astray = Counter(
        f"{reason} but: {found[place]['reason']}"
        for place, (_, reason) in wanted.items()
        if reason.lower() not in found[place]["reason"].lower()
    )
    assert not astray, astray
    assert await reporting.facts() == plan.good
    for place, (s, _) in wanted.items():
        assert (found[place]["key"], found[place]["value"]) == (s.key, s.value), "kept whole"
    said = await reporting.stream()
    told = {name: said[name] for name in ("folded", "duplicates", "parked", "skipped", "gaps")}
    assert told == {"folded": len(plan.good), "duplicates": 0, "parked": len(wanted), "skipped": 0, "gaps": []}
    assert said["dead_letters_open"] == len(wanted)
    assert await shown(reporting, "events_parked_total") == len(wanted)
    assert await shown(reporting, "events_folded_total") == len(plan.good)


async def test_a_record_is_tried_again_or_skipped_through_the_api(reporting: Reading, kafka_servers: str) -> None:
    before = await reporting.stream()
    first, second = good(), good()
    await send(kafka_servers, [replace(first, value=b"{"), replace(second, value=b"{")])
    await reporting.caught_up()
    page = await reporting.ask("/dead-letters", params={"state": "open", "limit": 2})
    assert page["total"] == before["dead_letters_open"] + 2
    assert [letter["topic"] for letter in page["items"]] == [TOPIC, TOPIC]
    assert all("value" not in letter for letter in page["items"]), "what may be personal stays inside"
    letters = {
        await sql(reporting.dsn, "SELECT convert_from(key, 'UTF8') FROM reports.dead_letters WHERE id = $1", UUID(letter["id"])): letter[
            "id"
        ]
        for letter in page["items"]
    }
    again, never = letters[str(first.subject)], letters[str(second.subject)]
    still = await reporting.ask(f"/dead-letters/{again}/retry", "POST")
    assert (still["state"], "truncated" in still["reason"]) == ("open", True), "it is as bad as it was"
    await mend(reporting, again, first)
    assert (await reporting.ask(f"/dead-letters/{again}/retry", "POST"))["state"] == "retried"
    await reporting.ask(f"/dead-letters/{again}/retry", "POST", 409)
    await reporting.ask(f"/dead-letters/{never}/skip", "POST", 422, json={"reason": " "})
    skipped = await reporting.ask(f"/dead-letters/{never}/skip", "POST", json={"reason": "a test wrote it"})
    assert (skipped["state"], skipped["note"], skipped["resolved_by"][:5]) == ("skipped", "a test wrote it", "user:")
    after = await reporting.stream()
    moved = {name: after[name] - before[name] for name in ("folded", "parked", "dead_letters_open", "end_offsets_sum")}
    assert moved == {"folded": 1, "parked": 1, "dead_letters_open": 0, "end_offsets_sum": 2}
    facts = await reporting.facts()
    assert facts[str(first.subject), 1] == {str(first.id)}
    assert (str(second.subject), 1) not in facts


async def mend(reporting: Reading, letter: str, sent: Sent) -> None:
    """As if the reader had learned to read what it could not: the bytes it kept become good ones."""
    await sql(reporting.dsn, "UPDATE reports.dead_letters SET value = $2 WHERE id = $1", UUID(letter), sent.value)


async def test_a_record_is_tried_again_or_skipped_by_command(reporting: Reading, kafka_servers: str) -> None:
    before = await reporting.stream()
    first, second = good(), good()
    places = await send(kafka_servers, [replace(first, value=b"{"), replace(second, value=b"{")])
    await reporting.caught_up()
    listed = await operate(reporting, "dead-letters", "list", "--limit", "2")
    ids = {place: re.search(rf"(\S+)  {re.escape(TOPIC)}/{place[0]}/{place[1]}  .*truncated", listed) for place in places}
    again, never = (found[1] for found in ids.values() if found)
    still, skipped = await asyncio.gather(
        operate(reporting, "dead-letters", "retry", again),
        operate(reporting, "dead-letters", "skip", never, "a test wrote it"),
    )
    assert "open: Input data was truncated" in still
    assert "skipped" in skipped
    await mend(reporting, again, first)
    retried, refused = await asyncio.gather(
        operate(reporting, "dead-letters", "retry", again),
        operate(reporting, "dead-letters", "skip", never, "twice", expected=1),
    )
    assert "retried" in retried
    assert "Already skipped" in refused
    after = await reporting.stream()
    assert (after["folded"] - before["folded"], after["parked"] - before["parked"]) == (1, 1)
    assert (await reporting.facts())[str(first.subject), 1] == {str(first.id)}


async def test_another_event_in_the_place_of_one_is_a_conflict_and_the_first_stays(reporting: Reading, kafka_servers: str) -> None:
    before, conflicts = await reporting.stream(), await shown(reporting, "events_conflicting_total")
    first = good()
    other, same, stolen = good(first.subject), first, good().head("ce_id", str(first.id).encode())
    elsewhere = good(first.subject, source="/instances/elsewhere/services/partners")
    places = await send(kafka_servers, [first])
    # Partitions know no order among themselves: the first must be in before its id is stolen on another.
    await reporting.caught_up()
    places += await send(kafka_servers, [other, same, stolen, elsewhere])
    await reporting.caught_up()
    found, facts = (
        await parked(reporting),
        await sql(reporting.dsn, "SELECT array_agg(id) FROM facts.facts WHERE subject = $1", first.subject),
    )
    assert set(facts) == {first.id, elsewhere.id}, "who says it is part of what is said"
    assert ["conflict" in found[place]["reason"] if place in found else None for place in places] == [None, True, None, True, None]
    assert await shown(reporting, "events_conflicting_total") == conflicts + 2
    after = await reporting.stream()
    moved = [after[name] - before[name] for name in ("folded", "duplicates", "parked", "skipped")]
    assert moved == [2, 1, 2, 0]


async def test_a_header_whose_name_is_no_text_parks_its_record_alone(reporting: Reading, kafka_servers: str) -> None:
    before, spoilt, after = good(), good(), good()
    places = await send_misnamed(kafka_servers, before, spoilt, after)
    await reporting.caught_up()
    found, facts = await parked(reporting), await reporting.facts()
    assert [found[place]["reason"] if place in found else None for place in places] == [
        None,
        "header " + "\ufffd" * 12 + " is not UTF-8",
        None,
    ]
    assert [(str(sent.subject), 1) in facts for sent in (before, spoilt, after)] == [True, False, True]
    await reporting.stream()


async def test_batches_compressed_in_any_of_kafkas_ways_are_read(reporting: Reading, kafka_servers: str) -> None:
    sent = {codec: good() for codec in ("gzip", "snappy", "lz4", "zstd")}
    for codec, record in sent.items():
        await send(kafka_servers, [record], codec)
    await reporting.caught_up()
    facts = await reporting.facts()
    assert {codec: (str(record.subject), 1) in facts for codec, record in sent.items()} == dict.fromkeys(sent, True)


async def test_what_is_none_of_our_business_is_skipped_and_counted_as_that(reporting: Reading, kafka_servers: str) -> None:
    before = await reporting.stream()
    await send(kafka_servers, [good(type_="weather.storm.sighted.v1"), good()])
    await reporting.caught_up()
    after = await reporting.stream()
    assert [after[name] - before[name] for name in ("folded", "parked", "skipped")] == [1, 0, 1]


async def test_a_missing_version_is_shown_until_it_comes_however_late(reporting: Reading, kafka_servers: str) -> None:
    subject = uuid4()
    missing = [good(subject, 2), good(subject, 4)]
    await send(kafka_servers, [good(subject), good(subject, 3), good(subject, 5)])
    await reporting.caught_up()
    gap = {"source": SOURCE, "subject": str(subject), "topic": TOPIC, "newest": 5, "known": 3}
    assert (await reporting.stream())["gaps"] == [gap]

    async def one() -> bool:
        return await shown(reporting, "incomplete_subjects") == 1

    async def none() -> bool:
        return await shown(reporting, "incomplete_subjects") == 0

    await until(one, "the metric shows the incomplete subject", 30)
    await send(kafka_servers, missing[:1])
    await reporting.caught_up()
    assert (await reporting.stream())["gaps"] == [gap | {"known": 4}]
    await send(kafka_servers, missing[1:])
    await reporting.caught_up()
    assert (await reporting.stream())["gaps"] == []
    await until(none, "the metric shows that nothing is missing", 30)
    versions = await sql(reporting.dsn, "SELECT array_agg(aggversion ORDER BY aggversion) FROM facts.facts WHERE subject = $1", subject)
    assert versions == [1, 2, 3, 4, 5], "a late older version is neither dropped nor in the way"
