"""What happens to every request, before and after: its size bounded, its time measured, its trace bound to the log."""

import re
import time
from uuid import UUID, uuid4

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.metrics import Metrics
from shared.web import problems

LIMIT = 256 * 1024
"""Bytes a request's body may have."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
log = structlog.get_logger(__name__)


class Bounded:
    """Refuses a body over the limit, whether it says its length or not, before the handler sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413, or hand the whole body on."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body, size, more = [], 0, True
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > LIMIT:
            return await self._refuse(scope, receive, send)
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body.append(message.get("body", b""))
            size += len(body[-1])
            more = message.get("more_body", False)
            if size > LIMIT:
                return await self._refuse(scope, receive, send)
        replay: list[Message] = [{"type": "http.request", "body": b"".join(body), "more_body": False}]

        async def replayed() -> Message:
            return replay.pop() if replay else await receive()

        return await self.app(scope, replayed, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = problems.answer(413, "too-large", "Too large", f"A body may have {LIMIT} bytes")
        await refusal(scope, receive, send)


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
