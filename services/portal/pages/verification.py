"""The page behind the link of a verification: no sign-in, no script; the link's secret alone opens it, and it is answered once."""

import time
from collections import deque
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from services.portal.client import Desk, Reply
from services.portal.domain import Json
from services.portal.pages.terms import TERMS
from services.portal.pages.visit import Anyone, Missing, Visit

router = APIRouter()
Token = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$")]
AT_MOST, WITHIN_S = 30, 60.0
"""So many requests of one address are answered within so many seconds."""
HOSTS = 10_000


class Rate:
    """How often each address came lately; kept in this process."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}

    def exceeded(self, host: str, now: float) -> bool:
        """Note one more request; True where there were too many."""
        seen = self._seen.setdefault(host, deque(maxlen=AT_MOST + 1))
        seen.append(now)
        if len(self._seen) > HOSTS:
            del self._seen[next(iter(self._seen))]
        return len(seen) > AT_MOST and now - seen[0] < WITHIN_S


_rate = Rate()


@router.get("/{lang}/verify/{token}")
async def look(visit: Anyone, token: Token) -> Response:
    """What shall be confirmed; looking answers nothing."""
    return await _ask(visit, "/verification-links/open", {"token": token})


@router.post("/{lang}/verify/{token}")
async def answer(
    visit: Anyone,
    token: Token,
    answer: Annotated[str, Form()] = "",
    changed_fields: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """The one answer."""
    changed = [code for code in changed_fields or [] if code in TERMS["changed_field"]]
    if answer not in {"right", "changed", "gone"} or (answer == "changed" and not changed):
        error = visit.wording.say("Say what changed.") if answer == "changed" else visit.wording.say("Choose one of the answers.")
        return await _ask(visit, "/verification-links/open", {"token": token}, error=error)
    body = {"token": token, "answer": answer, "changed_fields": changed if answer == "changed" else []}
    return await _ask(visit, "/verification-links/answer", body)


async def _ask(visit: Visit, path: str, body: Json, *, error: str = "") -> Response:
    if _rate.exceeded(_host(visit.request), time.monotonic()):
        return visit.page("verify.html", 429, state="too_often", said={}, error="", choices=())
    token = await visit.request.app.state.provider.own_token()
    said = await Desk(visit.request.app.state.http, visit.settings.owners, token).post("contacts", path, body)
    if said.status in {404, 422}:
        raise Missing
    shown = visit.page("verify.html", _status(said, error), state=_state(said), said=said.body, error=error, choices=TERMS["changed_field"])
    shown.headers["Cache-Control"] = "no-store"
    return shown


def _host(request: Request) -> str:
    return request.client.host if request.client else ""


def _state(said: Reply) -> str:
    """`open`, `answered`, `expired` or `settled` as the owner says; `thanks` for an answer that was taken, `away` for no word at all."""
    if said.ok:
        return str(said.body.get("state") or "thanks")
    return str(said.body.get("state") or "away") if said.status == 409 else "away"


def _status(said: Reply, error: str) -> int:
    if error:
        return 422
    return said.status if said.status in {200, 409} else 503
