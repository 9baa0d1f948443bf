"""Health in words: every service, every topic, and the letters that could not be read."""

import asyncio
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from services.portal.client import Reply
from services.portal.pages.visit import Missing, Signed, Visit, require

router = APIRouter()
SHOWN = 50
RETRY, SKIP = "reporting.retry_dead_letter", "reporting.skip_dead_letter"


@router.get("/{lang}/health")
async def health(visit: Signed) -> Response:
    """How everything is doing now."""
    return await _page(visit)


@router.get("/{lang}/health/{table}.csv")
async def health_file(visit: Signed, table: str) -> Response:
    """Topics or dead letters as a file."""
    if table == "topics":
        found = await visit.stream()
        rows = found.body.get("topics") or []
        names = [
            "topic",
            "partitions",
            "end_offsets_sum",
            "folded",
            "duplicates",
            "parked",
            "skipped",
            "lag_records",
            "lag_seconds",
            "complete_until",
        ]
    elif table == "dead-letters":
        found = await visit.desk.everything("reporting", "/dead-letters")
        rows = found.items
        names = ["id", "topic", "partition", "offset", "event_type", "reason", "parked_at", "state", "note"]
    else:
        raise Missing
    require(found)
    return await visit.file(table, [[*names, "read_at"], *([*(row.get(name) for name in names), visit.now] for row in rows)])


@router.post("/{lang}/dead-letters/{letter_id}/{decision}")
async def decide(
    visit: Signed,
    letter_id: str,
    decision: str,
    form_token: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    key: Annotated[str, Form()] = "",
) -> Response:
    """Try a letter again, or leave it aside with a reason somebody can read later."""
    visit.check_form(form_token)
    if decision not in {"retry", "skip"}:
        raise Missing
    if decision == "skip" and not reason.strip():
        return await _page(visit, letter_id, {f"reason-{letter_id}": visit.wording.say("Say why it may be left aside.")})
    body = {"reason": reason.strip()} if decision == "skip" else {}
    reply = await visit.desk.post("reporting", f"/dead-letters/{letter_id}/{decision}", body, key=key or None)
    if reply.ok:
        return RedirectResponse(f"/{visit.language}/health?done={decision}#letters", 303)
    why = (
        visit.wording.say("The owner of this data refused it.")
        if not reply.away
        else visit.wording.say("Reporting does not answer; try again.")
    )
    return await _page(visit, letter_id, {f"reason-{letter_id}": str(reply.body.get("detail") or why)})


async def _page(visit: Visit, letter_id: str = "", errors: dict[str, str] | None = None) -> Response:
    after = visit.request.query_params.get("after")
    owners = list(visit.settings.owners)
    letters, stream, issuer, *ready = await asyncio.gather(
        visit.desk.get("reporting", "/dead-letters", limit=SHOWN, after=after),
        visit.stream(),
        visit.request.app.state.provider.answers(),
        *(visit.desk.get(owner, "/health/ready") for owner in owners),
    )
    return visit.page(
        "health.html",
        422 if errors else 200,
        services=[
            # This page could not be read if its own sessions could not.
            {"name": "portal", "live": True, "ready": True, "checks": {"database": "ok"}, "failing": {}},
            *(_service(owner, reply) for owner, reply in zip(owners, ready, strict=True)),
            {"name": "issuer", "live": issuer, "ready": issuer, "checks": {}, "failing": {}},
        ],
        letters=letters,
        stream=stream,
        letter_id=letter_id,
        errors=errors or {},
        key=str(uuid4()),
        may_retry=visit.may(RETRY),
        may_skip=visit.may(SKIP),
        who_may=visit.who_may(SKIP),
    )


def _service(owner: str, reply: Reply) -> dict[str, object]:
    """A service in words: a 503 is an answer, so it lives but is not ready."""
    checks = reply.body.get("checks") or {}
    failing = {name: said for name, said in checks.items() if said != "ok"}
    return {"name": owner, "live": reply.status != 0, "ready": reply.ok, "checks": checks, "failing": failing}
