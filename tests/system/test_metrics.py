"""What operators watch really moves when the thing happens, goes back when it is over, and names nobody."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.reporting.projections import FOLDING
from shared import kafka
from tests.system.house import SERVICES, House, opened
from tests.system.world import TOPIC, records, until

DESCRIBED = {"name": {"en": "Ruritania"}, "kind": "country", "country": "NL"}
NAME = "Wolfgangina"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
async def house(
    topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any
) -> AsyncIterator[House]:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        yield house


@pytest.fixture(scope="module")
async def partner(house: House) -> str:
    """One partner: all facts about it are on one partition, which is folded up to here."""
    made = await house.told("partners", "POST", "/partners", json=DESCRIBED | {"reference": "ruritania"}, headers={"traceparent": TRACE})
    await house.settled()
    return str(made["id"])


async def amend(house: House, partner: str, times: int) -> None:
    for _ in range(times):
        await house.told("partners", "PUT", f"/partners/{partner}", json=DESCRIBED | {"name": {"en": uuid4().hex}})


async def shown(house: House, service: str, name: str, **labels: str) -> float:
    """The sum of what a metric shows under these labels."""
    families = text_string_to_metric_families(await house.metrics(service))
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    assert samples or labels or name.endswith("_total"), f"{service} has no {name}"
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


async def shows(house: House, service: str, expected: Any, name: str, seconds: float = 30, **labels: str) -> None:
    """Wait until a metric is as expected."""
    seen: list[float] = []

    async def true() -> bool:
        seen.append(await shown(house, service, name, **labels))
        return bool(expected(seen[-1]) if callable(expected) else seen[-1] == expected)

    try:
        await until(true, name, seconds)
    except AssertionError as late:
        raise AssertionError(f"{service} {name} {labels}: {sorted(set(seen))}") from late


async def readiness(house: House, service: str) -> tuple[int, dict[str, str]]:
    answer = await house.http.get(f"{house[service].url}/health/ready")
    return answer.status_code, answer.json()["checks"]


async def says(house: House, service: str, status: int, check: str, seconds: float = 30) -> str:
    """Wait for a readiness; returns the reason given."""
    reasons: list[str] = []

    async def true() -> bool:
        found, checks = await readiness(house, service)
        reasons.append(checks.get(check, "ok"))
        return found == status and (reasons[-1] == "ok") == (status == 200)

    await until(true, f"{service} answers {status} for its {check}", seconds)
    return reasons[-1]


@contextmanager
def standing_still(pid: int) -> Iterator[None]:
    """A process that neither works nor goes away: the worst kind of broker."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def held(dsn: str, statement: str) -> AsyncIterator[None]:
    """A lock held from outside, for as long as the block lasts."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(statement)
            yield
    finally:
        await connection.close()


async def test_a_broker_that_stands_still_is_seen_in_the_outbox_and_in_readiness(house: House, partner: str, platform: Any) -> None:
    await shows(house, "partners", 0, "outbox_backlog")
    carried = await shown(house, "partners", "outbox_relayed_total")
    with standing_still(platform.broker_child.process.pid):
        await amend(house, partner, 3)
        await shows(house, "partners", 3, "outbox_backlog")
        age = await shown(house, "partners", "outbox_oldest_seconds")
        await shows(house, "partners", lambda now: now >= age + 2, "outbox_oldest_seconds")
        for service in SERVICES:
            assert await says(house, service, 503, "broker") not in ("", "ok")
        assert (await house.ask("partners", "GET", f"/partners/{partner}")).status_code == 200, "what needs no broker goes on"
    for service in SERVICES:
        await says(house, service, 200, "broker")
    await shows(house, "partners", 0, "outbox_backlog")
    await shows(house, "partners", 0, "outbox_oldest_seconds")
    await shows(house, "partners", lambda now: now >= carried + 3, "outbox_relayed_total")
    await house.settled()


async def test_a_reader_that_was_away_shows_how_far_it_is_behind(house: House, partner: str) -> None:
    house["reporting"].child.stop()
    began = time.monotonic()
    await amend(house, partner, 4)
    await asyncio.sleep(2)
    async with held(house["reporting"].dsn, f"SELECT pg_advisory_xact_lock({FOLDING})"):
        await house.start("reporting")
        await shows(house, "reporting", 4, "consumer_lag_records", topic=TOPIC)
        seconds = await shown(house, "reporting", "consumer_lag_seconds", topic=TOPIC)
        assert seconds >= 2, "the oldest has waited since before the restart"
        await shows(house, "reporting", lambda now: now >= seconds + 2, "consumer_lag_seconds", topic=TOPIC)
        assert await shown(house, "reporting", "consumer_lag_records") == 4, "no other topic is behind"
        assert await shown(house, "reporting", "events_folded_total", topic=TOPIC) == 0
        assert await shown(house, "reporting", "consumer_lag_seconds", topic=TOPIC) <= time.monotonic() - began + 60
    await shows(house, "reporting", 0, "consumer_lag_records")
    await shows(house, "reporting", 0, "consumer_lag_seconds")
    assert await shown(house, "reporting", "events_folded_total", topic=TOPIC) == 4


async def test_each_kind_of_record_is_counted_for_what_it_is(house: House, partner: str) -> None:
    (*_, newest) = [record for record in await records(house.servers, TOPIC) if record.key == partner.encode()]
    other = [(name, str(uuid4()).encode() if name == "ce_id" else value) for name, value in newest.headers]
    sent = [(b"{", [*newest.headers]), (newest.value, [*newest.headers]), (newest.value, other)]
    names = ("events_parked_total", "events_duplicate_total", "events_conflicting_total", "events_folded_total")
    before = [await shown(house, "reporting", name) for name in names]
    producer = kafka.producer(house.servers, "test")
    await producer.start()
    for value, headers in sent:
        await (await producer.send(TOPIC, value, newest.key, headers=headers))
    await producer.stop()
    await house.settled()
    await shows(house, "reporting", 2, "dead_letters_open")
    assert [await shown(house, "reporting", name) - was for name, was in zip(names, before, strict=True)] == [2, 1, 1, 0]
    letters = (await house.told("reporting", "GET", "/dead-letters", "operator", params={"state": "open"}))["items"]
    for letter in letters:
        await house.told("reporting", "POST", f"/dead-letters/{letter['id']}/skip", "operator", json={"reason": "a test wrote it"})
    await shows(house, "reporting", 0, "dead_letters_open")


async def test_requests_are_timed_by_route_and_answer(house: House, partner: str) -> None:
    asked = [("GET", "/partners/{id}", "200"), ("GET", "/partners/{id}", "404"), ("GET", "unmatched", "404"), ("POST", "/partners", "422")]

    async def counts() -> list[float]:
        name = "http_request_duration_seconds_count"
        return [await shown(house, "partners", name, method=m, route=r, status=s) for m, r, s in asked]

    async def each_once() -> bool:
        return [now - was for now, was in zip(await counts(), before, strict=True)] == [1, 1, 1, 1]

    before = await counts()
    for path in (f"/partners/{partner}", f"/partners/{uuid4()}", f"/nowhere/{uuid4()}"):
        await house.ask("partners", "GET", path)
    await house.ask("partners", "POST", "/partners", json={})
    # An answer is out a moment before it is timed.
    await until(each_once, "each request is counted once", 5)
    assert await shown(house, "partners", "http_request_duration_seconds_sum", route="/partners/{id}") > 0


async def test_lent_connections_are_counted(house: House, partner: str) -> None:
    await shows(house, "partners", 0, "db_pool_in_use")
    async with held(house["partners"].dsn, "LOCK TABLE partners IN ACCESS EXCLUSIVE MODE"):
        waiting = [asyncio.create_task(house.ask("partners", "GET", f"/partners/{partner}")) for _ in range(3)]
        await shows(house, "partners", 3, "db_pool_in_use")
    assert [(await task).status_code for task in waiting] == [200, 200, 200]
    await shows(house, "partners", 0, "db_pool_in_use")


async def test_a_trace_goes_from_the_request_onto_the_topic(house: House, partner: str) -> None:
    first, *others = [record for record in await records(house.servers, TOPIC) if record.key == partner.encode()]
    assert ("traceparent", TRACE.encode()) in first.headers
    assert not any(name == "traceparent" for record in others for name, _ in record.headers), "nobody makes one up"


async def test_a_database_that_is_away_makes_a_service_unready_and_comes_back(house: House, partner: str, platform: Any) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    body = DESCRIBED | {"reference": "strelsau"}
    platform.postgres_child.stop(by=signal.SIGINT)
    try:
        for service in SERVICES:
            assert await says(house, service, 503, "database") not in ("", "ok")
            assert (await house.http.get(f"{house[service].url}/health/live")).status_code == 204, "a restart would mend nothing"
        refused = await house.ask("partners", "POST", "/partners", json=body, headers=key)
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:concord:problem:unavailable")
        assert refused.headers["Retry-After"]
    finally:
        platform.postgres_child.start()
        await asyncio.to_thread(platform.postgres.wait)
    for service in SERVICES:
        await says(house, service, 200, "database")
    await house.told("partners", "POST", "/partners", json=body, headers=key)
    await house.settled()


async def test_no_label_holds_an_id_or_a_person(house: House, partner: str) -> None:
    person = {"family_name": NAME, "given_name": NAME, "email": f"{NAME}@office.example"}
    made = await house.told("contacts", "POST", "/contact-points", json={"country": "AL", "appointing_kind": "country", "person": person})
    await house.told("contacts", "GET", f"/persons/{made['person_ref']}", params={"purpose": "contact"})
    await house.told("contacts", "GET", "/contact-points", params={"q": NAME})
    await house.ask("contacts", "GET", f"/persons/{NAME}")
    met = await house.told("meetings", "POST", "/meetings", json={"kind": "bilateral", "title": {"en": NAME}})
    await house.told("meetings", "GET", f"/meetings/{met['id']}")
    await house.told("meetings", "GET", "/meetings", params={"q": NAME})
    await house.ask("meetings", "GET", f"/meetings/{NAME}")
    for service, path in (("operations", "centres"), ("capacity", "tools"), ("notifications", "deliveries"), ("partners", "partners")):
        for asked in (path, f"{path}/{NAME}", NAME):
            await house.ask(service, "GET", f"/{asked}", params={"q": NAME})
            await house.ask(service, "POST", f"/{asked}", json={"name": NAME})
    await house.settled()
    for service in SERVICES:
        families = list(text_string_to_metric_families(await house.metrics(service)))
        values = {v for family in families for s in family.samples for label, v in s.labels.items() if label != "le"}
        assert len(values) > 10, service
        assert [v for v in values if NAME.lower() in v.lower() or re.search(r"[0-9a-f]{8}-|[0-9a-f]{12}|\d{4}", v)] == []
        assert [family.name for family in families if not family.documentation] == []
