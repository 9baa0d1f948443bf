"""What the platform asks of a service: is it alive, is it ready, how is it doing, what does it speak."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import watch


def router(specification: Callable[[], Any]) -> APIRouter:
    """Probes are open to the platform and say nothing of persons or cases."""
    probes = APIRouter(include_in_schema=False)

    @probes.get("/health/live")
    async def live() -> Response:
        return Response(status_code=204)

    @probes.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        checks = await watch.checks(request.app)
        fine = all(reason is None for reason in checks.values())
        said = {name: reason or "ok" for name, reason in checks.items()}
        return JSONResponse({"service": request.app.state.service, "ready": fine, "checks": said}, 200 if fine else 503)

    @probes.get("/metrics")
    async def metrics(request: Request) -> Response:
        return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @probes.get("/asyncapi.json")
    async def asyncapi() -> Response:
        return Response(specification().to_json(), media_type="application/json")

    return probes
