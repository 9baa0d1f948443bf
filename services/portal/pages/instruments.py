"""Forms that change an instrument: the next step, or taking one back."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.portal.client import Reply
from services.portal.pages.partners import partner_page
from services.portal.pages.terms import TERMS
from services.portal.pages.visit import Missing, Signed, Visit

router = APIRouter()
ADVANCE, RETRACT = "partners.advance_instrument", "partners.retract_step"


@router.get("/{lang}/instruments/{instrument_id}/advance")
async def advance_form(visit: Signed, instrument_id: str) -> Response:
    """Ask for the next step."""
    return await _form(visit, instrument_id, "instrument_advance.html", ADVANCE)


@router.get("/{lang}/instruments/{instrument_id}/retract")
async def retract_form(visit: Signed, instrument_id: str) -> Response:
    """Ask which step was wrong, and why."""
    return await _form(visit, instrument_id, "instrument_retract.html", RETRACT)


@router.post("/{lang}/instruments/{instrument_id}/advance")
async def advance(visit: Signed, instrument_id: str) -> Response:
    """Send the step to its owner; what the owner refuses stands beside the field."""
    given = await _given(visit)
    body = {name: given[name] for name in ("state", "on", "valid_to") if given.get(name)}
    return await _send(visit, instrument_id, "advance", "instrument_advance.html", ADVANCE, given, body)


@router.post("/{lang}/instruments/{instrument_id}/retract")
async def retract(visit: Signed, instrument_id: str) -> Response:
    """Take a step back; it stays readable as something once believed."""
    given = await _given(visit)
    body = {name: given[name] for name in ("corrects", "reason") if given.get(name)}
    return await _send(visit, instrument_id, "retract", "instrument_retract.html", RETRACT, given, body)


async def _given(visit: Visit) -> dict[str, str]:
    form = {name: str(value).strip() for name, value in (await visit.request.form()).items()}
    visit.check_form(form.get("form_token", ""))
    return form


async def _send(
    visit: Visit, instrument_id: str, command: str, template: str, operation: str, given: Mapping[str, str], body: Mapping[str, Any]
) -> Response:
    path = f"/instruments/{instrument_id}/{command}"
    reply = await visit.desk.post("partners", path, body, version=given.get("version"), key=given.get("key"))
    if reply.ok:
        return RedirectResponse(f"{partner_page(visit, str(reply.body['partner_id']))}?done={command}#instruments", 303)
    return await _form(visit, instrument_id, template, operation, given=given, refused=reply)


async def _form(
    visit: Visit, instrument_id: str, template: str, operation: str, given: Mapping[str, str] | None = None, refused: Reply | None = None
) -> Response:
    said = await visit.desk.get("partners", f"/instruments/{instrument_id}")
    if said.status in {404, 422}:
        raise Missing
    if not said.ok:
        return visit.page("unavailable.html", 503, reply=said)
    partner = await visit.desk.get("partners", f"/partners/{said.body['partner_id']}")
    stale = refused is not None and refused.status == 412
    return visit.page(
        template,
        422 if refused else 200,
        instrument=said.body,
        partner=partner,
        # What changed meanwhile is shown, and the next sending is a new decision upon it.
        version=said.body["version"] if stale or not given else given.get("version"),
        key=str(uuid4()) if stale or not given else given.get("key"),
        given=given or {},
        refused=refused,
        errors=_errors(visit, refused) if refused else {},
        states=said.body.get("possible") or _others(str(said.body["state"])),
        reasons=list(TERMS["correction_reason"]),
        may=visit.may(operation),
        who_may=visit.who_may(operation),
    )


def _others(state: str) -> list[str]:
    return [other for other in TERMS["instrument_state"] if other != state]


def _errors(visit: Visit, refused: Reply) -> dict[str, str]:
    """What to say beside which field; the empty name is the whole form."""
    say, term = visit.wording.say, visit.wording.term
    if refused.errors:
        return {name: visit.wording.reason(name, reason) for name, reason in refused.errors.items()}
    match refused.status:
        case 409:
            possible = visit.wording.several([term("instrument_state", state) for state in refused.body.get("possible") or []])
            if possible:
                return {"state": say("From its present state this is not possible. Possible: %(states)s.", states=possible)}
            return {"": say("Its present state does not allow this.")}
        case 412 | 428:
            return {"": say("Somebody changed it while you were deciding. Look at its present state and send again if it still holds.")}
        case 401:
            return {"": say("Your sign-in is no longer accepted. Sign in again; what you typed is kept in this form.")}
        case 403:
            return {"": say("Your roles do not allow this.")}
        case 0 | 500 | 502 | 503 | 504:
            return {"": say("The owner of this data does not answer. Nothing is known to have changed; sending again is safe.")}
        case _:
            return {"": str(refused.body.get("detail") or say("The owner of this data refused it."))}
