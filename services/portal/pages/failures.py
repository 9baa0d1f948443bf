"""Pages for what goes wrong, in the visitor's language: which thing, why, and what to do next."""

from contextlib import suppress

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from services.portal.domain import LANGUAGES
from services.portal.gateways import ProviderAway, SignInRefused
from services.portal.pages.visit import Denied, Missing, SignInNeeded, Unavailable, Visit, met, sign_in_path
from shared.errors import TooLarge
from shared.web import best_language, problems

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Give every failure its page."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(Unavailable, _unavailable)
    for kind in (Missing, RequestValidationError):
        app.add_exception_handler(kind, _missing)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(TooLarge, too_large)
    app.add_exception_handler(SignInRefused, _refused)
    app.add_exception_handler(ProviderAway, _issuer_away)
    for away in (SQLAlchemyError, OSError):
        app.add_exception_handler(away, _store_away)
    app.add_exception_handler(Exception, _broken)


def language_of(request: Request) -> str:
    """The language in the URL, else the browser's."""
    first = request.url.path.split("/")[1]
    return first if first in LANGUAGES else best_language(request.headers.get("accept-language"), LANGUAGES)


def visit_of(request: Request) -> Visit:
    """The visit that failed, or one of nobody where it failed before it began."""
    return getattr(request.state, "visit", None) or Visit(request, language_of(request), None, None)


def sorry(request: Request, status: int, title: str, why: str, todo: str) -> Response:
    """One failure as a page."""
    return visit_of(request).page("failure.html", status, title=title, why=why, todo=todo)


async def _sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeeded)  # noqa: S101 - registered for this class alone
    to = sign_in_path(error.language, error.back)
    # A fragment must not be replaced by a sign-in page: the whole window goes there.
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, 303)


async def _denied(request: Request, _: Exception) -> Response:
    say = visit_of(request).wording.say
    return sorry(
        request,
        403,
        say("This form is not from your session"),
        say("It was opened before you signed in again, or it came from another site. Nothing was changed."),
        say("Go back, load the page again and send the form once more."),
    )


async def _meet(request: Request) -> None:
    """What never came to a page still belongs to somebody, who wants their menu."""
    if not hasattr(request.state, "visit"):
        with suppress(SQLAlchemyError, OSError):
            await met(request, language_of(request))


async def too_large(request: Request, error: Exception) -> Response:
    """More was sent than is taken: a page for whoever reads pages, a problem (RFC 9457) for a program."""
    assert isinstance(error, TooLarge)  # noqa: S101 - registered for this class alone
    if "text/html" not in request.headers.get("accept", ""):
        return await problems.problem(request, error)
    await _meet(request)
    wording = visit_of(request).wording
    return sorry(
        request,
        413,
        wording.say("This is too large"),
        wording.say("More was sent than is taken at once: it may have %(most)s.", most=wording.size(error.limit)),
        wording.say("Nothing was changed. Go back and send less; a form that takes a file says how large it may be."),
    )


async def _missing(request: Request, _: Exception) -> Response:
    await _meet(request)
    say = visit_of(request).wording.say
    return sorry(
        request,
        404,
        say("There is no such page"),
        say("The address may be incomplete, or the thing it names is not known here."),
        say("Check the address, or start from one of the pages in the menu."),
    )


async def _unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)  # noqa: S101 - registered for this class alone
    return visit_of(request).page("unavailable.html", 503 if error.reply.away else error.reply.status, reply=error.reply)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return await _missing(request, error)
    say = visit_of(request).wording.say
    return sorry(
        request,
        error.status_code,
        say("This cannot be asked this way"),
        say("The portal does not take this kind of request at this address."),
        say("Start from one of the pages in the menu."),
    )


async def _refused(request: Request, error: Exception) -> Response:
    log.warning("sign-in refused", reason=str(error))
    say = visit_of(request).wording.say
    return sorry(
        request,
        403,
        say("You are not signed in"),
        say("The sign-in took too long, was begun in another window, or was refused."),
        say("Sign in again."),
    )


async def _issuer_away(request: Request, _: Exception) -> Response:
    say = visit_of(request).wording.say
    return sorry(
        request,
        503,
        say("Nobody can sign in just now"),
        say("The sign-in service does not answer."),
        say("Try again in a minute; whoever is signed in already can go on."),
    )


async def _store_away(request: Request, error: Exception) -> Response:
    log.warning("database away", reason=type(error).__name__)
    say = visit_of(request).wording.say
    return sorry(
        request,
        503,
        say("The portal cannot read its sessions"),
        say("Its database does not answer just now."),
        say("Try again in a minute. Nothing was changed."),
    )


async def _broken(request: Request, error: Exception) -> Response:
    log.error("page failed", exc_info=error)
    say = visit_of(request).wording.say
    return sorry(
        request,
        500,
        say("Something went wrong on our side"),
        say("The page could not be made; it was logged."),
        say("Try again; if it happens again, tell the operator when it was."),
    )
