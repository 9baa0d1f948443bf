"""The guarded route: who asks (401), whether they may (403), whether it exists (404), whether the values can be (422)."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import AwareDatetime

from shared import auth, idempotency
from shared.auth import Caller
from shared.errors import Forbidden, Invalid
from shared.events import Origin
from shared.web.problems import RESPONSES

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
            try:
                response = await handle(request)
                await idempotency.keep(request, response)
            except idempotency.Answered as answered:
                return answered.response
            return response

        return guarded


def router(prefix: str = "", *tags: str) -> APIRouter:
    """A router of guarded routes that documents its refusals."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=Guarded, responses=RESPONSES)


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Asker = Annotated[Caller, Depends(_caller)]
"""Who asks; the guard has verified it."""


async def _origin(
    request: Request,
    asker: Asker,
    mode: Annotated[Literal["live", "exercise", "import"], Header(alias="Concord-Mode")] = "live",
    recorded_at: Annotated[
        AwareDatetime | None, Header(alias="Concord-Recorded-At", description="Only with mode import and role importer")
    ] = None,
    _key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200, description="Same key, same answer, for 30 days")] = None,
) -> Origin:
    now = datetime.now(UTC)
    if mode == "import" and "importer" not in asker.roles:
        raise Forbidden("Only the role importer may import", needs=["importer"])
    if recorded_at is not None:
        if mode != "import":
            raise Invalid("Concord-Recorded-At", "only an import may state when something was learned")
        if recorded_at > now:
            raise Invalid("Concord-Recorded-At", "lies in the future")
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
