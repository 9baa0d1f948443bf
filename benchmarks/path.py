"""POST → figure: from the moment a command is due until the fact is committed in reporting's database, where figures are counted.

The product in full house style (token, idempotency key, outbox, relay, reader) beside its floor in the same round. Both are seen
by the same trigger, which tells the subjects of what was inserted.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count
from statistics import quantiles
from uuid import uuid4

import asyncpg
import httpx

from benchmarks import open_loop
from benchmarks.ground import ISSUER, Ground, free_ports
from benchmarks.rounds import Differs, Result
from deploy.local import kafka, keys
from deploy.local.child import Child

WARM_S = 3.0
TRIGGER = """
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_notify('seen', string_agg(subject::text, ','))
    FROM (SELECT subject, row_number() OVER () / 100 AS part FROM new) AS told GROUP BY part;
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON facts.facts REFERENCING NEW TABLE AS new FOR EACH STATEMENT EXECUTE FUNCTION tell();
"""
MEETING = {
    "kind": "coordination_case", "country": "NL", "title": {"en": "Joint action day"}, "crime_types": ["cybercrime"],
    "started": "2024-05-06T08:00:00Z", "ended": "2024-05-06T10:00:00Z", "countries": ["NL", "FR", "DE"],
}  # fmt: skip
_numbers = count()


def contenders(ground: Ground, rate: int, seconds: float) -> dict[str, Callable[[], Result]]:
    """By name; each call is one run on fresh databases."""
    return {"ours": partial(_ours, ground, rate, seconds), "floor": partial(_floor, ground, rate, seconds)}


def _ours(ground: Ground, rate: int, seconds: float) -> Result:
    # Empty topics: a fresh database reads them from the beginning.
    kafka.delete_topics(ground.servers)
    kafka.create_topics(ground.servers)
    (ground.folder / "keys").mkdir(exist_ok=True)
    keys.prepare(ground.folder / "keys")
    urls = {name: ground.database(name) for name in ("meetings", "reporting")}
    ports = dict(zip(urls, free_ports(2), strict=True))
    with ExitStack() as running:
        for name, url in urls.items():
            _start(running, ground.service(name, url, ports[name], (ground.folder / "keys" / "jwks.json").as_uri()))
        for port in ports.values():
            _ready(port)
        token = keys.token(ground.folder / "keys", ISSUER, ["coordinator", "importer", "auditor"], ["*"])
        more = f"Authorization: Bearer {token}\r\n"
        request = partial(_request, "/held-meetings", lambda: f"{more}Idempotency-Key: {uuid4()}\r\n")
        result = asyncio.run(_measure(urls["reporting"], ports["meetings"], request, rate, seconds))
        _figure(ports["reporting"], token, int(rate * (WARM_S + seconds)))
    return result


def _floor(ground: Ground, rate: int, seconds: float) -> Result:
    topic = f"bench.floor.{next(_numbers)}"
    ground.topic(topic)
    urls = {name: ground.database(name).replace("+asyncpg", "") for name in ("meetings", "reporting")}
    (port,) = free_ports(1)
    program = [sys.executable, "-m", "benchmarks.floor"]
    with ExitStack() as running:
        _start(running, Child([*program, "serve", str(port), urls["meetings"], ground.servers, topic], ground.folder / "floor-serve.log"))
        reader = Child([*program, "read", urls["reporting"], ground.servers, topic], ground.folder / f"{topic}.log")
        _start(running, reader)
        _wait(lambda: reader.log.read_text(encoding="utf-8").startswith("reads"), "the floor's reader")
        _wait(lambda: _listens(port), "the floor's server")
        return asyncio.run(_measure(urls["reporting"], port, partial(_request, "/", str), rate, seconds))


async def _measure(url: str, port: int, request: Callable[[], bytes], rate: int, seconds: float) -> Result:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(TRIGGER)
    seen: dict[str, float] = {}

    def hear(_: object, __: int, ___: str, subjects: object) -> None:
        now = time.perf_counter()
        seen.update(dict.fromkeys(str(subjects).split(","), now))

    await connection.add_listener("seen", hear)
    began = time.perf_counter()
    load = await open_loop.post(port, request, rate, WARM_S + seconds)
    end = time.monotonic() + 20
    while not load.due.keys() <= seen.keys() and time.monotonic() < end:  # noqa: ASYNC110 - notifications come one by one
        await asyncio.sleep(0.05)
    await connection.close()
    if load.refused or not load.due.keys() <= seen.keys():
        msg = f"{len(load.refused)} refused {load.refused[:1]}, {len(load.due.keys() - seen.keys())} of {len(load.due)} never seen"
        raise Differs(msg)
    measured = [id_ for id_, due in load.due.items() if due >= began + WARM_S]
    return Result(
        _percentiles("POST", [load.answered[id_] - load.due[id_] for id_ in measured])
        | _percentiles("figure", [seen[id_] - load.due[id_] for id_ in measured])
    )


def _percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    """In milliseconds."""
    cuts = quantiles(seconds, n=100)
    return {f"{name} p{n} ms": cuts[n - 1] * 1000 for n in (50, 95, 99)}


def _request(path: str, more: Callable[[], str]) -> bytes:
    body = json.dumps(MEETING)
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more()}\r\n"
    return (head + body).encode()


def _figure(port: int, token: str, expected: int) -> None:
    """The figure says what was posted; raises `Differs`."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}, trust_env=False) as http:
        covered = {"indicator": "iEJ1", "start": "2020-01-01", "complete": True, "basis": "published", "origin": "bench"}
        http.post("/coverage", json=covered).raise_for_status()
        said = http.get("/indicators/iEJ1", params={"period": "2024"}).raise_for_status().json()
    if said["value"] != str(expected):
        msg = f"the figure is {said['value']} ({said['reason']}), {expected} meetings were recorded"
        raise Differs(msg)


def _start(running: ExitStack, child: Child) -> None:
    child.start()
    running.callback(child.stop)


def _ready(port: int) -> None:
    with httpx.Client(trust_env=False) as http:
        _wait(lambda: _answers(http, f"http://127.0.0.1:{port}/health/ready"), f"port {port}")


def _answers(http: httpx.Client, url: str) -> bool:
    try:
        return http.get(url).is_success
    except httpx.TransportError:
        return False


def _listens(port: int) -> bool:
    with httpx.Client(trust_env=False) as http:
        try:
            http.post(f"http://127.0.0.1:{port}/", json=MEETING)
        except httpx.TransportError:
            return False
    return True


def _wait(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            msg = f"not ready within {seconds:.0f} s: {what}"
            raise TimeoutError(msg)
        time.sleep(0.1)
