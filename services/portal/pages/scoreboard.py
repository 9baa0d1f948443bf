"""The scoreboard: Measures A to E of the roadmap, what is known of each, and the way down to the events."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response

from services.portal.client import Reply
from services.portal.domain import Json, chips, query_of
from services.portal.pages.figures import ASSUMED, Figure
from services.portal.pages.lists import READ_AT, Filter, asked, errors_of, said
from services.portal.pages.visit import Signed, require

router = APIRouter()
FILTERS = (Filter("period", "period"), Filter("country", "country"), Filter("asof", "asof"))
JUDGED_BY = ("value", "unit", "reason", "numerator", "denominator", "basis")
"""What stands beside a value, so that it can be judged."""


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with what tells of it; `depth` 0 is the measure itself."""

    measure: str
    depth: int
    covered: bool
    figures: tuple[Figure, ...]


def _rows(board: Reply, question: Mapping[str, str | None]) -> Iterator[Row]:
    for row in board.body["rows"]:
        cells = tuple(_figure(board, cell, question) for cell in row["cells"])
        yield Row(row["measure"], row["measure"].count("."), row["covered"], cells)


def _figure(board: Reply, cell: Json, question: Mapping[str, str | None]) -> Figure:
    body = {**cell, "provisional": board.body["provisional"]}
    asked = {**question, "channel": cell["channel"]}
    return Figure({"code": cell["indicator"], "unit": cell["unit"]}, Reply(board.owner, board.status, body), asked)


@router.get("/{lang}/scoreboard")
async def scoreboard(visit: Signed) -> Response:
    """Measure by measure: what is known, and what is not covered."""
    question = asked(visit, FILTERS)
    board, stream = await asyncio.gather(visit.desk.get("reporting", "/scoreboard", **question), visit.stream())
    errors = errors_of(visit, board) if board.status == 422 else {}
    rows = list(_rows(board, question)) if board.ok else []
    return visit.page(
        "scoreboard.html",
        422 if errors else 200,
        board=board,
        measures=[(row, [each for each in rows if each.measure.startswith(f"{row.measure}.")]) for row in rows if row.depth == 0],
        fields=FILTERS,
        filters=question,
        chips=chips(question),
        words=said(visit, FILTERS),
        errors=errors,
        stream=stream,
        notes=visit.wording.notes([question["country"]]),
    )


@router.get("/{lang}/scoreboard.csv")
async def scoreboard_file(visit: Signed) -> Response:
    """One line for each measure and indicator; a measure of which nothing tells has one too."""
    question = asked(visit, FILTERS)
    board = await visit.desk.get("reporting", "/scoreboard", **question)
    require(board)
    say, wording = visit.wording.say, visit.wording
    head = [say("Code"), say("Measure"), say("Indicator"), say("Channel"), say("Value"), say("Unit"), say("Reason"), say("Numerator")]
    head += [say("Denominator"), say("Basis"), say("Period"), say("As of"), say("Link"), say(READ_AT)]
    base, rows = f"{visit.settings.public_url.rstrip('/')}/{visit.language}/results", []
    for row in board.body["rows"]:
        for cell in row["cells"] or [{"indicator": "", "reason": "not covered"}]:
            channel = cell.get("channel")
            link = f"{base}/{cell['indicator']}{query_of({**question, 'channel': channel})}" if cell.get("evidence") else ""
            judged = [wording.term("enquiry_channel", channel) if channel else "", *_judged(cell)]
            line = [row["measure"], wording.term("measure", row["measure"]), cell["indicator"], *judged]
            rows.append([*line, board.body["period"], board.body["asof"], link, visit.now])
    return await visit.file("scoreboard", [head, *rows])


def _judged(cell: Json) -> list[object]:
    """What a file says of a figure: of what is assumed, only that it is."""
    if cell.get("basis") == ASSUMED:
        return [None, cell["unit"], ASSUMED, None, None, ASSUMED]
    return [cell.get(name) for name in JUDGED_BY]
