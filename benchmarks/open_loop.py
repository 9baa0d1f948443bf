"""Requests at a given rate, whether answered or not: latencies count from the moment a request was due, so that queueing shows."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

CONNECTIONS = 64


@dataclass(slots=True)
class Load:
    """What was posted, by the id that was answered: when it was due, and when its answer came (seconds of `perf_counter`)."""

    due: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


async def post(port: int, request: Callable[[], bytes], rate: int, seconds: float) -> Load:
    """`rate` requests a second over kept connections."""
    load, waiting = Load(), asyncio.Queue[float | None]()
    posting = [asyncio.create_task(_connection(port, request, waiting, load)) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        waiting.put_nowait(due)
    for _ in posting:
        waiting.put_nowait(None)
    await asyncio.gather(*posting)
    return load


async def _connection(port: int, request: Callable[[], bytes], waiting: "asyncio.Queue[float | None]", load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (due := await waiting.get()) is not None:
        writer.write(request())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        if b" 201 " not in head.split(b"\r\n")[0]:
            load.refused.append(body.decode(errors="replace")[:500])
            continue
        id_ = json.loads(body)["id"]
        load.due[id_], load.answered[id_] = due, time.perf_counter()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
