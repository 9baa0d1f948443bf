"""Authorities and contact points: SQL to page-shaped answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import ContactPoint, Happened, as_it_was, folded, possible
from services.contacts.views.competences import CompetenceRow, competences
from services.contacts.views.registers import RegisterStep
from shared.codes import LISTS
from shared.errors import Invalid, NotFound
from shared.events import start_of
from shared.web import Page, cursor_of, text_of
from shared.web.values import Source

Names = dict[str, str]


class AuthorityRow(BaseModel):
    """An authority as it is known."""

    id: UUID
    reference: str
    name: Names
    kind: str
    country: str | None
    subdivision: str | None
    zone: str
    languages: list[str]
    role_mailbox: str | None
    phone_24x7: str | None
    version: int


class AuthorityPage(AuthorityRow):
    """An authority in full."""

    source: Source | None
    competences: list[CompetenceRow]
    history: list[RegisterStep]
    """When it was registered and described anew; each competence has a history of its own."""


class At(BaseModel):
    """The authority where a contact point serves."""

    id: UUID
    name: Names
    kind: str
    country: str | None


class Language(BaseModel):
    """A language and how well it is spoken."""

    code: str
    level: str


class ContactPointRow(BaseModel):
    """A contact point as it stands, without any detail of the person."""

    id: UUID
    reference: str | None
    person_ref: UUID
    person: Literal["none", "recorded", "erased"]
    """Whether details of the person are kept."""
    country: str | None
    state: str
    appointing_kind: str
    authority: At | None
    specialisations: list[str]
    languages: list[Language]
    duty: str | None
    valid_from: date | None
    valid_to: date | None
    verified_at: AwareDatetime | None
    due: date | None
    term_to: date | None
    """The day its term is over, where one was set."""
    absent_from: date | None
    absent_to: date | None
    dormant_since: date | None
    version: int


class Step(BaseModel):
    """One fact of a contact point's history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    retracted_at: AwareDatetime | None
    corrects: UUID | None
    reason: str | None


class ContactPointPage(ContactPointRow):
    """A contact point in full."""

    appointing_body_ref: UUID | None
    deputy_ref: UUID | None
    absence_deputy_ref: UUID | None
    """Who answers while it is away."""
    successor_asked: date | None
    """The end of the term for which a successor was asked."""
    possible: list[str]
    """What can be done now."""
    on: date | None = None
    """The day of which this tells; now where none is named. The history is told whole."""
    successor_ref: UUID | None
    end_reason: str | None
    source: Source | None
    history: list[Step]


_OF_AUTHORITIES = {"kind": "kind = :kind", "country": "country = :country", "q": "strpos(searchable, :q) > 0"}
_SORTED = """coalesce(c.country COLLATE "C", '~')"""
"""Those of no country last, whatever the database's language; as the index has it."""
_SERVING = "FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority"
_CONTACT_POINTS = f"""
SELECT c.id, c.reference, c.person_ref, c.country, c.state, c.appointing_kind, c.specialisations, c.languages, c.duty, c.valid_from,
  c.valid_to, c.verified_at, c.due, c.version, c.term_to, c.absent_from, c.absent_to, c.dormant_since,
  c.absence_deputy AS absence_deputy_ref, c.successor_asked, c.appointing_body AS appointing_body_ref, c.deputy AS deputy_ref,
  c.successor AS successor_ref, c.end_reason, c.source,
  CASE WHEN p.erased_at IS NOT NULL THEN 'erased' WHEN p.jwe IS NOT NULL THEN 'recorded' ELSE 'none' END AS person,
  CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('id', a.id, 'name', a.name, 'kind', a.kind, 'country', a.country) END AS authority,
  {_SORTED} AS sorted
{_SERVING} JOIN persons p ON p.ref = c.person_ref
"""
# The country once more: another index counts a country's than the one that has them in the order of the list.
_PLACE = {"country": f"{_SORTED} = :country", "at": f"({_SORTED}, c.id) > (:at, :after)"}
_OF_CONTACT_POINTS = {
    "country": "c.country = :country",
    "state": "c.state = ANY(CAST(:state AS text[]))",
    "authority": "c.authority = :authority",
    "appointing_kind": "c.appointing_kind = :appointing_kind",
    "specialisation": "c.specialisations @> ARRAY[CAST(:specialisation AS text)]",
    "q": """(strpos(coalesce(a.searchable, '') || ' ' || coalesce(c.reference, ''), :q) > 0
    OR c.country = ANY(:countries) OR c.specialisations && CAST(:crime_types AS text[]))""",
}


