"""HTTP: figures and their evidence, facts, coverage, the stream, dead letters."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from services.reporting import commands, domain
from services.reporting.views import breakdowns, figures, indicators, pairs, scoreboard, stream
from services.reporting.views.breakdowns import Breakdown, Series
from services.reporting.views.covered import standing
from services.reporting.views.figures import Definition, Evidence, Figure
from services.reporting.views.pairs import Pairs
from services.reporting.views.question import Dimension, Question
from services.reporting.views.scoreboard import Scoreboard
from services.reporting.views.stream import Coverage, Fact, Stream
from shared import web
from shared.codes import LISTS, one_of
from shared.db import Tx
from shared.errors import Conflict, Invalid
from shared.web import Asker, Caused, Page, Paging, problems
from shared.web.values import LINE, PROSE, Day, Flag, Id

router = web.router("", "reporting")

Text = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
When = Annotated[str | None, Query(pattern=domain.PERIOD, description="ISO 8601: 2024, 2024-03, 2024-03-05 or 2024-01-01/2024-07-01")]
KnownAt = Annotated[str | None, Query(pattern=domain.ASOF, description="RFC 3339, or a day: its last moment, UTC")]
CrimeTypes = Annotated[
    str | None, Query(max_length=2000, pattern="^[a-z-]+(,[a-z-]+)*$", description="One, or several by commas: about any of them")
]

CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "headers": {
            "X-Total": {"description": "Rows in all, where the answer is text/csv", "schema": {"type": "integer"}},
            "X-Next": {"description": "The cursor of the next page, where the answer is text/csv", "schema": {"type": "string"}},
        },
    }
}

NEVER_SUMMED: dict[int | str, dict[str, Any]] = {
    409: {**problems.RESPONSES[409], "description": "Crime types overlap and are never summed"}
}


class NewCoverage(BaseModel):
    """Exactly one of `indicator` and `event_family`."""

    indicator: Text | None = None
    event_family: Text | None = None
    country: one_of("country") | None = None  # type: ignore[valid-type]
    crime_type: one_of("crime_type") | None = None  # type: ignore[valid-type]
    start: Day
    end: Day | None = None
    complete: Flag
    basis: one_of("coverage_basis")  # type: ignore[valid-type]
    origin: Text
    statement: Text | None = None


def _indicator(code: str) -> domain.Indicator:
    return figures.named(code)


def _question(
    indicator: Annotated[domain.Indicator, Depends(_indicator)],
    period: When = None,
    country: one_of("country") | None = None,  # type: ignore[valid-type]
    participant: one_of("country") | None = None,  # type: ignore[valid-type]
    crime_type: Annotated[
        str | None, Query(max_length=2000, pattern=r"^[a-z-]+(,[a-z-]+)*$", description="One, or several by commas: about any of them")
    ] = None,
    crime_group: Annotated[one_of("crime_group") | None, Query(description="About any type of the group, each once")] = None,  # type: ignore[valid-type]
    partner_kind: one_of("partner_kind") | None = None,  # type: ignore[valid-type]
    kind: one_of("operation_kind") | None = None,  # type: ignore[valid-type]
    measure_kind: one_of("measure_kind") | None = None,  # type: ignore[valid-type]
    channel: one_of("enquiry_channel") | None = None,  # type: ignore[valid-type]
    asof: KnownAt = None,
) -> Question:
    now = datetime.now(UTC)
    when, known = domain.period(period, now), domain.asof(asof, now)
    return Question(
        indicator, when, known, country, participant, partner_kind, _crime_types(crime_type, crime_group), kind, measure_kind, channel
    )


def _crime_types(given: str | None, group: str | None) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys([*(given.split(",") if given else ()), *LISTS["crime_group"].members.get(group or "", ())]))
    for code in wanted:
        if code not in LISTS["crime_type"].codes:
            raise Invalid("crime_type", f"{code[:50]!r} is not in code list crime_type")
    return wanted


Asked = Annotated[Question, Depends(_question)]


def _complete(request: Request, asof_given: bool, asof: datetime) -> tuple[datetime | None, bool]:
    """Until when everything is folded; without an `asof`, provisional means that something waits."""
    lags = request.app.state.watch.lags
    until = min((lag.complete_until for lag in lags.values() if lag.complete_until), default=None)
    if until is None:
        return None, True
    return until, asof > until if asof_given else any(lag.waiting for lag in lags.values())


@router.get("/indicators")
async def list_indicators(tx: Tx) -> Page[Definition]:
    """Every indicator this service can answer."""
    now = datetime.now(UTC)
    items = []
    for each in indicators.ALL.values():
        question = Question(each, domain.period(None, now), now)
        reason, _ = await standing(tx, question)
        covered = reason is None or reason.startswith("choose")
        told: dict[str, Any] = {"code": each.code, "title": dict(each.title), "unit": each.unit, "formula": each.formula}
        told |= {"formula_version": each.version, "parts": list(each.parts), "by_pair": each.by_pair, "filters": sorted(each.filters)}
        items.append(Definition(**told, covered=covered))
    return Page(items=items, next=None, total=len(items))


@router.get("/indicators/{code}", responses=NEVER_SUMMED)
async def get_indicator(
    request: Request,
    tx: Tx,
    question: Asked,
    by: Annotated[
        Dimension | Literal["month", "pair"] | None, Query(description="A row for each; of crime types rows overlap, there is no total")
    ] = None,
    aggregate: Annotated[Literal["sum"] | None, Query(description="Refused: crime types overlap")] = None,
) -> Figure | Breakdown | Series | Pairs:
    """One figure, for a period, as it was known at a moment."""
    if aggregate == "sum":
        total = await breakdowns.distinct(tx, question)
        raise Conflict("Crime types overlap and are never summed", **total.said("distinct_total"))
    kept = [(name, value) for name, value in request.query_params.items() if value and name != "by"]
    link = f"/indicators/{question.indicator.code}/evidence?{urlencode([('part', 'numerator'), *kept])}"
    until, provisional = _complete(request, "asof" in request.query_params, question.asof)
    frame = await figures.answer(tx, question, until, provisional, link)
    if by == "month":
        return await breakdowns.by_month(tx, question, frame)
    if by == "pair":
        return await pairs.by_pair(tx, question, frame)
    return await (breakdowns.broken_down(tx, question, by, frame) if by else figures.figure(tx, question, frame))


@router.get("/indicators/{code}/evidence", responses=CSV, response_model=Page[Evidence])
async def list_evidence(
    request: Request,
    tx: Tx,
    question: Asked,
    paging: Paging,
    part: domain.Part = "numerator",
    format: Literal["csv", "json"] | None = None,
) -> Any:
    """The very events behind a figure."""
    page = await figures.evidence(tx, question, part, paging.limit, paging.after)
    if _as_file(request, format):
        rows = [item.model_dump(mode="json") for item in page.items]
        return _csv(list(Evidence.model_fields), rows, page.total, page.next)
    return page


def _as_file(request: Request, format: str | None) -> bool:
    return format == "csv" or (format is None and "text/csv" in request.headers.get("accept", ""))


def _csv(head: Sequence[str], rows: Sequence[Mapping[str, Any]], total: int, following: str | None) -> Response:
    written = io.StringIO()
    lines = csv.DictWriter(written, head, extrasaction="ignore")
    lines.writeheader()
    lines.writerows(rows)
    return Response(written.getvalue(), media_type="text/csv", headers={"X-Total": str(total), "X-Next": following or ""})


SCORES = (
    *("measure", "title", "indicator", "channel", "value", "unit", "reason", "numerator", "denominator", "basis"),
    *("period", "asof", "evidence"),
)
"""Columns of the scoreboard as a file, `channel` where only what went by it is told; a measure of nothing known has a line too."""


@router.get("/scoreboard", responses=CSV, response_model=Scoreboard)
async def get_scoreboard(
    request: Request,
    tx: Tx,
    period: When = None,
    country: one_of("country") | None = None,  # type: ignore[valid-type]
    asof: KnownAt = None,
    format: Literal["csv", "json"] | None = None,
) -> Any:
    """Measures A to E: what is known of each, from which indicator, and "not covered" where nothing is (E2)."""
    now = datetime.now(UTC)
    when, known = domain.period(period, now), domain.asof(asof, now)
    query = {name: value for name, value in (("period", period), ("country", country), ("asof", asof)) if value}
    until, provisional = _complete(request, asof is not None, known)
    rows = await scoreboard.rows(tx, when, known, country, query)
    frame = {"period": when.text, "asof": known, "country": country, "complete_until": until, "provisional": provisional}
    if not _as_file(request, format):
        return Scoreboard(rows=rows, **frame)
    lines = [
        {**row.model_dump(), **frame, **(cell.in_a_file() if cell else {"reason": scoreboard.NOT_COVERED})}
        for row in rows
        for cell in (row.cells or (None,))
    ]
    return _csv(SCORES, lines, len(lines), None)


@router.get("/facts")
async def list_facts(
    tx: Tx, paging: Paging, type: Annotated[str | None, Query(max_length=200, pattern=PROSE)] = None, subject: Id | None = None
) -> Page[Fact]:
    """Every event that was folded."""
    return await stream.facts(tx, type, subject, paging.limit, paging.after)


@router.get("/facts/{event_id}")
async def get_fact(event_id: Id, tx: Tx) -> Fact:
    """The very event."""
    return await stream.fact(tx, event_id)


@router.get("/coverage")
async def list_coverage(tx: Tx, paging: Paging) -> Page[Coverage]:
    """What was declared complete."""
    return await stream.coverage(tx, paging.limit, paging.after)


@router.post("/coverage", status_code=201)
async def declare_coverage(request: Request, tx: Tx, origin: Caused, asker: Asker, given: NewCoverage) -> Coverage:
    """Answer for it that the facts are complete, or are not."""
    asker.require_country(given.country)
    if (given.indicator is None) == (given.event_family is None):
        raise Invalid("indicator", "give either indicator or event_family")
    if given.end is not None and given.end <= given.start:
        raise Invalid("end", "lies before start")
    told = given.model_dump()
    id_ = await commands.declare_coverage(tx, origin, request.app.state.instance, told)
    return Coverage(id=id_, version=1, recorded_at=origin.now, **told)


@router.get("/stream")
async def get_stream(request: Request, tx: Tx) -> Stream:
    """How far each topic is folded, and what is missing."""
    return await stream.stream(tx, request.app)
