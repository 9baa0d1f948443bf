"""The guarded route: who asks (401), whether they may (403), whether it exists (404), whether the values can be (422)."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared import auth, idempotency
from shared.auth import Caller
from shared.errors import Forbidden, Invalid
from shared.events import Origin
from shared.web import body
from shared.web.problems import RESPONSES
from shared.web.values import EARLIEST, Moment

KEY = "^[ -~]{1,200}$"
MODES = "What this is part of; what is told in an exercise changes no figure and writes to nobody"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Guarded(APIRoute):
    """A route nobody passes without a token and a right; its name in the table is `<service>.<function>`."""

    def get_route_handler(self) -> Handler:
        """The handler behind the guard and the idempotency keys."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            state = request.app.state
            request.state.caller = await state.door.caller(request.headers.get("authorization"))
            auth.admit(request.state.caller, f"{state.service}.{self.name}")
            _require_mode(request)
            fault = await body.fault_of(request) if self.body_field else None
            try:
                # Without its body, so that what does not exist is found missing first; then the body is missed and its fault told.
                response = await handle(body.emptied(request) if fault else request)
                await idempotency.keep(request, response)
            except idempotency.Answered as answered:
                return answered.response
            except RequestValidationError as error:
                raise fault or error from None
            return response

        return guarded


def router(prefix: str = "", *tags: str) -> APIRouter:
    """A router of guarded routes that documents its refusals."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=Guarded, responses=RESPONSES)


def _require_mode(request: Request) -> None:
    mode = request.headers.get("concord-mode")
    if mode == "import" and "importer" not in request.state.caller.roles:
        raise Forbidden("Only the role importer may import", needs=["importer"])
    # Before anything else is looked at, so that no command can be without it. To look something up in an exercise changes nothing.
    if mode == "exercise" and request.method != "GET" and not request.app.state.exercises:
        raise Invalid("Concord-Mode", "exercise: what is kept here is the real world's, nothing of it can be changed in an exercise")


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Asker = Annotated[Caller, Depends(_caller)]
"""Who asks; the guard has verified it."""


async def _origin(
    request: Request,
    asker: Asker,
    mode: Annotated[Literal["live", "exercise", "import"], Header(alias="Concord-Mode", description=MODES)] = "live",
    recorded_at: Annotated[
        Moment | None, Header(alias="Concord-Recorded-At", description="Only with mode import and role importer; never in the future")
    ] = None,
    _key: Annotated[str | None, Header(alias="Idempotency-Key", pattern=KEY, description="Same key, same answer, for 30 days")] = None,
) -> Origin:
    now = datetime.now(UTC)
    if recorded_at is not None:
        if mode != "import":
            raise Invalid("Concord-Recorded-At", "only an import may state when something was learned")
        if not EARLIEST <= recorded_at <= now:
            raise Invalid("Concord-Recorded-At", "lies in the future" if recorded_at > now else "lies before any record")
    state = request.app.state
    bound = structlog.contextvars.get_contextvars()
    return Origin(
        actor=asker.actor,
        source=f"/instances/{state.instance}/services/{state.service}",
        correlation=_uuid(bound.get("correlation_id")),
        now=(recorded_at or now).astimezone(UTC),
        mode=mode,
        traceparent=bound.get("traceparent"),
    )


def _uuid(given: object) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        return uuid4()


Caused = Annotated[Origin, Depends(_origin)]
"""Where the facts of this command come from."""
