"""The floor under POST → figure: the same hops with nothing of the house in them, no token, no validation, no outbox, no relay.

`python -m benchmarks.floor serve <port> <url> <servers> <topic>`: HTTP → one statement → commit → send.
`python -m benchmarks.floor read <url> <servers> <topic>`: consume → one statement → commit.
"""

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer

from services.reporting.projections.rows import COLUMNS, NAMES
from shared import kafka

ADD = """WITH made AS (
    INSERT INTO meetings (id, kind, state, country, crime_types, countries, at, meeting, version, recorded_at)
    VALUES ($1, 'coordination_case', 'held', 'NL', '{cybercrime}', '{NL,FR}', $2, $3, 1, $2)
) INSERT INTO meeting_steps (meeting_id, version, event_id, type, time, recorded_at)
VALUES ($1, 1, $4, 'meetings.meeting.held.v1', $2, $2)"""
KEEP = f"INSERT INTO facts.facts ({COLUMNS}) VALUES ({', '.join(f'${n}' for n in range(1, len(NAMES) + 1))})"


class Serve:
    """An ASGI application of one address."""

    def __init__(self, url: str, servers: str, topic: str) -> None:
        self.url, self.servers, self.topic = url, servers, topic

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self.pool = await asyncpg.create_pool(self.url, min_size=5, max_size=10)
            self.producer = kafka.producer(self.servers, "floor")
            await self.producer.start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.producer.stop()
            await self.pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = (await receive())["body"]
        id_, event_id = uuid4(), uuid4()
        async with self.pool.acquire() as connection:
            await connection.execute(ADD, id_, datetime.now(UTC), body.decode(), event_id)
        await self.producer.send(self.topic, body, str(id_).encode(), headers=[("ce_id", str(event_id).encode())])
        answer = json.dumps({"id": str(id_)}).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 201, "headers": head})
        await send({"type": "http.response.body", "body": answer})


async def read(url: str, servers: str, topic: str) -> None:
    """Every record a row, a batch a transaction."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    connection = await asyncpg.connect(url)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, group_id="floor", enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    print("reads", flush=True)
    while not ended.is_set():
        got = await consumer.getmany(timeout_ms=50)
        rows = [_row(record) for batch in got.values() for record in batch]
        if rows:
            async with connection.transaction():
                await connection.executemany(KEEP, rows)
    await consumer.stop()
    await connection.close()


def _row(record: Any) -> tuple[Any, ...]:
    now = datetime.now(UTC)
    subject, event_id = record.key.decode(), record.headers[0][1].decode()
    said = ("meetings.meeting.held.v1", now, now, "NL", "live", "restricted", None, None, None)
    return ("floor", subject, 1, event_id, *said, "bench", record.topic, record.partition, record.offset, None, record.value.decode())


if __name__ == "__main__":
    what, *told = sys.argv[1:]
    if what == "serve":
        uvicorn.run(Serve(*told[1:]), port=int(told[0]), log_level="warning", access_log=False)
    else:
        uvloop.run(read(*told))
