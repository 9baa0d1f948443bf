"""What is shown of partners: SQL to page-shaped answers, as of any day (valid time) and any moment (knowledge time)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.partners.domain import AGREEMENTS
from shared.errors import NotFound
from shared.gate import ALLOWED
from shared.web import Page, cursor_of, text_of
from shared.web.values import Source

Status = Literal["agreement", "mandate", "proposed", "working_arrangement", "none"]


class InstrumentState(BaseModel):
    """An instrument as it stands."""

    id: UUID
    partner_id: UUID
    kind: str
    reference: str
    subjects: list[str]
    state: str
    on: date | None
    stated_as_of: date
    valid_to: date | None
    version: int


class Step(BaseModel):
    """One fact of an instrument's history."""

    event_id: UUID
    type: str
    state: str | None
    on: date | None
    stated_as_of: date | None
    recorded_at: AwareDatetime
    version: int
    retracted_at: AwareDatetime | None
    corrects: UUID | None
    reason: str | None


class InstrumentPage(InstrumentState):
    """An instrument with every step that led here."""

    source: Source | None
    history: list[Step]


class Basis(BaseModel):
    """A legal basis as it stands."""

    id: UUID
    partner_id: UUID
    kind: str
    purposes: list[str]
    data_categories: list[str]
    valid_from: date
    valid_to: date | None
    instrument_id: UUID | None
    state: str
    version: int


class PartnerRow(BaseModel):
    """A partner with what was agreed, as of a day."""

    id: UUID
    reference: str
    name: dict[str, str]
    abbreviation: str | None
    kind: str
    country: str | None
    region: str | None
    status: Status
    instruments: list[InstrumentState]
    personal_data: Literal["yes", "no", "case_by_case"]
    version: int


class PartnerPage(PartnerRow):
    """A partner in full."""

    notes: str | None
    source: Source | None
    legal_bases: list[Basis]


class Exchange(BaseModel):
    """May data of this category go to this partner on that day, and why."""

    partner: UUID
    on: date
    data_category: str
    asof: AwareDatetime
    allowed: bool
    outcome: Literal["allowed", "refused", "case_by_case"]
    reason: str
    explanation: str
    basis: list[Basis]
    instruments: list[InstrumentState]


def _states(narrowed: str = "") -> str:
    return f"""
SELECT DISTINCT ON (s.instrument_id) i.id, i.partner_id, i.kind, i.reference, i.subjects, i.version,
       s.state, s."on", s.stated_as_of, s.valid_to
FROM instrument_steps s JOIN instruments i ON i.id = s.instrument_id
WHERE s.state IS NOT NULL AND s.recorded_at <= :asof AND (s.retracted_at IS NULL OR s.retracted_at > :asof) AND s.effective <= :on{narrowed}
ORDER BY s.instrument_id, s.version DESC"""  # noqa: S608 - composed of constants; values are bound


def _bases(narrowed: str = "") -> str:
    return f"""
SELECT DISTINCT ON (s.legal_basis_id) b.id, b.partner_id, b.kind, b.purposes, b.data_categories, b.valid_from, s.valid_to, b.instrument_id,
       s.state, b.version
FROM legal_basis_steps s JOIN legal_bases b ON b.id = s.legal_basis_id
WHERE s.recorded_at <= :asof AND s.effective <= :on{narrowed}
ORDER BY s.legal_basis_id, s.version DESC"""  # noqa: S608


_OF_ONE = {"states": " AND i.partner_id = :id", "bases": " AND b.partner_id = :id", "partners": "WHERE p.id = :id"}


def _known(narrowed: Mapping[str, str]) -> str:
    """The partners with what follows from their instruments; narrowed where it reads, so that one partner costs one partner."""
    return f"""
WITH states AS ({_states(narrowed.get("states", ""))}), bases AS ({_bases(narrowed.get("bases", ""))}), known AS (
  SELECT p.*, CASE
    WHEN bool_or(s.kind = ANY(:agreements) AND s.state = 'in_force') THEN 'agreement'
    WHEN bool_or(s.kind = ANY(:agreements) AND s.state IN ('mandate_granted', 'negotiating')) THEN 'mandate'
    WHEN bool_or(s.kind = ANY(:agreements) AND s.state IN ('proposed', 'mandate_requested', 'concluded', 'signed')) THEN 'proposed'
    WHEN bool_or(s.kind LIKE 'working_arrangement%' AND s.state IN ('proposed', 'concluded', 'signed', 'in_force'))
        THEN 'working_arrangement'
    ELSE 'none' END AS status,
    CASE WHEN EXISTS (SELECT FROM bases b LEFT JOIN states i ON i.id = b.instrument_id WHERE b.partner_id = p.id AND b.state = 'valid'
        AND 'case_related' = ANY(b.data_categories) AND (b.valid_to IS NULL OR b.valid_to > :on)
        AND (b.instrument_id IS NULL OR i.state = 'in_force')) THEN 'yes'
      WHEN p.kind IN ('country', 'organisation') THEN 'case_by_case' ELSE 'no' END AS personal_data
  FROM partners p LEFT JOIN states s ON s.partner_id = p.id {narrowed.get("partners", "")} GROUP BY p.id)"""  # noqa: S608


