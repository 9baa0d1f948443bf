"""Results: each figure, how far it is complete, and the way down to the very events it counts."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Response

from services.portal.client import Reply
from services.portal.domain import Json, chips, decimal, share
from services.portal.pages.visit import Missing, Signed, Visit, picked
from services.portal.pages.wording import Wording

router = APIRouter()
FILTERS = ("period", "country", "asof")
SHOWN = 50
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
"""Two-letter territories of CLDR that are unions, outliers or test locales."""
Code = Annotated[str, Path(pattern=r"^i[A-Z]{1,2}\d{1,2}$")]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's definition and its value for the period asked for; either may be missing alone."""

    definition: Json
    reply: Reply

    @property
    def code(self) -> str:
        """Its code in the catalogue."""
        return str(self.definition["code"])

    @property
    def value(self) -> Decimal | None:
        """The value; nothing is not zero."""
        return decimal(self.reply.body.get("value")) if self.reply.ok else None

    @property
    def is_share(self) -> bool:
        """Shown as a percentage with a bar."""
        unit = str(self.reply.body.get("unit") or self.definition.get("unit"))
        return unit in {"share", "ratio", "1", "fraction"}

    @property
    def part(self) -> Decimal | None:
        """Numerator over denominator."""
        return share(self.reply.body.get("numerator"), self.reply.body.get("denominator"))

    def title(self, wording: Wording) -> str:
        """Its name in the page's language: the owner's, else ours."""
        given = self.definition.get("title") or {}
        own = wording.term("indicator", self.code)
        return str(given[wording.language]) if isinstance(given, dict) and wording.language in given else own

    def shown(self, wording: Wording) -> str:
        """The value in words of the page's language."""
        if self.value is None:
            return "–"
        return wording.percent(self.value) if self.is_share else wording.number(self.value)


async def _figures(visit: Visit, asked: dict[str, str | None]) -> tuple[Reply, list[Figure]]:
    """The catalogue, then every figure side by side."""
    catalogue = await visit.desk.get("reporting", "/indicators")
    definitions = catalogue.items
    replies = await asyncio.gather(*(visit.desk.get("reporting", f"/indicators/{each['code']}", **asked) for each in definitions))
    return catalogue, [Figure(definition, reply) for definition, reply in zip(definitions, replies, strict=True)]


@router.get("/{lang}/results")
async def results(visit: Signed) -> Response:
    """Every figure there is, by area."""
    asked = picked(visit.filters, *FILTERS)
    (catalogue, figures), stream = await asyncio.gather(_figures(visit, asked), visit.stream())
    areas: dict[str, list[Figure]] = {}
    for figure in figures:
        areas.setdefault(figure.code.strip("i0123456789"), []).append(figure)
    refused = next((figure.reply for figure in figures if figure.reply.status in {400, 422}), None)
    return visit.page(
        "results.html",
        422 if refused else 200,
        catalogue=catalogue,
        figures=figures,
        areas=dict(sorted(areas.items(), reverse=True)),
        pipeline=_pipeline(figures),
        filters=asked,
        chips=chips(asked),
        errors={name: visit.wording.reason(reason) for name, reason in refused.errors.items()} if refused else {},
        countries=_countries(visit.wording),
        stream=stream,
    )


def _pipeline(figures: list[Figure]) -> list[tuple[Figure, Decimal]]:
    """The stages of agreements with their shares of the largest: counts side by side, never added up."""
    staged = [figure for code in ("iP3", "iP2", "iP1") for figure in figures if figure.code == code and figure.value is not None]
    largest = max((figure.value or Decimal(0) for figure in staged), default=Decimal(0))
    return [(figure, (figure.value or Decimal(0)) / largest) for figure in staged] if largest else []


def _countries(wording: Wording) -> list[tuple[str, str]]:
    territories = map(str, wording.locale.territories)
    codes = [code for code in territories if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES]
    return sorted(((code, wording.country(code)) for code in codes), key=lambda pair: wording.order(pair[1]))


@router.get("/{lang}/results.csv")
async def results_file(visit: Signed) -> Response:
    """Every figure with what is needed to judge it."""
    catalogue, figures = await _figures(visit, picked(visit.filters, *FILTERS))
    if not catalogue.ok:
        return visit.page("unavailable.html", 503, reply=catalogue)
    names = (
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
    say = visit.wording.say
    head = [say("Code"), say("Indicator"), say("Value"), say("Reason"), say("Numerator"), say("Denominator"), say("Unit"), say("Period")]
    head += [say("As of"), say("Complete until"), say("Provisional"), say("Basis"), say("Formula version")]
    rows = [[figure.code, figure.title(visit.wording), *(figure.reply.body.get(name) for name in names)] for figure in figures]
    return visit.csv("results", [head, *rows])


@router.get("/{lang}/results/{code}")
async def evidence(visit: Signed, code: Code) -> Response:
    """What a figure counts, item by item."""
    asked = picked(visit.filters, *FILTERS)
    part = visit.filters.get("part")
    after = visit.request.query_params.get("after")
    catalogue, value, items, stream = await asyncio.gather(
        visit.desk.get("reporting", "/indicators"),
        visit.desk.get("reporting", f"/indicators/{code}", **asked),
        visit.desk.get("reporting", f"/indicators/{code}/evidence", **asked, part=part, limit=SHOWN, after=after),
        visit.stream(),
    )
    if value.status == 404:
        raise Missing
    definition = next((each for each in catalogue.items if each["code"] == code), {"code": code})
    parts = [str(each.get("name") if isinstance(each, dict) else each) for each in definition.get("parts") or []]
    return visit.page(
        "evidence.html",
        figure=Figure(definition, value),
        items=items,
        filters={**asked, "part": part},
        chips=chips(asked),
        part=part or (parts[0] if parts else "numerator"),
        parts=parts,
        stream=stream,
    )


@router.get("/{lang}/results/{code}/evidence.csv")
async def evidence_file(visit: Signed, code: Code) -> Response:
    """Every item, as the owner has it."""
    asked = picked(visit.filters, *FILTERS, "part")
    found = await visit.desk.everything("reporting", f"/indicators/{code}/evidence", **asked)
    if not found.ok:
        return visit.page("unavailable.html", 503, reply=found)
    say = visit.wording.say
    head = [say("Event"), say("Type"), say("Subject"), say("Time"), say("Contributes"), say("Link")]
    base = visit.settings.public_url.rstrip("/")
    rows: list[list[Any]] = [
        [row["event_id"], row["type"], row["subject"], row["time"], row["contributes"], f"{base}/{visit.language}/facts/{row['event_id']}"]
        for row in found.items
    ]
    return visit.csv(f"evidence-{code}", [head, *rows])


@router.get("/{lang}/facts/{event_id}")
async def fact(visit: Signed, event_id: str) -> Response:
    """The very event: what was said, when, by which service, and where it lies in the stream."""
    said, stream = await asyncio.gather(visit.desk.get("reporting", f"/facts/{event_id}"), visit.stream())
    if said.status in {404, 422}:
        raise Missing
    if not said.ok:
        return visit.page("unavailable.html", 503, reply=said)
    code = visit.filters.get("from", "")
    return visit.page("fact.html", fact=said.body, came_from=code if code.isalnum() else "", stream=stream)


def evidence_query(figure: Figure, filters: Json) -> str:
    """The filters a figure's evidence keeps."""
    kept = {name: value for name, value in filters.items() if value}
    return f"?{urlencode(kept)}" if kept else ""
