"""Results: each figure, how far it is complete, and the way down to the very events it counts."""

import asyncio
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.portal.client import Reply
from services.portal.domain import Json, chips
from services.portal.pages.figures import (
    ASSUMED,
    OVER_MONTHS,
    Figure,
    by_crime_type,
    by_month,
    by_pair,
    figure,
    figures,
    headline,
    latest_year,
    statements,
)
from services.portal.pages.lists import Filter, errors_of, said
from services.portal.pages.lists import asked as asked_for
from services.portal.pages.subjects import Subject, subjects
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Missing, Signed, require
from services.portal.pages.wording import Wording

router = APIRouter()
FILTERS = (
    Filter("period", "period"),
    Filter("country", "country"),
    Filter("crime_type", "choice", "crime_type"),
    Filter("asof", "asof"),
)
OF_ONE = (
    *FILTERS,
    Filter("measure_kind", "choice", "measure_kind", label=N_("Measure")),
    Filter("participant", "country", label=N_("Towards")),
    Filter("channel", "choice", "enquiry_channel", label=N_("Channel")),
)
"""What one figure can be narrowed by: a kind of measure, another country or a channel is nothing that all of them have."""
HEADLINES = ("iEJ1", "iEJ5", "iP1", "iP8")
"""The four figures above all others: what took place, and on what it rests."""
JUDGED_BY = (
    "value",
    "reason",
    "numerator",
    "denominator",
    "unit",
    "period",
    "asof",
    "complete_until",
    "provisional",
    "basis",
    "formula_version",
)
"""What stands beside a value, so that it can be judged."""
SHOWN = 50
Code = Annotated[str, Path(pattern=r"^i[A-Z]{1,2}\d{1,2}[a-z]?$")]
AREA = re.compile(r"i([A-Z]+)\d")
OF_MEETINGS = dict.fromkeys(("iK5", "iK5o", "iK5d", "iK8"), "EJ")
"""Figures of cooperation that are of meetings, not of enquiries: they stand with those."""


@router.get("/{lang}/results")
async def results(visit: Signed) -> Response:
    """Every figure there is, by area."""
    asked = asked_for(visit, FILTERS)
    (catalogue, found), stream, coverage = await asyncio.gather(
        figures(visit, asked), visit.stream(), visit.desk.everything("reporting", "/coverage")
    )
    areas: dict[str, list[Figure]] = {}
    for each in found:
        if each.code not in HEADLINES:
            area = AREA.match(each.code)
            areas.setdefault(OF_MEETINGS.get(each.code) or (area[1] if area else each.code), []).append(each)
    # What took place is asked for in a period: without one, in the latest year that is covered.
    year = asked["period"] or latest_year(coverage.items, HEADLINES[0])
    yearly = {**asked, "period": year}
    headlines, types = await asyncio.gather(
        asyncio.gather(
            *(
                headline(visit, each.definition, yearly if each.code in OVER_MONTHS else asked, coverage.items)
                for code in HEADLINES
                for each in found
                if each.code == code
            )
        ),
        by_crime_type(visit, HEADLINES[0], yearly),
    )
    refused = next((each.reply for each in found if each.reply.status in {400, 422}), None)
    return visit.page(
        "results.html",
        422 if refused else 200,
        catalogue=catalogue,
        figures=found,
        headlines=headlines,
        year=year,
        yearly=yearly,
        types=types,
        areas=dict(sorted(areas.items(), reverse=True)),
        pipeline=_pipeline(found),
        fields=FILTERS,
        filters=asked,
        chips=chips(asked),
        words=said(visit, FILTERS),
        errors=errors_of(visit, refused),
        stream=stream,
        notes=visit.wording.notes([asked["country"]]),
    )


def _pipeline(found: list[Figure]) -> list[tuple[Figure, Decimal]]:
    """The stages of agreements with their shares of the largest: counts side by side, never added up."""
    staged = [each for code in ("iP3", "iP2", "iP1") for each in found if each.code == code and each.value is not None]
    largest = max((each.value or Decimal(0) for each in staged), default=Decimal(0))
    return [(each, (each.value or Decimal(0)) / largest) for each in staged] if largest else []


@router.get("/{lang}/results.csv")
async def results_file(visit: Signed) -> Response:
    """Every figure with what is needed to judge it; what is assumed is left out of files."""
    catalogue, found = await figures(visit, asked_for(visit, FILTERS))
    require(catalogue)
    say = visit.wording.say
    head = [say("Code"), say("Indicator"), say("Value"), say("Reason"), say("Numerator"), say("Denominator"), say("Unit"), say("Period")]
    head += [say("As of"), say("Complete until"), say("Provisional"), say("Basis"), say("Formula version")]
    rows = [[each.code, each.title(visit.wording), *(each.reply.body.get(name) for name in JUDGED_BY)] for each in found if each.is_open]
    return await visit.file("results", [head, *rows])


@router.get("/{lang}/results/{code}/months.csv")
async def months_file(visit: Signed, code: Code) -> Response:
    """The figure month by month; what is assumed is left out of files."""
    found = await by_month(visit, code, asked_for(visit, OF_ONE))
    say = visit.wording.say
    head = [say("Code"), say("Month"), say("Value"), say("Basis"), say("Read at")]
    return await visit.file(
        f"months-{code}", [head, *([code, row.month, row.value, row.basis, visit.now] for row in found if row.basis != ASSUMED)]
    )


