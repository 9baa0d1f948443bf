"""Operations and task forces: who takes part, when all act, what each country certified, and the figures it counts in."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.client import Reply
from services.portal.domain import Json, clock_of
from services.portal.pages.action_day_forms import ACTION_DAY
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.operation_forms import OPERATION
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed, Visit
from services.portal.pages.wording import Wording


def _line(wording: Wording, operation: Json) -> Iterator[list[object]]:
    words = [wording.term("operation_kind", operation["kind"]), wording.term("operation_state", operation["state"])]
    types = "; ".join(wording.term("crime_type", code) for code in operation["crime_types"])
    moments = [operation["launched"], operation["ended"], operation["country"]]
    codes = "; ".join(operation["countries"])
    yield [operation["reference"], wording.text(operation["title"]), *words, *moments, codes, types, operation["exercise"], operation["id"]]


OPERATIONS = Listing(
    name="operations",
    owner="operations",
    path="/operations",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "operation_kind"),
        Filter("state", "choice", "operation_state"),
        Filter("crime_type", "choice", "crime_type"),
        Filter("country", "country", label=N_("Led by")),
        Filter("participant", "country"),
        Filter("since", "since"),
        Filter("until", "until"),
    ),
    head=(
        *(N_("Reference"), N_("Operation"), N_("Kind"), N_("State"), N_("Launched"), N_("Ended"), N_("Led by")),
        *(N_("Countries"), N_("Crime types"), N_("Exercise"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: (row["country"], *row["countries"]),
)
router = OPERATIONS.router(OPERATION.new)


@router.get("/{lang}/operations/{operation_id}/results.csv")
async def result_file(visit: Signed, operation_id: str) -> Response:
    """What each country reported and certified."""
    said = await visit.thing("operations", f"/operations/{operation_id}")
    say, wording = visit.wording.say, visit.wording
    head = [say("Code"), say("Country"), say("Measure"), say("Action day"), say("Reported"), say("Certified"), say("Event"), say("Read at")]
    rows = [
        [
            result["country"],
            wording.country(result["country"]),
            wording.term("measure_kind", result["measure_kind"]),
            result["action_day"],
            result["reported"]["total"],
            result["certified"] and result["certified"]["total"],
            result["certified_event"],
            visit.now,
        ]
        for result in said.body["results"]
    ]
    return await visit.file(f"results-{said.body['reference'] or operation_id}", [head, *rows])


@router.get("/{lang}/operations/{operation_id}")
async def operation(visit: Signed, operation_id: str) -> Response:
    """One operation: who takes part, its action days, its results by country, and where it counts."""
    said, stream = await asyncio.gather(visit.thing("operations", f"/operations/{operation_id}"), visit.stream())
    served = await _served(visit, said.body["priorities"])
    return visit.page(
        "operation.html",
        operation=said.body,
        served=served,
        steps=OPERATION.next_of(visit, said.body),
        days=[(day, ACTION_DAY.next_of(visit, day)) for day in said.body["action_days"]],
        who_may=visit.who_may("operations.launch_operation"),
        done=OPERATION.done(visit) or ACTION_DAY.done(visit),
        figures=_figures(said.body),
        stream=stream,
        notes=visit.wording.notes(OPERATIONS.places(said.body)),
    )


async def _served(visit: Visit, ids: list[str]) -> Reply:
    """The intelligence priorities it serves."""
    return await visit.desk.get("operations", "/priorities", ids=ids) if ids else Reply("operations", 200)


def _figures(operation: Json) -> list[tuple[str, dict[str, str]]]:
    """The figures that count it: by the year (UTC) in which it was launched, and by that in which it ended; results by their kind."""
    if operation["exercise"]:
        return []
    began, ended = (str(clock_of(operation[name], "UTC"))[:4] if operation[name] else "" for name in ("launched", "ended"))
    kinds = {each["measure_kind"] for each in operation["results"] if each["certified"]}
    return [("iD1", {"period": began})] * bool(began) + [
        *((code, {"period": ended}) for code in ("iD2", "iD3") if ended),
        *(("iD4", {"period": ended, "measure_kind": kind}) for kind in sorted(kinds) if ended),
    ]