def _with(name: str, table: str, order: str) -> str:
    rows = f"SELECT json_agg(t ORDER BY {order}) FROM {table} t WHERE t.partner_id = k.id"  # noqa: S608
    return f"coalesce(({rows}), '[]') AS {name}"


_INSTRUMENTS = _with("instruments", "states", "t.kind, t.reference")
_PAGE = text(f"{_known(_OF_ONE)} SELECT *, {_INSTRUMENTS}, {_with('legal_bases', 'bases', 't.kind, t.id')} FROM known k")  # noqa: S608
_FILTERS = ("kind", "country", "region", "status", "personal_data")


async def partners(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, on: date | None, **filters: Any) -> Page[PartnerRow]:
    """Partners in the order of their references, each with its instruments on that day."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    where = "".join(f" AND {name} = :{name}" for name in _FILTERS if name in wanted)
    if "q" in wanted:
        wanted["q"] = f"%{_literal(wanted['q'])}%"
        where += " AND reference || ' ' || coalesce(abbreviation, '') || ' ' || name::text ILIKE :q"
    bound = wanted | _moment(on) | {"agreements": list(AGREEMENTS)}
    found = f"{_known({})}, found AS (SELECT * FROM known WHERE true{where})"  # noqa: S608
    # The count is of all that match, so the cursor is applied outside it.
    statement = f"""{found} SELECT *, {_INSTRUMENTS} FROM (SELECT *, count(*) OVER () AS total FROM found) k
        WHERE CAST(:after AS text) IS NULL OR reference > :after ORDER BY reference LIMIT :limit"""  # noqa: S608
    rows = list(await tx.execute(text(statement), bound | {"after": text_of(after), "limit": limit + 1}))
    items = [PartnerRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    total = rows[0].total if rows else int((await tx.execute(text(f"{found} SELECT count(*) FROM found"), bound)).scalar_one())  # noqa: S608
    return Page(items=items, next=cursor_of(items[-1].reference) if len(rows) > limit else None, total=total)


def _moment(on: date | None, asof: datetime | None = None) -> dict[str, Any]:
    return {"on": on or datetime.now(UTC).date(), "asof": asof or datetime.now(UTC)}


def _literal(q: str) -> str:
    return q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def require_partner(tx: AsyncConnection, id_: UUID) -> None:
    """Raises `NotFound`."""
    if (await tx.execute(text("SELECT id FROM partners WHERE id = :id"), {"id": id_})).first() is None:
        raise NotFound(f"No partner {id_}")


async def partner(tx: AsyncConnection, id_: UUID, on: date | None = None) -> PartnerPage:
    """One partner in full; raises `NotFound`."""
    row = (await tx.execute(_PAGE, _moment(on) | {"id": id_, "agreements": list(AGREEMENTS)})).one_or_none()
    if row is None:
        raise NotFound(f"No partner {id_}")
    return PartnerPage.model_validate(dict(row._mapping))


async def instruments(
    tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, on: date | None, asof: datetime | None, **filters: Any
) -> Page[InstrumentState]:
    """Instruments as they stood on a day, as it was known at a moment; in the order of their references."""
    bound = _moment(on, asof) | {"limit": limit + 1, "after": text_of(after)}
    where = "".join(f" AND {column} = :{column}" for column in ("partner_id", "kind", "state") if filters.get(column))
    bound |= {column: value for column, value in filters.items() if value}
    found = f"SELECT * FROM ({_states()}) s WHERE true{where}"  # noqa: S608
    page = f"SELECT * FROM ({found}) f WHERE CAST(:after AS text) IS NULL OR reference > :after ORDER BY reference LIMIT :limit"  # noqa: S608
    rows = [dict(row._mapping) for row in await tx.execute(text(page), bound)]
    total = (await tx.execute(text(f"SELECT count(*) FROM ({found}) f"), bound)).scalar_one()  # noqa: S608
    items = [InstrumentState.model_validate(row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].reference) if len(rows) > limit else None, total=total)


async def instrument(tx: AsyncConnection, id_: UUID) -> InstrumentPage:
    """One instrument at its newest step, with its history; raises `NotFound`."""
    row = (await tx.execute(text("SELECT * FROM instruments WHERE id = :id"), {"id": id_})).one_or_none()
    if row is None:
        raise NotFound(f"No instrument {id_}")
    steps = await tx.execute(text("SELECT * FROM instrument_steps WHERE instrument_id = :id ORDER BY version"), {"id": id_})
    return InstrumentPage.model_validate({**row._mapping, "history": [dict(step._mapping) for step in steps]})


async def legal_basis(tx: AsyncConnection, id_: UUID) -> Basis:
    """One legal basis as it stands; raises `NotFound`."""
    row = (await tx.execute(text("SELECT * FROM legal_bases WHERE id = :id"), {"id": id_})).one_or_none()
    if row is None:
        raise NotFound(f"No legal basis {id_}")
    return Basis.model_validate(dict(row._mapping))


async def legal_bases(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, partner_id: UUID | None) -> Page[Basis]:
    """Legal bases as they stand, in the order of their ids."""
    where = "WHERE CAST(:partner AS uuid) IS NULL OR partner_id = :partner"
    bound = {"partner": partner_id, "after": text_of(after), "limit": limit + 1}
    page = f"""SELECT * FROM (SELECT * FROM legal_bases {where}) b
        WHERE CAST(:after AS text) IS NULL OR id::text > :after ORDER BY id::text LIMIT :limit"""  # noqa: S608
    rows = [dict(row._mapping) for row in await tx.execute(text(page), bound)]
    total = (await tx.execute(text(f"SELECT count(*) FROM legal_bases {where}"), bound)).scalar_one()  # noqa: S608
    items = [Basis.model_validate(row) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(str(items[-1].id)) if len(rows) > limit else None, total=total)


async def exchange(tx: AsyncConnection, partner_id: UUID, on: date | None, data_category: str, asof: datetime | None) -> Exchange:
    """What may be exchanged (PA-02, X9): systematically only on a valid basis; a working arrangement or a contact point is none."""
    bound = _moment(on, asof) | {"id": partner_id}
    kind = (await tx.execute(text("SELECT kind FROM partners WHERE id = :id"), {"id": partner_id})).scalar_one()
    states = [dict(row._mapping) for row in await tx.execute(text(_states(_OF_ONE["states"])), bound)]
    bases = [dict(row._mapping) for row in await tx.execute(text(_bases(_OF_ONE["bases"])), bound)]
    in_force = {state["id"] for state in states if state["state"] == "in_force"}
    holding = [
        basis
        for basis in sorted(bases, key=itemgetter("kind", "id"))
        if basis["state"] == "valid"
        and basis["kind"] in ALLOWED[data_category]
        and data_category in basis["data_categories"]
        and (basis["valid_to"] is None or basis["valid_to"] > bound["on"])
        and (basis["instrument_id"] is None or basis["instrument_id"] in in_force)
    ]
    outcome, reason, explanation = _answer(kind, states, holding)
    said = {"partner": partner_id, "on": bound["on"], "data_category": data_category, "asof": bound["asof"]}
    said |= {"allowed": outcome == "allowed", "outcome": outcome, "reason": reason, "explanation": explanation}
    return Exchange.model_validate(said | {"basis": holding, "instruments": sorted(states, key=itemgetter("kind", "reference"))})


def _answer(kind: str, states: Sequence[dict[str, Any]], holding: Sequence[Any]) -> tuple[str, str, str]:
    if holding:
        return "allowed", "BASIS", "A valid legal basis covers this category: it may be exchanged systematically."
    outcome = "case_by_case" if kind in ("country", "organisation") else "refused"
    way = " A case-by-case decision may be asked for." if outcome == "case_by_case" else ""
    if not states:
        return outcome, "NOT_KNOWN", "Nothing is known of an instrument on that day; without a known basis nothing goes." + way
    if any(s["kind"].startswith("working_arrangement") and s["state"] in ("signed", "in_force") for s in states):
        return outcome, "NO_BASIS", "A working arrangement is no legal basis for personal data: no systematic exchange." + way
    if any(s["state"] in ("mandate_granted", "negotiating") for s in states):
        return outcome, "NO_BASIS", "A negotiation mandate exists, no agreement in force: no systematic exchange." + way
    return outcome, "NO_BASIS", "No agreement in force and no other basis: no systematic exchange." + way
