"""What the platform asks the portal: alive, ready, how is it doing."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

router = APIRouter()


@router.get("/health/live")
async def live() -> Response:
    """The process answers."""
    return Response(status_code=204)


@router.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """Sessions can be read; the owners' absence is shown on the pages and makes nobody restart the portal."""
    try:
        async with request.app.state.engine.connect() as tx:
            await tx.execute(text("SELECT 1 FROM sessions LIMIT 1"))
    except (SQLAlchemyError, OSError) as error:
        said = {"service": "portal", "ready": False, "checks": {"database": type(error).__name__}}
        return JSONResponse(said, 503)
    return JSONResponse({"service": "portal", "ready": True, "checks": {"database": "ok"}})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus' view."""
    request.app.state.metrics.pool.set(request.app.state.engine.pool.checkedout())
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