@router.get("/{lang}/results/{code}/crime-types.csv")
async def types_file(visit: Signed, code: Code) -> Response:
    """The figure by crime type, never added up; what is assumed is left out of files."""
    found, say = await by_crime_type(visit, code, asked_for(visit, OF_ONE)), visit.wording.say
    head = [say("Code"), say("Crime type"), say("Value"), say("Growth"), say("Basis"), say("Read at")]
    rows = [
        [
            code,
            visit.wording.term("crime_type", row.crime_type),
            row.value,
            row.growth["value"] if row.growth else None,
            row.basis,
            visit.now,
        ]
        for row in found.rows
        if row.basis != ASSUMED
    ]
    return await visit.file(f"crime-types-{code}", [head, *rows])


@router.get("/{lang}/results/{code}/pairs.csv")
async def pairs_file(visit: Signed, code: Code) -> Response:
    """The figure of each pair of countries; what is assumed is left out of files."""
    catalogue = await visit.desk.get("reporting", "/indicators")
    require(catalogue)
    found, say = await by_pair(visit, _definition(catalogue, code), asked_for(visit, OF_ONE)), visit.wording.say
    head = [say("Code"), say("Country"), say("Towards"), say("Value"), say("Unit"), say("Reason"), say("Basis"), say("Read at")]
    rows = [
        [code, row.country, row.participant, row.value, row.unit, row.reason, row.basis, visit.now] for row in found if row.basis != ASSUMED
    ]
    return await visit.file(f"pairs-{code}", [head, *rows])


def _fields(definition: Json) -> list[Filter]:
    """What this figure can be narrowed by: a country that only takes part is asked for as any other."""
    counted = {"period", "asof", *definition.get("filters", ())}
    if "participant" in counted and "country" not in counted:
        counted ^= {"participant", "country"}
    return [each for each in OF_ONE if each.name in counted]


def _definition(catalogue: Reply, code: str) -> Json:
    return next((dict(each) for each in catalogue.items if each["code"] == code), {"code": code})


@router.get("/{lang}/results/{code}")
async def evidence(visit: Signed, code: Code) -> Response:
    """What a figure counts, item by item."""
    asked, part = asked_for(visit, OF_ONE), visit.filters.get("part")
    after = visit.request.query_params.get("after")
    catalogue, stream, coverage = await asyncio.gather(
        visit.desk.get("reporting", "/indicators"), visit.stream(), visit.desk.everything("reporting", "/coverage")
    )
    shown = await figure(visit, _definition(catalogue, code), asked)
    if shown.reply.status == 404:
        raise Missing
    items, types, months, pairs = await asyncio.gather(
        visit.desk.get("reporting", f"/indicators/{code}/evidence", **shown.question, part=part, limit=SHOWN, after=after),
        by_crime_type(visit, code, shown.question),
        by_month(visit, code, shown.question),
        by_pair(visit, shown.definition, shown.question),
    )
    about = await subjects(visit, items.items)
    parts = [str(each) for each in shown.definition.get("parts") or []]
    errors = errors_of(visit, shown.reply) if shown.reply.status == 422 else {}
    return visit.page(
        "evidence.html",
        422 if errors else 200,
        figure=shown,
        fields=_fields(shown.definition),
        every=OF_ONE,
        errors=errors,
        items=items,
        types=types,
        months=months,
        pairs=pairs,
        statements=statements(coverage.items, code, asked),
        rows=items.items if after or items.following else _by_name(visit.wording, items.items, about),
        about=about,
        filters={**asked, "part": part},
        chips=chips(asked),
        words=said(visit, OF_ONE),
        measures=visit.wording.choices("measure_kind", TERMS["measure_kind"]),
        part=part or (parts[0] if parts else "numerator"),
        parts=parts,
        stream=stream,
    )


def _by_name(wording: Wording, rows: list[Json], about: Mapping[str, Subject]) -> list[Json]:
    """In the order of the page's language: possible where all rows are on one page."""
    return sorted(rows, key=lambda row: wording.order(about[row["subject"]].words if row["subject"] in about else "\uffff"))


@router.get("/{lang}/results/{code}/evidence.csv")
async def evidence_file(visit: Signed, code: Code) -> Response:
    """Every item, as the owner has it."""
    shown = await figure(visit, {"code": code}, asked_for(visit, OF_ONE))
    found = await visit.desk.everything("reporting", f"/indicators/{code}/evidence", **shown.question, part=visit.filters.get("part"))
    require(found)
    about, say = await subjects(visit, found.items), visit.wording.say
    head = [say("Subject"), say("Identifier"), say("Event"), say("Type"), say("Time"), say("Contributes"), say("Link")]
    base = f"{visit.settings.public_url.rstrip('/')}/{visit.language}/facts"
    rows: list[list[Any]] = [
        [
            about[row["subject"]].words if row["subject"] in about else "",
            row["subject"],
            row["event_id"],
            row["type"],
            row["time"],
            row["contributes"],
            f"{base}/{row['event_id']}",
        ]
        for row in found.items
    ]
    return await visit.file(f"evidence-{code}", [head, *rows])
