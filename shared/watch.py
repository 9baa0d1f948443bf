"""A service watches itself: gauges every other second, and the reasons why it is not ready."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from fastapi import FastAPI
from sqlalchemy import text

from shared import dead_letters, logs, outbox, rows
from shared.events import Attributes, Malformed

EVERY_S = 2.0
STALE_S = 30.0
"""A look older than this says nothing any more; a busy machine may take a while over one."""
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Lag:
    """One topic as its reader sees it: records that wait, the age of the oldest, and until when everything is folded."""

    end: int = 0
    waiting: int = 0
    seconds: float = 0.0
    complete_until: datetime | None = None


@dataclass(slots=True)
class Watch:
    """What the last look saw."""

    started: bool = False
    behind: str | None = None
    """Why this database must not publish: it is older than its own facts."""
    lags: dict[str, Lag] = field(default_factory=dict)
    looked_at: float = float("-inf")


async def run(app: FastAPI) -> None:
    """Look, set the gauges, sleep; for ever. What the database tells is told while Kafka is away."""
    await asyncio.gather(again(lambda: _counts(app)), *([again(lambda: _stream(app))] if app.state.reads else []))


async def again(look: Callable[[], Awaitable[None]], away: str = "watch waits") -> None:
    """Look every other second, for ever; `away` is logged while a dependency is, and gauges keep their last value: readiness says so."""
    while True:
        try:
            await look()
        except Exception as error:  # noqa: BLE001 - any way a dependency can be away
            log.debug(away, reason=type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def _counts(app: FastAPI) -> None:
    state, metrics = app.state, app.state.metrics
    metrics.pool.set(state.engine.pool.checkedout())
    async with asyncio.timeout(10), state.engine.connect() as tx:
        if state.publishes:
            count, seconds = await outbox.backlog(tx)
            metrics.outbox_backlog.set(count)
            metrics.outbox_oldest.set(seconds)
        if state.reads:
            metrics.dead_letters.set(await dead_letters.count_open(tx))


async def _stream(app: FastAPI) -> None:
    """Look at the topics for as long as Kafka lets us: a consumer made anew for each look costs more than all the looks."""
    async with logs.looking(app.state.settings.kafka_servers) as consumer:
        while True:
            await asyncio.wait_for(_lags(app, consumer), 10)
            await asyncio.sleep(EVERY_S)


async def _lags(app: FastAPI, consumer: AIOKafkaConsumer) -> None:
    """Lag against the ends of the topics; offsets come from the database, the truth of what is folded."""
    seen: Watch = app.state.watch
    topics = reader_topics(app)
    # Ends first: what is folded meanwhile must not look like a negative lag.
    now = datetime.now(UTC)
    ends = await logs.ends(consumer, topics)
    async with app.state.engine.connect() as tx:
        rows = {(r.topic, r.partition): r for r in await tx.execute(text("SELECT * FROM offsets"))}
    waiting = {place: (rows[place].next_offset if place in rows else 0, end) for place, end in ends.items()}
    behind = {place: offset for place, (offset, end) in waiting.items() if offset < end}
    oldest = await logs.records_at(consumer, behind, 2)
    lags = {topic: Lag() for topic in topics}
    for place, end in ends.items():
        row, lag = rows.get(place), lags[place[0]]
        lag.end += end
        known = now
        if place in behind:
            lag.waiting += end - behind[place]
            if place in oldest:
                lag.seconds = max(lag.seconds, now.timestamp() - oldest[place].timestamp / 1000)
            # A fact from the future must not make us look fresh.
            known = min(row.recordedtime, now) if row and row.recordedtime else datetime.min.replace(tzinfo=UTC)
        lag.complete_until = min(known, lag.complete_until or known)
    seen.lags, seen.looked_at = lags, time.monotonic()
    for topic, lag in lags.items():
        app.state.metrics.lag_records.labels(topic).set(lag.waiting)
        app.state.metrics.lag_seconds.labels(topic).set(lag.seconds)


def reader_topics(app: FastAPI) -> list[str]:
    """The topics that this service's one subscriber reads."""
    return [topic for subscriber in app.state.broker.subscribers for topic in subscriber.topic_names_for_subscribe]


async def checks(app: FastAPI) -> dict[str, str | None]:
    """Each thing this service needs -> None, or why it is not there."""
    state = app.state
    seen: Watch = state.watch
    said = {"database": await _try(_select(app)), "broker": await _try(_ping(app)), "aggversions": seen.behind}
    if state.reads:
        fresh = seen.started and time.monotonic() - seen.looked_at < STALE_S and all(_assigned(s) for s in state.broker.subscribers)
        said["consumer"] = None if fresh else "not reading yet, or its lag cannot be seen"
    return said


def _assigned(subscriber: Any) -> bool:
    return subscriber.consumer is not None and bool(subscriber.consumer.assignment())


async def _try(check: Any) -> str | None:
    try:
        await asyncio.wait_for(check, 3)
    except Exception as error:  # noqa: BLE001 - the reason is the answer
        return type(error).__name__
    return None


async def _select(app: FastAPI) -> None:
    async with app.state.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _ping(app: FastAPI) -> None:
    if not await app.state.broker.ping(timeout=2):
        raise ConnectionError


async def compare_with_topics(app: FastAPI) -> None:
    """Own aggversions must not be behind the topics' ends: a database restored from an old backup would publish versions twice."""
    records = await logs.last_records(app.state.settings.kafka_servers, list(app.state.versions))
    own = f"/instances/{app.state.instance}/services/{app.state.service}"
    async with app.state.engine.connect() as tx:
        for record in records:
            try:
                said = Attributes.read(record.headers)
            except Malformed:
                continue
            known = await rows.version_of(tx, app.state.versions[record.topic], said.subject)
            if known < said.aggversion and said.source == own:
                app.state.watch.behind = f"the database is older than its own facts: {record.topic} has a newer version than the store"
                log.error("database older than its own facts", topic=record.topic)
