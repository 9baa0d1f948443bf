"""RFC 9457: every answer that is not the one asked for is `application/problem+json` and names field and reason."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared.errors import Problem

log = structlog.get_logger(__name__)
MEDIA = "application/problem+json"
KINDS = {
    400: ("unreadable", "The request cannot be read"),
    404: ("not-found", "There is no such thing"),
    405: ("method-not-allowed", "This method is not for this address"),
}
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


class FieldError(BaseModel):
    """Which field, and why."""

    field: str
    reason: str


class ProblemDetails(BaseModel):
    """RFC 9457 problem details; the members after `errors` are there where they help."""

    model_config = ConfigDict(title="Problem")
    type: str = Field(examples=["urn:concord:problem:not-found"])
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []
    needs: list[str] = []
    """Roles of which one would do."""
    possible: list[str] = []
    """What can be done instead."""
    id: str = ""
    """What is there already."""
    erased_at: AwareDatetime | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        400: "The request cannot be read",
        401: "Not signed in",
        403: "Not allowed",
        404: "No such thing",
        405: "Method not allowed",
        409: "Its state does not allow this",
        412: "Changed meanwhile",
        413: "Too large",
        415: "Not JSON",
        422: "A value cannot be taken",
        428: "If-Match is missing",
        503: "Try again later",
    }.items()
}
"""Every operation's possible refusals, for OpenAPI."""


def answer(status: int, slug: str, title: str, detail: str, errors: Any = (), extra: Mapping[str, Any] | None = None) -> JSONResponse:
    """One problem as a response; 401 says how to sign in, 503 when to come back."""
    body = {
        "type": f"urn:concord:problem:{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": list(errors),
        **(extra or {}),
    }
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}.get(status)
    return JSONResponse(body, status, headers=headers, media_type=MEDIA)


async def problem(_: Request, error: Exception) -> Response:
    """What went wrong, as it says itself."""
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class alone
    return answer(error.status, error.slug, error.title, error.detail, error.errors, error.extra)


def install(app: FastAPI) -> None:
    """Give every kind of failure its one answer."""

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        errors = [{"field": _field(e["loc"]), "reason": e["msg"].removeprefix("Value error, ")} for e in error.errors()]
        detail = "; ".join(f"{e['field']}: {e['reason']}" for e in errors[:3])
        return answer(422, "invalid", "Some values cannot be taken", detail, errors)

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        slug, title = KINDS.get(error.status_code, ("unanswerable", "The request cannot be answered"))
        reply = answer(error.status_code, slug, title, str(error.detail))
        reply.headers.update(error.headers or {})
        if error.status_code == 405:
            reply.headers["Allow"] = _allowed(request)
        return reply

    async def away(_: Request, error: Exception) -> JSONResponse:
        if isinstance(error, DBAPIError) and not _connection_lost(error):
            return await broken(_, error)
        log.warning("database away", reason=type(error).__name__)
        return answer(503, "unavailable", "Try again later", "The database cannot be reached just now")

    async def broken(_: Request, error: Exception) -> JSONResponse:
        log.error("request failed", exc_info=error)
        return answer(500, "internal", "Something went wrong on our side", "It was logged; nothing was stored")

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in (DBAPIError, OperationalError, InterfaceError, PoolTimeout, ConnectionError, TimeoutError):
        app.add_exception_handler(kind, away)
    app.add_exception_handler(Exception, broken)


def _allowed(request: Request) -> str:
    """Every method of this address: the router itself names only those of the first route that fits."""
    routes = request.app.router.routes
    return ", ".join(m for m in METHODS if any(route.matches({**request.scope, "method": m})[0] is Match.FULL for route in routes))


def _field(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in (loc[1:] if len(loc) > 1 else loc))


def _connection_lost(error: DBAPIError) -> bool:
    """Asyncpg tells of a vanished server in several ways: 57P0x, 08xxx, or a closed connection; 40xxx is a lock to try again for."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("57P", "08", "53", "40")) or "connection" in str(error.orig).lower()
