"""Networks, structures, the domains that have priority, and liaison postings."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import LIAISON_STEPS, NETWORK_STEPS, folded
from services.contacts.store import DOMAINS, LIAISONS, NETWORKS, STRUCTURES, Register
from services.contacts.tables import steps
from shared.errors import NotFound
from shared.web import Page, cursor_of, text_of
from shared.web.values import Source

Names = dict[str, str]


class RegisterStep(BaseModel):
    """One fact of its history."""

    event_id: UUID
    type: str
    time: AwareDatetime
    recorded_at: AwareDatetime
    version: int
    retracted_at: AwareDatetime | None
    corrects: UUID | None
    reason: str | None


class _Row(BaseModel):
    id: UUID
    reference: str
    country: str | None
    state: str
    version: int


class _Told(BaseModel):
    """What goes on no topic, and every step."""

    notes: str | None = None
    source: Source | None = None
    history: list[RegisterStep]


class NetworkRow(_Row):
    """A network as a list shows it."""

    name: Names
    abbreviation: str | None = None
    kind: str
    domain: list[str]
    fields: list[str]
    level: str
    rhythm: str | None


class MembershipRow(BaseModel):
    """Who belongs to it since when; a contact point is called by its authority, never by a person."""

    member: UUID
    kind: Literal["authority", "contact_point", "network"]
    name: Names | None
    country: str | None
    role: str
    valid_from: date


class LinkRow(BaseModel):
    """A network it works with; `declared_here`: whether this one said so, or the other; `shared_members`: how many belong to both."""

    network: UUID
    reference: str
    name: Names
    state: str
    shared_members: int
    purpose: str
    basis: str | None
    declared_here: bool


class NetworkPage(NetworkRow, _Told):
    """A network in full."""

    secretariat_ref: UUID | None
    possible: list[str]
    members: list[MembershipRow]
    stated_members: list[str] = []
    """Members as a source names them: no reference to anything here."""
    links: list[LinkRow]
    partners: list[str] = []
    """References of partners that it works with."""


class StructureRow(_Row):
    """A structure as a list shows it."""

    name: Names
    abbreviation: str | None = None
    kind: str
    form: str
    parties: list[str]
    channels: list[str]


class RoleRow(BaseModel):
    """Who has which role."""

    role: str
    authority: UUID | None


class StructurePage(StructureRow, _Told):
    """A structure in full."""

    roles: list[RoleRow]
    stated_members: list[str] = []
    plan_from: date | None
    plan_to: date | None


class PostingRow(BaseModel):
    """Who sent whom there."""

    kind: str
    country: str | None
    organisation: str | None


class LiaisonRow(_Row):
    """A posting as a list shows it; from a country, or from an organisation by its reference."""

    kind: str
    organisation: str | None
    host: str
    valid_from: date
    valid_to: date | None
    funding_share: int | None
    funder: str | None
    contact_point: UUID | None


class LiaisonPage(LiaisonRow, _Told):
    """A posting in full."""

    possible: list[str]


class DomainRow(_Row):
    """A kind of crime that has priority."""

    code: str
    label: Names
    valid_from: date


class DomainPage(DomainRow, _Told):
    """A priority in full."""


_FOUND = """SELECT * FROM {table} WHERE (CAST(:country AS text) IS NULL OR country = :country)
    AND (CAST(:state AS text) IS NULL OR state = :state) AND (CAST(:kind AS text) IS NULL OR whole->>'kind' = :kind)
    AND (CAST(:level AS text) IS NULL OR whole->>'level' = :level)
    AND (CAST(:domain AS text) IS NULL OR whole->'domain' ? :domain OR whole->>'code' = :domain)
    AND (CAST(:party AS text) IS NULL OR whole->'parties' ? :party)
    AND (CAST(:host AS text) IS NULL OR whole->>'host' = :host)
    AND (CAST(:on AS date) IS NULL OR CAST(:on AS date) >= CAST(whole->>'valid_from' AS date)
        AND CAST(:on AS date) < coalesce(CAST(whole->>'valid_to' AS date), 'infinity') AND state <> 'retracted')
    AND (CAST(:q AS text) IS NULL OR strpos(searchable, :q) > 0)"""
_FILTERS = ("country", "state", "kind", "level", "domain", "party", "host", "on")
_LINKS = text("""WITH linked AS (
    SELECT CAST(l->>'network' AS uuid) AS network, l->>'purpose' AS purpose, l->>'basis' AS basis, true AS declared_here
    FROM networks me, jsonb_array_elements(me.whole->'links') AS l WHERE me.id = :id
    UNION ALL SELECT n.id, l->>'purpose', l->>'basis', false
    FROM networks n, jsonb_array_elements(n.whole->'links') AS l WHERE l->>'network' = CAST(:id AS text)
)
SELECT l.*, n.reference, n.whole->'name' AS name, n.state, (
    SELECT count(*) FROM jsonb_array_elements(me.whole->'members') AS ours JOIN jsonb_array_elements(n.whole->'members') AS theirs
    ON ours->>'member' = theirs->>'member') AS shared_members
