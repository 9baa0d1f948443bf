"""The race of the relays: rows that wait in the outbox, carried to Kafka in the order of their keys.

The peer is faststream-outbox with 500 rows fetched, 100 deleted at a time and one worker, the only setting that keeps a key in
order. The bound is the producer alone with the same records, their acknowledgements awaited every 10,000.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from benchmarks.feed import Feed, Sent
from benchmarks.ground import Ground
from benchmarks.rounds import Differs, Result

PATIENCE_S = 300
_numbers = count()


def contenders(ground: Ground, rows: int, slow_rows: int, peer: bool = True) -> dict[str, Callable[[], Result]]:
    """By name; the peer carries `slow_rows`, all others `rows`."""
    found: dict[str, Callable[[], Result]] = {"ours": partial(_run, ground, "ours", rows), "bare send": partial(_run, ground, "bare", rows)}
    if peer:
        found["faststream-outbox"] = partial(_run, ground, "faststream_outbox", slow_rows)
    return found


def _run(ground: Ground, which: str, rows: int) -> Result:
    topic = f"bench.{which}.{next(_numbers)}"
    ground.topic(topic)
    url = ground.database("meetings")
    sent = list(Feed(rows))
    asyncio.run(_fill(url, which, topic, sent))
    command = [sys.executable, "-m", "benchmarks.relays", which, url, ground.servers, topic, str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    _same(sent, ground.records(topic))
    return Result({"rows/s": rows / float(done.stdout.split()[-1])})


async def _fill(url: str, which: str, topic: str, sent: Iterable[Sent]) -> None:
    """Rows of the very same records, in the table of each."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    told = [(topic, each.key.decode(), json.dumps({name: value.decode() for name, value in each.headers}), each.value) for each in sent]
    if which == "faststream_outbox":
        await _make_table(connection)
        rows = [(queue, value, headers) for queue, _, headers, value in told]
        await connection.copy_records_to_table("fsoutbox", records=rows, columns=("queue", "payload", "headers"))
        await connection.execute("VACUUM ANALYZE fsoutbox")
    else:
        await connection.copy_records_to_table("outbox", records=told, columns=("topic", "key", "headers", "value"))
        await connection.execute("VACUUM ANALYZE outbox")
    await connection.close()


async def _make_table(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    from faststream_outbox import make_outbox_table

    table, dialect = make_outbox_table(MetaData(), table_name="fsoutbox"), postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
    for index in table.indexes:
        await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


def _same(sent: Iterable[Sent], got: Iterable[tuple[int | None, bytes | None, bytes | None]]) -> None:
    """Nothing lost, nothing twice, each key in order on one partition."""
    wanted: dict[bytes | None, list[bytes | None]] = {}
    for each in sent:
        wanted.setdefault(each.key, []).append(each.value)
    found: dict[bytes | None, list[bytes | None]] = {}
    places: dict[bytes | None, set[int | None]] = {}
    for partition, key, value in got:
        found.setdefault(key, []).append(value)
        places.setdefault(key, set()).add(partition)
    wrong = [key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key) or len(places[key]) != 1]
    if wrong:
        msg = f"{len(wrong)} keys differ, e.g. {wrong[0]!r}"
        raise Differs(msg)
