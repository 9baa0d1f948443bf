"""An authority: how its office is reached, what it is competent for, who serves there, and how all that came about."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.portal.domain import Json, freshness
from services.portal.pages.authority_forms import AUTHORITY, scope_of
from services.portal.pages.visit import Id, Missing, Signed, Visit

router = APIRouter()
On = Annotated[str | None, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


@router.get("/{lang}/authorities/{authority_id}")
async def authority(visit: Signed, authority_id: Id, on: On = None) -> Response:
    """One authority with its contact points; `on`: with the competences that it had on that day."""
    said, points, stream = await asyncio.gather(
        visit.thing("contacts", f"/authorities/{authority_id}", on=on),
        visit.desk.everything("contacts", "/contact-points", authority=authority_id),
        visit.stream(),
    )
    return visit.page(
        "authority.html",
        authority=said.body,
        points=points,
        fresh={point["id"]: freshness(point, visit.now.date()) for point in points.items},
        today=visit.now.date().isoformat(),
        on=on,
        history=history_of(visit, said.body),
        may={name: visit.may(form.operation) for name, form in AUTHORITY.forms.items()},
        who_may=visit.who_may("contacts.declare_competence"),
        done=AUTHORITY.done(visit),
        stream=stream,
        notes=visit.wording.notes([said.body["country"]]),
    )


@router.get("/{lang}/authorities/{authority_id}/{table}.csv")
async def authority_file(visit: Signed, authority_id: Id, table: str, on: On = None) -> Response:
    """What it is competent for, or its history, as a file."""
    if table not in {"competences", "history"}:
        raise Missing
    said = await visit.thing("contacts", f"/authorities/{authority_id}", on=on if table == "competences" else None)
    rows = _competence_rows(visit, said.body) if table == "competences" else _history_rows(visit, said.body)
    return await visit.file(f"{table}-{said.body['reference']}", rows)


def history_of(visit: Visit, authority: Json) -> list[Json]:
    """Every fact of it and of each of its competences, in the order in which they became known."""
    told = list(authority["history"])
    for held in authority["competences"]:
        told += [{**step, "about": scope_of(visit, held)} for step in held["history"]]
    return sorted(told, key=lambda step: (step["recorded_at"], step["version"]))


def _competence_rows(visit: Visit, authority: Json) -> list[list[object]]:
    say, term = visit.wording.say, visit.wording.term
    head: list[object] = [say("Measures"), say("Crime types"), say("Instruments"), say("Territory"), say("Stage of proceedings")]
    head += [say("First day"), say("First day without it"), say("State"), say("Identifier"), say("Read at")]
    rows = [
        [
            "; ".join(term("cooperation_measure", code) for code in held["measures"]),
            "; ".join(term("crime_type", code) for code in held["crime_types"]),
            "; ".join(held["instruments"]),
            "; ".join(held["territory"]),
            term("proceedings_stage", held["stage"]) if held["stage"] else "",
            held["valid_from"],
            held["valid_to"],
            term("competence_state", held["state"]),
            held["id"],
            visit.now,
        ]
        for held in authority["competences"]
    ]
    return [head, *rows]


def _history_rows(visit: Visit, authority: Json) -> list[list[object]]:
    say, term = visit.wording.say, visit.wording.term
    head: list[object] = [say("Day"), say("Event"), say("Competence"), say("Why?"), say("Recorded"), say("Taken back")]
    rows = [
        [
            step["time"],
            term("event", step["type"]),
            step.get("about", ""),
            term("correction_reason", step["reason"]) if step["reason"] else "",
            step["recorded_at"],
            step["retracted_at"],
            step["event_id"],
            visit.now,
        ]
        for step in history_of(visit, authority)
    ]
    return [[*head, say("Identifier"), say("Read at")], *rows]
