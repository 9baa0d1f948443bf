"""One log line per thing that matters: JSON or terminal, bound to event, correlation and trace, never a person's details."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

PERSONAL = frozenset(
    [
        "name",
        "given_name",
        "family_name",
        "script_variants",
        "email",
        "phone",
        "photo_ref",
        "person",
        "details",
        "address",
        "authorization",
        "token",
        "access_token",
        "id_token",
        "cookie",
        "password",
        "secret",
        "key",
        "jwe",
    ]
)


def configure(fmt: Literal["json", "terminal"], level: str, service: str) -> None:
    """Send the whole process's log through one chain; the standard library's loggers come along."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _service(service),
        keep_out_persons,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if fmt == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        # What the level leaves out costs nothing.
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # A traceback shows values of a statement's parameters: the error's type and place are enough.
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _place, renderer], foreign_pre_chain=shared
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in ("uvicorn.access", "aiokafka", "httpx", "httpcore", "faststream"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def keep_out_persons(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A field that could name a person or open a door is dropped, at any depth."""
    return {name: _clean(value) for name, value in event.items() if name not in PERSONAL}


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items() if name not in PERSONAL}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _service(service: str) -> structlog.types.Processor:
    def bind(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    return bind


def _place(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    info = sys.exc_info() if given is True else given
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        frames = []
        trace = info[2]
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["error"] = info[0].__name__
        event["at"] = frames[-6:]
    return event