FROM linked l JOIN networks n ON n.id = l.network JOIN networks me ON me.id = :id
ORDER BY n.reference, l.declared_here DESC""")

_MEMBERS = text("""SELECT m.member, m.role, m.valid_from, told.kind, told.name, told.country
FROM networks me, jsonb_to_recordset(me.whole->'members') AS m(member uuid, role text, valid_from date)
JOIN (SELECT id, 'authority' AS kind, name, country FROM authorities
    UNION ALL SELECT c.id, 'contact_point', a.name, c.country FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority
    UNION ALL SELECT id, 'network', whole->'name', country FROM networks) AS told ON told.id = m.member
WHERE me.id = :id ORDER BY m.valid_from, m.member""")

R = TypeVar("R", bound=_Row)


def found_in(register: Register, asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What is asked for of a register, as a select and what is bound in it."""
    bound = {name: asked.get(name) for name in _FILTERS} | {"q": folded(asked["q"]) if asked.get("q") else None}
    return _FOUND.format(table=register.table.name), bound


async def networks(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[NetworkRow]:
    """Networks in the order of their references."""
    return await _listed(tx, NETWORKS, NetworkRow, limit, after, asked)


async def structures(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[StructureRow]:
    """Structures in the order of their references."""
    return await _listed(tx, STRUCTURES, StructureRow, limit, after, asked)


async def domains(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[DomainRow]:
    """Priorities in the order of their codes."""
    return await _listed(tx, DOMAINS, DomainRow, limit, after, asked)


async def liaisons(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[LiaisonRow]:
    """Postings in the order of their references; `on`: those that hold on that day."""
    return await _listed(tx, LIAISONS, LiaisonRow, limit, after, asked)


async def _listed(
    tx: AsyncConnection, register: Register, kind: type[R], limit: int, after: tuple[Any, ...] | None, asked: dict[str, Any]
) -> Page[R]:
    found, bound = found_in(register, asked)
    page = f"SELECT * FROM ({found}) f WHERE CAST(:after AS text) IS NULL OR reference > :after ORDER BY reference LIMIT :limit"  # noqa: S608 - words of ours
    rows = list(await tx.execute(text(page), bound | {"after": text_of(after), "limit": limit + 1}))
    total = int((await tx.execute(text(f"SELECT count(*) FROM ({found}) f"), bound)).scalar_one())  # noqa: S608 - words of ours
    items = [kind.model_validate(_whole(row)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].reference) if len(rows) > limit else None, total=total)


def _whole(row: Any) -> dict[str, Any]:
    return {**row.beside, **row.whole, "reference": row.reference}


async def network(tx: AsyncConnection, id_: UUID) -> NetworkPage:
    """One network in full; raises `NotFound`."""
    told = await _told(tx, NETWORKS, id_)
    links, members = [[dict(row._mapping) for row in await tx.execute(each, {"id": id_})] for each in (_LINKS, _MEMBERS)]
    return NetworkPage.model_validate(told | {"links": links, "members": members, "possible": NETWORK_STEPS[told["state"]]})


async def structure(tx: AsyncConnection, id_: UUID) -> StructurePage:
    """One structure in full; raises `NotFound`."""
    return StructurePage.model_validate(await _told(tx, STRUCTURES, id_))


async def domain(tx: AsyncConnection, id_: UUID) -> DomainPage:
    """One priority in full; raises `NotFound`."""
    return DomainPage.model_validate(await _told(tx, DOMAINS, id_))


async def liaison(tx: AsyncConnection, id_: UUID) -> LiaisonPage:
    """One posting in full; raises `NotFound`."""
    told = await _told(tx, LIAISONS, id_)
    return LiaisonPage.model_validate(told | {"possible": LIAISON_STEPS[told["state"]]})


async def _told(tx: AsyncConnection, register: Register, id_: UUID) -> dict[str, Any]:
    row = (await tx.execute(select(register.table).where(register.table.c.id == id_))).one_or_none()
    if row is None:
        raise NotFound(f"No {register.word} {id_}")
    history = await tx.execute(select(steps).where(steps.c.subject == id_).order_by(steps.c.version))
    return _whole(row) | {"history": [dict(step._mapping) for step in history]}
