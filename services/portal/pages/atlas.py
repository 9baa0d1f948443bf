"""The Atlas: by country, who is competent and who answers, list first."""

import asyncio
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.portal.client import Reply
from services.portal.domain import CATEGORIES, CountryRow, chips, country_rows, freshness
from services.portal.pages.ask import choices
from services.portal.pages.contact_point_forms import POINT
from services.portal.pages.visit import Missing, Signed, Visit, picked, require
from services.portal.pages.world import shown
from shared.codes import LISTS

router = APIRouter()
SHOWN = 50
"""Rows of each table of a country on one page."""
Code = Annotated[str, Path(pattern="^[A-Z]{2}$")]


@router.get("/{lang}/atlas")
async def countries(visit: Signed) -> Response:
    """Every country, with what can be found there."""
    asked = picked(visit.filters, "q", "status")
    (replies, rows), stream = await asyncio.gather(_countries(visit), visit.stream())
    return visit.page(
        "atlas.html",
        choices=choices(visit.wording),
        rows=rows,
        shown=shown(visit.renderer.world, rows, visit.filters.get("view")) if replies["partners"].ok else None,
        replies=replies,
        vacant=vacant_in(replies["vacancies"]),
        filters=asked,
        chips=chips(asked),
        stream=stream,
        notes=visit.wording.notes(row.code for row in rows),
    )


@router.get("/{lang}/atlas.csv")
async def countries_file(visit: Signed) -> Response:
    """The same rows as a file; without one of the owners there is no file, for half of it would mislead."""
    replies, rows = await _countries(visit)
    for reply in replies.values():
        require(reply)
    vacant = vacant_in(replies["vacancies"])
    say, term = visit.wording.say, visit.wording.term
    head = [
        say("Code"),
        say("Country"),
        say("Status"),
        say("Personal data"),
        say("Authorities"),
        say("Contact points"),
        say("Lapsed"),
        say("Vacant seats"),
        say("Read at"),
    ]
    body = [
        [
            row.code,
            visit.wording.country(row.code),
            term("partner_status", row.status) if row.status else "",
            term("personal_data", row.personal_data) if row.personal_data else "",
            row.authorities,
            row.contact_points,
            row.lapsed,
            vacant[row.code],
            visit.now,
        ]
        for row in rows
    ]
    return await visit.file("atlas", [head, *body])


def vacant_in(vacancies: Reply) -> Counter[str]:
    """Country -> how many of its seats nobody holds; whoever may not list contact points is told of none."""
    return Counter(row["country"] for row in vacancies.items)


async def _countries(visit: Visit) -> tuple[dict[str, Reply], list[CountryRow]]:
    """What the directory counts and what the partners' list says, filtered and in the order of the page's language."""
    directory, vacancies, partners = await asyncio.gather(
        visit.desk.get("contacts", "/countries"),
        visit.desk.everything("contacts", "/vacancies"),
        visit.desk.everything("partners", "/partners", kind="country"),
    )
    wording, asked = visit.wording, visit.filters
    rows = country_rows(directory.items, partners.items)
    if asked.get("status"):
        rows = [row for row in rows if row.status == asked["status"]]
    if asked.get("q"):
        sought = wording.order(asked["q"].strip())
        rows = [row for row in rows if sought in wording.order(wording.country(row.code)) or sought == row.code.lower()]
    return {"directory": directory, "vacancies": vacancies, "partners": partners}, sorted(
        rows, key=lambda row: wording.order(wording.country(row.code))
    )


@router.get("/{lang}/atlas/{code}")
async def country(visit: Signed, code: Code) -> Response:
    """One country: authorities, contact points, and what the partner's status allows."""
    if code not in LISTS["country"].codes:
        raise Missing
    after = {table: visit.filters.get(table) for table in ("authorities", "points")}
    authorities, points, vacancies, partners, stream = await asyncio.gather(
        visit.desk.get("contacts", "/authorities", country=code, limit=SHOWN, after=after["authorities"]),
        visit.desk.get("contacts", "/contact-points", country=code, limit=SHOWN, after=after["points"]),
        visit.desk.everything("contacts", "/vacancies", country=code),
        visit.desk.get("partners", "/partners", country=code, limit=1),
        visit.stream(),
    )
    partner = partners.items[0] if partners.items else None
    answers: list[Reply] = []
    if partner:
        path = f"/partners/{partner['id']}/exchange"
        answers = list(await asyncio.gather(*(visit.desk.get("partners", path, data_category=category) for category in CATEGORIES)))
    return visit.page(
        "country.html",
        code=code,
        authorities=authorities,
        points=points,
        after=after,
        vacancies=vacancies,
        partners=partners,
        partner=partner,
        answers=list(zip(CATEGORIES, answers, strict=False)),
        fresh={point["id"]: freshness(point, visit.now.date()) for point in points.items},
        today=visit.now.date().isoformat(),
        new=[(f"/{visit.language}/enquiries/new/open?to_country={code}", visit.wording.say("Send an enquiry")), *POINT.new(visit)],
        stream=stream,
        notes=visit.wording.notes([code]),
    )


@router.get("/{lang}/atlas/{code}/{table}.csv")
async def country_file(visit: Signed, code: Code, table: str) -> Response:
    """One of the country's tables as a file; no personal detail is in either."""
    if table not in {"authorities", "contact-points"}:
        raise Missing
    found = await visit.desk.everything("contacts", f"/{table}", country=code)
    require(found)
    rows = _authority_rows(visit, found) if table == "authorities" else _point_rows(visit, found)
    return await visit.file(f"{table}-{code}", rows)


def _authority_rows(visit: Visit, found: Reply) -> list[list[object]]:
    say, term, text = visit.wording.say, visit.wording.term, visit.wording.text
    head: list[object] = [say("Reference"), say("Authority"), say("Kind"), say("Country"), say("Mailbox"), say("Read at")]
    rows = [
        [
            row.get("reference"),
            text(row.get("name")),
            term("institution_kind", row.get("kind")),
            row.get("country"),
            row.get("role_mailbox"),
            visit.now,
        ]
        for row in found.items
    ]
    return [head, *rows]


def _point_rows(visit: Visit, found: Reply) -> list[list[object]]:
    say, term, text = visit.wording.say, visit.wording.term, visit.wording.text
    head: list[object] = [say("Identifier"), say("Authority"), say("Country"), say("State"), say("Specialisations"), say("Languages")]
    head += [say("Duty"), say("Verified"), say("Due"), say("Read at")]
    rows = [
        [
            row["id"],
            text((row.get("authority") or {}).get("name")),
            row["country"],
            term("contact_point_state", row["state"]),
            "; ".join(term("crime_type", item) for item in row.get("specialisations") or []),
            "; ".join(f"{tongue['code']} ({tongue['level']})" for tongue in row.get("languages") or []),
            term("duty", row["duty"]) if row.get("duty") else "",
            row.get("verified_at"),
            row.get("due"),
            visit.now,
        ]
        for row in found.items
    ]
    return [head, *rows]
