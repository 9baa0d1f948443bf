"""SMTP in, a page out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.catcher.box import Box, Mail
from deploy.local.catcher.settings import Settings
from shared.web.language import best_language
from shared.words import translations

HERE = Path(__file__).parent
LANGUAGES = {"en": "English", "fr": "Français", "ar": "العربية"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def build(settings: Settings | None = None) -> FastAPI:  # noqa: C901 - one address after the other, each a few lines
    """One app; its SMTP server lives as long as it does."""
    settings = settings or Settings()
    box = Box(settings.folder)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        def session() -> SMTP:
            return SMTP(box, hostname="catcher.local", enable_SMTPUTF8=True)

        server = await asyncio.get_running_loop().create_server(session, settings.host, settings.smtp_port)
        yield
        server.close()

    app = FastAPI(title="Concord mail catcher", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    def found(id_: str) -> Mail:
        mail = box.mail(id_)
        if mail is None:
            raise HTTPException(404)
        return mail

    @app.get("/health/live")
    async def live() -> Response:
        return Response(status_code=204)

    @app.get("/")
    async def mails(request: Request, lang: str | None = None) -> HTMLResponse:
        return _page(request, lang, "mails.html", mails=box.mails())

    @app.get("/mails.json")
    async def listed() -> dict[str, Any]:
        return {"items": [_told(mail) for mail in box.mails()]}

    @app.get("/mails/{id_}")
    async def mail(request: Request, id_: str, lang: str | None = None) -> HTMLResponse:
        return _page(request, lang, "mail.html", mail=found(id_))

    @app.get("/mails/{id_}/mail.eml")
    async def raw(id_: str) -> Response:
        return Response(found(id_).raw, media_type="message/rfc822", headers=HEADERS)

    @app.get("/mails/{id_}/invitation.ics")
    async def invitation(id_: str) -> Response:
        asked = found(id_).invitation
        if asked is None:
            raise HTTPException(404)
        return Response(asked.ics, media_type="text/calendar; charset=utf-8", headers=HEADERS)

    return app


def _told(mail: Mail) -> dict[str, Any]:
    asked = mail.invitation
    shown = {name: value for name, value in asdict(asked).items() if name != "ics"} if asked else None
    headers = {name: mail.header(name) for name in ("From", "To", "Subject", "Message-ID", "Content-Language")}
    return {"id": mail.id, "caught": mail.caught.isoformat(), "headers": headers, "text": mail.text, "invitation": shown}


def _page(request: Request, asked: str | None, template: str, **shown: Any) -> HTMLResponse:
    chosen = asked if asked in LANGUAGES else best_language(request.headers.get("accept-language"), LANGUAGES)
    html = _environment(chosen).get_template(template).render(lang=chosen, languages=LANGUAGES, **shown)
    return HTMLResponse(html, headers=HEADERS)


@cache
def _environment(chosen: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(HERE / "locale" / f"{chosen}.po", chosen), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["dir"] = "rtl" if chosen == "ar" else "ltr"
    return environment