async def authorities(
    tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, q: str | None, **filters: str | None
) -> Page[AuthorityRow]:
    """Authorities in the order of their references; `q` is looked for in names of every language, case and accents laid aside."""
    bound = filters | {"q": folded(q) if q else None}
    last = {"after": text_of(after)}
    found = f"SELECT * FROM authorities WHERE {_asked(_OF_AUTHORITIES, bound)}"  # noqa: S608 - words of ours
    page = f"{found} AND {_asked({'after': 'reference > :after'}, last)} ORDER BY reference LIMIT :limit"
    rows = list(await tx.execute(text(page), bound | last | {"limit": limit + 1}))
    items = [AuthorityRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    total = await total_of(tx, found, bound)
    return Page(items=items, next=cursor_of(items[-1].reference) if len(rows) > limit else None, total=total)


async def authority(tx: AsyncConnection, id_: UUID) -> AuthorityPage:
    """One authority in full; raises `NotFound`."""
    row = (await tx.execute(text("SELECT * FROM authorities WHERE id = :id"), {"id": id_})).one_or_none()
    if row is None:
        raise NotFound(f"No authority {id_}")
    steps = await tx.execute(text("SELECT * FROM steps WHERE subject = :id ORDER BY version"), {"id": id_})
    history = [dict(step._mapping) for step in steps]
    return AuthorityPage.model_validate({**row._mapping, "competences": await competences(tx, id_), "history": history})


async def contact_points(
    tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, q: str | None, **filters: Any
) -> Page[ContactPointRow]:
    """Contact points by country, those of no country last; `q` looks in authorities, countries and crime types, never in persons."""
    bound = filters | {"q": folded(q) if q else None, "countries": _codes("country", q), "crime_types": _codes("crime_type", q)}
    at, id_ = _place(after)
    placed = bound | {"at": at, "after": id_, "limit": limit + 1}
    found, there = _asked(_OF_CONTACT_POINTS, bound), _asked(_PLACE, placed)
    page = f"{_CONTACT_POINTS} WHERE {found} AND {there} ORDER BY {_SORTED}, c.id LIMIT :limit"
    rows = list(await tx.execute(text(page), placed))
    items = [ContactPointRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    following = cursor_of(rows[limit - 1].sorted, str(items[-1].id)) if len(rows) > limit else None
    total = await total_of(tx, f"SELECT c.country {_SERVING} WHERE {found}", bound)
    return Page(items=items, next=following, total=total)


def _asked(conditions: Mapping[str, str], bound: Mapping[str, Any]) -> str:
    """Only those that are asked for: where one may be idle, PostgreSQL's plan for all askings alike reads every row."""
    return " AND ".join(["true", *(condition for name, condition in conditions.items() if bound.get(name) is not None)])


def _codes(name: str, q: str | None) -> list[str]:
    """Codes whose label holds the words looked for."""
    return [code for code, label in LISTS[name].codes.items() if q and folded(q) in folded(label)]


def _place(after: tuple[Any, ...] | None) -> tuple[str | None, UUID | None]:
    if after is None:
        return None, None
    try:
        at, id_ = after
        return str(at), UUID(str(id_))
    except ValueError as error:
        raise Invalid("after", "not a cursor of this list") from error


async def contact_point(tx: AsyncConnection, id_: UUID) -> ContactPointPage:
    """One contact point in full, with its history; raises `NotFound`."""
    row = (await tx.execute(text(f"{_CONTACT_POINTS} WHERE c.id = :id"), {"id": id_})).one_or_none()
    if row is None:
        raise NotFound(f"No contact point {id_}")
    steps = await tx.execute(text("SELECT * FROM contact_point_steps WHERE contact_point_id = :id ORDER BY version"), {"id": id_})
    history = [dict(step._mapping) for step in steps]
    next_ = [step for step in possible(row.state, erased=row.person == "erased") if step != "lapse"]
    next_ += [] if row.state == "retracted" else ["correct", "retract"]
    return ContactPointPage.model_validate({**row._mapping, "possible": next_, "history": history})


async def contact_point_on(tx: AsyncConnection, now: ContactPointPage, history: Sequence[Happened], day: date) -> ContactPointPage:
    """One contact point as it stood at the end of a day (UTC), by all that is known today; raises `NotFound` where it was not there."""
    was = as_it_was(history, start_of(day + timedelta(days=1)) - timedelta(microseconds=1))
    if was is None:
        raise NotFound(f"No contact point {now.id} on {day}")
    at = (await tx.execute(text("SELECT id, name, kind, country FROM authorities WHERE id = :id"), {"id": was.authority})).one_or_none()
    then = {name: getattr(was, name) for name in ContactPointPage.model_fields if name in ContactPoint.__dataclass_fields__}
    then |= {"deputy_ref": was.deputy, "absence_deputy_ref": was.absence_deputy, "successor_ref": was.successor}
    then |= {"languages": [asdict(skill) for skill in was.languages], "authority": dict(at._mapping) if at else None}
    said = now.model_dump() | then | {"version": now.version, "possible": [], "on": day}
    return ContactPointPage.model_validate(said)


async def total_of(tx: AsyncConnection, found: str, bound: dict[str, Any]) -> int:
    """How many rows a select finds."""
    return int((await tx.execute(text(f"SELECT count(*) FROM ({found}) f"), bound)).scalar_one())  # noqa: S608
