"""What happens to every request, before and after: its size bounded, its time measured, its trace bound to the log."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import TooLarge
from shared.metrics import Metrics
from shared.web import problems

LIMIT = 256 * 1024
"""Bytes a request's body may have."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
Refusal = Callable[[Request, Exception], Awaitable[Response]]
log = structlog.get_logger(__name__)


class Bounded:
    """Refuses a body over the limit, whether it says its length or not, before the handler sees it.

    `uploads`: pattern of a path -> bytes that a POST there may have. Such a body is not held: the handler reads it as it comes.
    `refuse`: how it is said.
    """

    def __init__(self, app: ASGIApp, uploads: Mapping[str, int] | None = None, refuse: Refusal = problems.problem) -> None:
        self.app, self._say = app, refuse
        self._uploads = {re.compile(path): limit for path, limit in (uploads or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413, or hand the whole body on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body, size, more = [], 0, True
        declared, streamed = Headers(scope=scope).get("content-length", "0"), self._upload(scope)
        limit = streamed or LIMIT
        if declared.isdigit() and int(declared) > limit:
            return await self._refuse(scope, receive, send, limit)
        if streamed:
            return await self.app(scope, _counted(receive, limit), send)
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body.append(message.get("body", b""))
            size += len(body[-1])
            more = message.get("more_body", False)
            if size > LIMIT:
                return await self._refuse(scope, receive, send, LIMIT)
        replay: list[Message] = [{"type": "http.request", "body": b"".join(body), "more_body": False}]

        async def replayed() -> Message:
            return replay.pop() if replay else await receive()

        return await self.app(scope, replayed, send)

    def _upload(self, scope: Scope) -> int | None:
        """The bytes an upload may have; None where this is none."""
        return next((limit for path, limit in self._uploads.items() if scope["method"] == "POST" and path.fullmatch(scope["path"])), None)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        refusal = await self._say(Request(scope), TooLarge(limit))
        await refusal(scope, receive, send)


def _counted(receive: Receive, limit: int) -> Receive:
    """The same body, which ends with `TooLarge` for whoever reads on beyond the limit."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise TooLarge(limit)
        return message

    return counted


class Observed:
    """Times every request by its route (never by its path: that holds ids) and binds correlation and trace to the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Observe, also where the handler raises."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given, began, status = Headers(scope=scope), time.perf_counter(), 500
        correlation = _uuid(given.get("x-correlation-id"))
        trace = given.get("traceparent", "")

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-correlation-id", correlation.encode())]
            await send(message)

        bound = {"correlation_id": correlation, **({"traceparent": trace} if TRACEPARENT.match(trace) else {})}
        with structlog.contextvars.bound_contextvars(**bound):
            try:
                await self.app(scope, receive, answered)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                seconds = time.perf_counter() - began
                method = scope["method"] if scope["method"] in METHODS else "other"
                self.metrics.request.labels(method, route, str(status)).observe(seconds)
                if not route.startswith(("/health", "/metrics")):
                    log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def _uuid(given: str | None) -> str:
    try:
        return str(UUID(given or ""))
    except ValueError:
        return str(uuid4())
