"""Reporting's live projection as a process of its own: the service's reader, and nothing of ours in its way.

Says on standard output how many partitions of the race's topic it was given, each time that changes; SIGTERM ends it.
"""

import asyncio
import signal
import sys
from typing import Any

import uvloop
from prometheus_client import CollectorRegistry

from services.reporting import subscribers
from services.reporting.settings import SEARCH_PATH
from shared import db, kafka
from shared.events.meetings import MEETINGS
from shared.metrics import Metrics


async def project(url: str, servers: str) -> None:
    """Fold until asked to end."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    engine = db.connect(url, SEARCH_PATH)
    broker = kafka.connect(servers, "reporting", CollectorRegistry())
    broker.include_router(subscribers.reads(engine, Metrics("reporting")))
    await broker.start()
    reader: Any = broker.subscribers[0]
    given = -1
    while not ended.is_set():
        now = sum(partition.topic == MEETINGS for partition in reader.consumer.assignment())
        if now != given:
            given = now
            print(given, flush=True)
        await asyncio.sleep(0.05)
    await broker.stop()
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(project(*sys.argv[1:3]))
