"""Signing in and out."""

import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.portal import store
from services.portal.domain import safe_return
from services.portal.gateways import Attempt, SignInRefused
from services.portal.pages.failures import language_of
from services.portal.pages.visit import Anyone, cookie_name
from services.portal.settings import Settings
from shared.db import Tx

router = APIRouter()
ATTEMPT_S = 600
ATTEMPT = "concord_attempt"


@router.get("/{lang}/sign-in")
async def sign_in(visit: Anyone, back: Annotated[str | None, Query(alias="return")] = None) -> Response:
    """What this is, who may come in, and one button."""
    return visit.page("signin.html", back=safe_return(back) or f"/{visit.language}")


@router.get("/{lang}/sign-in/begin")
async def begin(visit: Anyone, back: Annotated[str | None, Query(alias="return")] = None) -> Response:
    """To the issuer, leaving with the browser what must come back with it."""
    url, attempt = await visit.request.app.state.provider.begin(safe_return(back) or f"/{visit.language}", visit.language)
    seal = store.Seal(visit.settings.session_secret.get_secret_value(), "attempt")
    content: dict[str, object] = {
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "back": attempt.back,
        "until": datetime.now(UTC).timestamp() + ATTEMPT_S,
    }
    answer = RedirectResponse(url, 303)
    _set(answer, visit.settings, ATTEMPT, seal.close(content), ATTEMPT_S)
    return answer


@router.get("/signed-in")
async def signed_in(request: Request, tx: Tx, state: str = "", code: str = "") -> Response:
    """Back from the issuer: verify everything, then open a session under a fresh cookie."""
    settings: Settings = request.app.state.settings
    seal = store.Seal(settings.session_secret.get_secret_value(), "attempt")
    kept = seal.open(request.cookies.get(ATTEMPT, ""))
    if not kept or not code or float(str(kept["until"])) < datetime.now(UTC).timestamp():
        raise SignInRefused("attempt")
    attempt = Attempt(*(str(kept[name]) for name in ("state", "nonce", "verifier", "back")))
    session = await request.app.state.provider.finish(attempt, state, code)
    old = request.cookies.get(cookie_name(settings))
    if old:
        await store.forget(tx, old)
    cookie = secrets.token_urlsafe(32)
    await store.save(tx, request.app.state.seal, cookie, session)
    answer = RedirectResponse(safe_return(attempt.back) or f"/{language_of(request)}", 303)
    answer.delete_cookie(ATTEMPT)
    _set(answer, settings, cookie_name(settings), cookie, int((session.ends_at - datetime.now(UTC)).total_seconds()))
    return answer


@router.post("/{lang}/sign-out")
async def sign_out(visit: Anyone, tx: Tx, form_token: Annotated[str, Form()] = "") -> Response:
    """End the session here and at the issuer."""
    leave = f"/{visit.language}/sign-in"
    if visit.session is not None and visit.cookie is not None:
        visit.check_form(form_token)
        await store.forget(tx, visit.cookie)
        back = visit.settings.public_url.rstrip("/") + leave
        leave = await visit.request.app.state.provider.sign_out_url(visit.session.id_token, back) or leave
    answer = RedirectResponse(leave, 303)
    answer.delete_cookie(cookie_name(visit.settings), path="/", secure=visit.settings.public_url.startswith("https://"))
    return answer


def _set(answer: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    secure = settings.public_url.startswith("https://")
    answer.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)
