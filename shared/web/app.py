"""One service, put together: engine, broker, probes, guards, relay and reader in one FastAPI app."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial, reduce
from operator import or_

import structlog
from aiokafka.errors import KafkaError
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.specification import AsyncAPI
from sqlalchemy import Column
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import auth, db, idempotency, kafka, log, relay, watch
from shared.events import Event
from shared.metrics import Metrics
from shared.settings import ServiceSettings
from shared.web import openapi, probes, problems
from shared.web.middleware import Bounded, Observed
from shared.web.route import Guarded

Reader = Callable[[AsyncEngine, Metrics], KafkaRouter]
Task = Callable[[FastAPI], Awaitable[None]]
VERSION = "0.1.0"
STOP_S = 12
_log = structlog.get_logger(__name__)


def app(
    service: str,
    settings: ServiceSettings,
    *,
    title: str,
    routes: Sequence[APIRouter],
    publishes: Mapping[str, Sequence[type[Event]]] | None = None,
    versions: Mapping[str, Column[int]] | None = None,
    reads: Reader | None = None,
    search_path: str = "public",
    tasks: Sequence[Task] = (),
    uploads: Mapping[str, int] | None = None,
    exercises: bool = False,
) -> FastAPI:
    """The whole service. `publishes`: topic -> its event classes (then a relay runs); `reads`: makes the one batch subscriber.

    `versions`: topic -> the column with the newest aggversion of each subject, so that a database restored from an older
    backup is noticed before it publishes a version twice; subjects that have but one fact need none. `tasks` run beside the rest for
    ever, begun anew when they fail. `uploads`: pattern of a path -> bytes that a POST there may have.
    `exercises`: whether its things know that they are exercises; where they don't, every command in an exercise is refused.
    """
    log.configure(settings.log_format, settings.log_level, service)
    metrics = Metrics(service)
    engine = db.connect(settings.database_url.get_secret_value(), search_path)
    broker = kafka.connect(settings.kafka_servers, service, metrics.registry)
    if reads:
        broker.include_router(reads(engine, metrics))
    for topic, events in (publishes or {}).items():
        broker.publisher(topic, schema=reduce(or_, events), title=topic, description=f"Facts of {topic}, key = subject")
    application = FastAPI(
        title=title,
        version=VERSION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.named,
    )
    state = application.state
    state.service, state.instance, state.settings = service, settings.instance, settings
    state.engine, state.broker, state.metrics = engine, broker, metrics
    state.door = auth.Door(settings.issuer, settings.jwks_url)
    state.wake = asyncio.Event()
    state.publishes, state.versions, state.reads = dict(publishes or {}), dict(versions or {}), reads is not None
    state.search_path, state.exercises = search_path, exercises
    state.watch, state.tasks = watch.Watch(), tuple(tasks)
    for routed in routes:
        _refuse_unguarded(routed)
        application.include_router(routed)
    application.include_router(probes.router(AsyncAPI(broker, title=title, version=VERSION).to_specification))
    problems.install(application)
    application.add_middleware(Bounded, uploads=uploads)
    application.add_middleware(Observed, metrics=metrics)
    application.openapi = lambda: openapi.document(application)  # type: ignore[method-assign]
    return application


def _refuse_unguarded(routed: APIRouter) -> None:
    """A route without the guard, or a command missing in the table, must not start: fail closed."""
    bare = [route.path for route in routed.routes if isinstance(route, APIRoute) and not isinstance(route, Guarded)]
    if bare:
        msg = f"routes without a guard: {bare}; make routers with shared.web.router"
        raise RuntimeError(msg)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    work: list[Callable[[], Awaitable[None]]] = [lambda: _connect(app), lambda: watch.run(app), lambda: _housekeeping(state.engine)]
    work += [partial(task, app) for task in state.tasks]
    if state.publishes:
        servers, url = state.settings.kafka_servers, db.direct_url(state.engine, state.search_path)
        work.append(lambda: relay.relay(url, servers, state.service, state.wake, state.metrics))
    _spare_the_collector()
    tasks = [asyncio.create_task(_alive(job)) for job in work]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(state.broker.stop(), STOP_S)
    await state.engine.dispose()


def _spare_the_collector() -> None:
    """What was made until now stays for the process's life: to go through it again and again costs a third of a batch's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _alive(job: Callable[[], Awaitable[None]]) -> None:
    """A background task that dies is silent: log it, wait, begin anew."""
    while True:
        try:
            return await job()
        except Exception as error:  # noqa: BLE001 - whatever it was, the others go on
            _log.error("background task failed", exc_info=error)
            await asyncio.sleep(5)


async def _connect(app: FastAPI) -> None:
    """Start the broker's consumers, waiting for Kafka as long as it takes: commands are taken meanwhile."""
    broker: KafkaBroker = app.state.broker
    while True:
        try:
            await broker.start()
            break
        except (KafkaError, OSError) as error:
            _log.warning("waiting for Kafka", reason=type(error).__name__)
            with suppress(Exception):
                await asyncio.wait_for(broker.stop(), STOP_S)
            await asyncio.sleep(1)
    app.state.watch.started = True
    if app.state.versions:
        await watch.compare_with_topics(app)


async def _housekeeping(engine: AsyncEngine) -> None:
    while True:
        await asyncio.sleep(3600)
        async with engine.begin() as tx:
            await idempotency.forget(tx)
