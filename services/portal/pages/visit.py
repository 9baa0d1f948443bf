"""One request for a page: the language of its URL, who is signed in, whom to ask, and how to answer."""

import asyncio
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Path, Request, Response
from fastapi.responses import HTMLResponse

from services.portal import store
from services.portal.client import Desk, Reply
from services.portal.domain import Session, form_token
from services.portal.pages.files import asked_path, form_of
from services.portal.pages.render import Renderer
from services.portal.pages.wording import Wording
from services.portal.settings import Settings
from shared import auth, sheets
from shared.web import attached

Language = Literal["en", "fr", "ar"]
_ID = "[0-9a-f-]{36}"
Id = Annotated[str, Path(pattern=f"^{_ID}$")]
"""An identifier in the address of a page."""


def is_id(text: str) -> bool:
    """Whether it can stand in an owner's address."""
    return re.fullmatch(_ID, text) is not None


class SignInNeeded(Exception):
    """Nobody is signed in; `back` is the page they wanted."""

    def __init__(self, language: str, back: str) -> None:
        super().__init__()
        self.language, self.back = language, back


class Denied(Exception):
    """A form that this session did not make."""


class Missing(Exception):
    """There is no such page, or nothing behind it."""


class Unavailable(Exception):
    """An owner did not give what the page cannot do without."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def require(reply: Reply) -> None:
    """Go on only with what the page is about; raises `Unavailable`."""
    if not reply.ok:
        raise Unavailable(reply)


def cookie_name(settings: Settings) -> str:
    """`__Host-` pins the cookie to this host and to TLS; without TLS browsers would drop it."""
    return "__Host-concord" if settings.public_url.startswith("https://") else "concord"


class Visit:
    """What a page needs to know and can do; made once per request."""

    def __init__(self, request: Request, language: str, cookie: str | None, session: Session | None) -> None:
        self.request, self.language, self.session, self.cookie = request, language, session, cookie
        self.settings: Settings = request.app.state.settings
        self.renderer: Renderer = request.app.state.renderer
        self.wording: Wording = self.renderer.wording(language, session.zone if session else None)
        self.now = datetime.now(UTC)
        self.desk = Desk(request.app.state.http, self.settings.owners, session.access_token if session else "")

    @property
    def filters(self) -> dict[str, str]:
        """What the URL asks for, without the cursor."""
        return {name: value for name, value in self.request.query_params.items() if value and name != "after"}

    @property
    def form_token(self) -> str:
        """What this session's forms must carry."""
        return form_token(self.settings.session_secret.get_secret_value(), self.cookie or "")

    def check_form(self, given: str) -> None:
        """Raises `Denied` for a form from elsewhere."""
        if not self.cookie or not secrets.compare_digest(self.form_token.encode(), given.encode()):
            raise Denied

    def may(self, operation: str) -> bool:
        """Would the owner let these roles do it? It is the owner who decides; this only chooses what to show."""
        roles = set(self.session.roles) if self.session else set()
        return bool(roles & auth.table().get(operation, frozenset()))

    def acts_for(self, country: str | None) -> bool:
        """Would the owner let them do it for this country? What belongs to none is for those who act for all."""
        mine = self.session.countries if self.session else ()
        return "*" in mine or (country is not None and country in mine)

    def who_may(self, operation: str) -> list[str]:
        """The roles that may, in words."""
        return [self.wording.term("role", role) for role in auth.ROLES if role in auth.table().get(operation, frozenset())]

    async def thing(self, owner: str, path: str, **query: str | None) -> Reply:
        """What the page is about; raises `Missing` where its owner knows of none, `Unavailable` where it does not show it."""
        said = await self.desk.get(owner, path, **query)
        if said.status in {404, 422}:
            raise Missing
        require(said)
        return said

    async def stream(self) -> Reply:
        """How far the figures are, for the line under every list."""
        return await self.desk.get("reporting", "/stream")

    def page(self, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
        """The page, in this visit's language."""
        path = asked_path(self.request.scope).removeprefix(f"/{self.language}").removeprefix("/")
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        html = self.renderer.html(self.wording, template, visit=self, path=path, query=query, **shown)
        return HTMLResponse(html, status)

    async def file(self, name: str, rows: Iterable[Sequence[object]]) -> Response:
        """A table as a file, in the form that was asked for: every matching row, and how it was asked for in the name."""
        said = "-".join([name, *self.filters.values(), f"{self.now:%Y%m%dT%H%MZ}"])
        safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in said)[:120]
        form = form_of(self.request.scope)
        content = await asyncio.to_thread(sheets.written, rows, form, rightward=self.wording.direction == "ltr")
        return attached(content, f"{safe}.{form}", sheets.MEDIA[form])


async def met(request: Request, lang: str) -> Visit:
    """The visit of this request, with whoever its cookie signs in."""
    settings: Settings = request.app.state.settings
    cookie = request.cookies.get(cookie_name(settings))
    session = None
    if cookie:
        async with request.app.state.engine.connect() as tx:
            session = await store.get(tx, request.app.state.seal, cookie, datetime.now(UTC))
    request.state.visit = Visit(request, lang, cookie if session else None, session)
    return request.state.visit  # type: ignore[no-any-return]


async def _visit(request: Request, lang: Language) -> Visit:
    return await met(request, lang)


Anyone = Annotated[Visit, Depends(_visit)]
"""A visitor, signed in or not."""


async def _signed_in(visit: Anyone) -> Visit:
    if visit.session is None:
        back = asked_path(visit.request.scope) + (f"?{visit.request.url.query}" if visit.request.url.query else "")
        raise SignInNeeded(visit.language, back if visit.request.method == "GET" else f"/{visit.language}")
    return visit


Signed = Annotated[Visit, Depends(_signed_in)]
"""Somebody signed in; anybody else is asked to do so first and comes back."""


def sign_in_path(language: str, back: str) -> str:
    """The sign-in page that returns to `back`."""
    return f"/{language}/sign-in?{urlencode({'return': back})}"


def picked(filters: Mapping[str, str], *names: str) -> dict[str, str | None]:
    """Only these filters, in this order."""
    return {name: filters.get(name) for name in names}
