"""Files that never change under their name, and the headers every answer carries."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.pages.render import STATIC, Renderer
from services.portal.settings import Settings


def install(app: FastAPI) -> None:
    """Mount the files under their fingerprint; only they are compressed, for pages hold secrets beside what a visitor typed."""
    renderer: Renderer = app.state.renderer
    app.mount(renderer.static, GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=1000), name="static")
    app.router.routes.append(Route(renderer.map, GZipMiddleware(_drawing(renderer.world.svg)), name="map"))
    app.add_middleware(Headed, settings=app.state.settings, static=renderer.static)


def _drawing(svg: str) -> ASGIApp:
    """Answers with the map; each time anew, for whoever compresses an answer changes it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(svg, media_type="image/svg+xml")(scope, receive, send)

    return answer


class Headed:
    """Adds the security and caching headers."""

    def __init__(self, app: ASGIApp, settings: Settings, static: str) -> None:
        self.app, self.static = app, static
        issuer = urlsplit(settings.issuer)
        self.policy = "; ".join(
            [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "font-src 'self'",
                "connect-src 'self'",
                # Signing out is a form that the browser follows to the issuer.
                f"form-action 'self' {issuer.scheme}://{issuer.netloc}",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ]
        )
        self.tls = settings.public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Every answer leaves with the headers."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, headed if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        # A file that is handed out to be kept has a stricter one of its own.
        headers.setdefault("Content-Security-Policy", self.policy)
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if self.tls:
            headers["Strict-Transport-Security"] = "max-age=63072000"
        if path.startswith(self.static):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            headers.setdefault("Cache-Control", "no-store")
