"""Enquiries as both sides see them, and how fast those who are asked answer."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import ASKED_STEPS, ENQUIRY_STEPS, days_at, diplomatic_channel, folded
from services.contacts.store import POSTED, TO_BE_ASKED
from services.contacts.tables import steps
from services.contacts.views.registers import PostingRow, RegisterStep
from shared.errors import Invalid, NotFound
from shared.web import Page, cursor_of, texts_of

Names = dict[str, str]
F = TypeVar("F")


class AddresseeRow(BaseModel):
    """Who is asked; a contact point, and who is posted, is called by its authority, never by a person."""

    id: UUID
    kind: str
    name: Names | None
    country: str | None
    zone: str | None
    posting: PostingRow | None = None
    """Of a liaison: who sent whom."""


class AskedRow(AddresseeRow):
    """Who is asked, and in how many enquiries."""

    enquiries: int


class EnquiryRow(BaseModel):
    """An enquiry as a list shows it: `country` asks `to_country`."""

    id: UUID
    reference: str
    country: str
    to_country: str
    measure: str
    crime_types: list[str]
    urgency: str
    channel: str
    state: str
    step: int
    addressee: AddresseeRow | None
    opened: AwareDatetime
    since: AwareDatetime | None
    acknowledge_by: AwareDatetime | None
    proposed_at: AwareDatetime | None
    overdue: bool
    """Nobody acknowledged it, and the time for that is over."""
    acknowledged_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    answered_in: int | None
    """Working minutes of the addressee, from when it went to them."""
    version: int


class RouteRow(BaseModel):
    """One of those it went to, in their turn."""

    step: int
    addressee: AddresseeRow | None
    """None once nobody here answers to that name any more."""
    since: AwareDatetime
    acknowledge_by: AwareDatetime
    acknowledged_at: AwareDatetime | None
    state: str
    """How far it came with them."""
    reason: str | None


class EnquiryPage(EnquiryRow):
    """An enquiry in full."""

    case_ref: str | None
    asker: UUID | None
    reason: str | None
    told: str | None
    """What was said beside the reason."""
    useful: bool | None
    possible: list[str]
    """What the asking token's countries may do now, as far as the state goes."""
    candidates: list[AddresseeRow]
    """Who of the country that is asked could be asked."""
    route: list[RouteRow]
    """Whom it went to so far, first to last; what was taken back is left out."""
    history: list[RegisterStep]


class PairRow(BaseModel):
    """How one country answers another."""

    country: str
    """Who asks."""
    to_country: str
    asked: int
    answered: int
    refused: int
    median_minutes: int | None
    """Working minutes of the one that is asked, from when it went to the addressee to the answer."""


_CALLED = """SELECT a.id, 'authority' AS kind, a.name, a.country, a.zone, CAST(NULL AS jsonb) AS posting FROM authorities a
UNION ALL SELECT c.id, 'contact_point', a.name, coalesce(c.country, a.country), a.zone, NULL
    FROM contact_points c LEFT JOIN authorities a ON a.id = c.authority WHERE c.state NOT IN ('nominated', 'retracted')
UNION ALL SELECT id, 'network', whole->'name', country, NULL, NULL FROM networks
UNION ALL SELECT l.id, 'liaison', a.name, l.whole->>'host', a.zone,
    jsonb_build_object('kind', l.whole->'kind', 'country', l.whole->'country', 'organisation', l.whole->'organisation')
    FROM liaisons l LEFT JOIN contact_points c ON c.id = CAST(l.whole->>'contact_point' AS uuid)
    LEFT JOIN authorities a ON a.id = c.authority"""


def _who(addressee: str, kind: str, to_country: str) -> str:
    """Who is asked, as JSON; the diplomatic channel is no entry, and known by its kind."""
    return f"""CASE WHEN {kind} = 'channel' THEN
        jsonb_build_object('id', {addressee}, 'kind', 'channel', 'name', NULL, 'country', {to_country}, 'zone', NULL)
    ELSE (SELECT jsonb_build_object('id', w.id, 'kind', w.kind, 'name', w.name, 'country', w.country, 'zone', w.zone,
        'posting', w.posting) FROM ({_CALLED}) w WHERE w.id = {addressee}) END"""  # noqa: S608 - words of ours


_MINE = "(CAST(:mine AS text[]) IS NULL OR e.country = ANY(:mine) OR e.to_country = ANY(:mine))"
_FOUND = f"""SELECT e.id, e.reference, e.state, e.version, e.country, e.to_country, e.whole, e.beside, e.opened,
    e.state IN ('routed', 'escalated') AND e.acknowledge_by < now() AS overdue,
    {_who("e.addressee", "e.whole->>'addressee_kind'", "e.to_country")} AS who
FROM enquiries e
WHERE (CAST(:ids AS uuid[]) IS NULL OR e.id = ANY(:ids))
    AND {_MINE}
    AND (CAST(:direction AS text) IS NULL OR CAST(:mine AS text[]) IS NULL
        OR CASE WHEN :direction = 'asked' THEN e.to_country ELSE e.country END = ANY(:mine))
    AND (CAST(:country AS text) IS NULL OR e.country = :country)
    AND (CAST(:to_country AS text) IS NULL OR e.to_country = :to_country)
    AND (CAST(:addressee AS uuid) IS NULL OR e.addressee = :addressee)
    AND (CAST(:state AS text) IS NULL OR e.state = :state)
    AND (CAST(:urgency AS text) IS NULL OR e.whole->>'urgency' = :urgency)
    AND (CAST(:measure AS text) IS NULL OR e.whole->>'measure' = :measure)
    AND (CAST(:crime_type AS text) IS NULL OR e.whole->'crime_types' ? :crime_type)
    AND (CAST(:clock AS text) IS NULL OR e.state IN ('routed', 'escalated')
        AND CASE WHEN :clock = 'overdue' THEN e.acknowledge_by < now() ELSE e.acknowledge_by >= now() END)
    AND (CAST(:q AS text) IS NULL OR strpos(e.searchable, :q) > 0)"""  # noqa: S608 - words of ours
_FILTERS = ("ids", "country", "to_country", "addressee", "direction", "state", "urgency", "measure", "crime_type", "clock")
_ASKED = f"""SELECT a.id, a.enquiries, {_who("a.id", "a.kind", "a.to_country")} AS who
FROM (SELECT e.addressee AS id, count(*) AS enquiries, min(e.whole->>'addressee_kind') AS kind, min(e.to_country) AS to_country
    FROM enquiries e WHERE e.addressee IS NOT NULL AND {_MINE} AND (CAST(:ids AS uuid[]) IS NULL OR e.addressee = ANY(:ids))
    GROUP BY e.addressee) a"""  # noqa: S608 - words of ours
_CANDIDATES = text(f"""SELECT * FROM (
    SELECT w.*, row_number() OVER (PARTITION BY w.kind ORDER BY w.id) AS place
    FROM ({_CALLED} UNION ALL SELECT CAST(:channel AS uuid), 'channel', NULL, CAST(:to_country AS text), NULL, NULL) w
    WHERE (w.country = :to_country OR w.kind = 'network' AND w.country IS NULL) AND w.id IS DISTINCT FROM CAST(:addressee AS uuid)
        AND (w.name IS NOT NULL OR w.kind IN ('liaison', 'channel'))
        AND {TO_BE_ASKED.format(id="w.id")} AND NOT EXISTS (SELECT FROM liaisons l WHERE l.id = w.id
            AND NOT ({POSTED} AND {TO_BE_ASKED.format(id="CAST(l.whole->>'contact_point' AS uuid)")}))) w
WHERE place <= 60
ORDER BY array_position(ARRAY['contact_point', 'authority', 'network', 'liaison'], w.kind), w.id""")  # noqa: S608 - words of ours
_ROUTE = text(f"""SELECT DISTINCT ON (s.step) s.step, s.since, s.acknowledge_by, s.acknowledged_at, s.state, s.reason,
    {_who("s.addressee", "s.addressee_kind", "s.to_country")} AS addressee
FROM (SELECT version, t.* FROM steps CROSS JOIN LATERAL jsonb_to_record(after) AS t(step int, since timestamptz,
        acknowledge_by timestamptz, acknowledged_at timestamptz, state text, reason text, addressee uuid, addressee_kind text,
        to_country text)
    WHERE subject = :id AND retracted_at IS NULL) s
WHERE s.step > 0 AND s.state IN ('routed', 'escalated', 'acknowledged', 'answered', 'refused')
ORDER BY s.step, s.version DESC""")  # noqa: S608 - words of ours
_PAIRS = """SELECT country, to_country, count(*) AS asked, count(*) FILTER (WHERE answered_in IS NOT NULL) AS answered,
    count(*) FILTER (WHERE state = 'refused') AS refused,
    CAST(round(percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_in)) AS int) AS median_minutes
FROM enquiries WHERE state NOT IN ('opened', 'retracted', 'withdrawn')
    AND (CAST(:country AS text) IS NULL OR country = :country) AND (CAST(:to_country AS text) IS NULL OR to_country = :to_country)
GROUP BY country, to_country"""


async def enquiries(
    tx: AsyncConnection, *, mine: Collection[str], limit: int, after: tuple[Any, ...] | None, q: str | None, **asked: Any
) -> Page[EnquiryRow]:
    """Those that concern these countries (`*`: all), newest first."""
    bound = {name: asked.get(name) for name in _FILTERS} | {"q": folded(q) if q else None}
    bound["mine"] = None if "*" in mine else sorted(mine)
    opened, id_ = _place(after, datetime.fromisoformat)
    earlier = "CAST(:opened AS timestamptz) IS NULL OR (opened, id) < (:opened, CAST(:after AS uuid))"
    page = f"SELECT * FROM ({_FOUND}) f WHERE {earlier} ORDER BY opened DESC, id DESC LIMIT :limit"  # noqa: S608 - words of ours
    rows = list(await tx.execute(text(page), bound | {"opened": opened, "after": id_, "limit": limit + 1}))
    total = int((await tx.execute(text(f"SELECT count(*) FROM ({_FOUND}) f"), bound)).scalar_one())  # noqa: S608 - words of ours
    items = [EnquiryRow.model_validate(_whole(row)) for row in rows[:limit]]
    following = cursor_of(rows[limit - 1].opened.isoformat(), str(items[-1].id)) if len(rows) > limit else None
    return Page(items=items, next=following, total=total)


async def addressees(
    tx: AsyncConnection, *, mine: Collection[str], limit: int, after: tuple[Any, ...] | None, ids: Sequence[UUID] | None
) -> Page[AskedRow]:
    """Who has an enquiry that concerns these countries (`*`: all), whoever has most of them first; or these of them alone."""
    bound = {"mine": None if "*" in mine else sorted(mine), "ids": ids}
    known = f"SELECT * FROM ({_ASKED}) f WHERE who IS NOT NULL"  # noqa: S608 - words of ours
    count, id_ = _place(after, int)
    later = "CAST(:count AS bigint) IS NULL OR (enquiries, id) < (:count, CAST(:after AS uuid))"
    page = f"{known} AND ({later}) ORDER BY enquiries DESC, id DESC LIMIT :limit"
    rows = list(await tx.execute(text(page), bound | {"count": count, "after": id_, "limit": limit + 1}))
    total = int((await tx.execute(text(f"SELECT count(*) FROM ({known}) k"), bound)).scalar_one())  # noqa: S608 - words of ours
    items = [AskedRow(**row.who, enquiries=row.enquiries) for row in rows[:limit]]
    following = cursor_of(str(rows[limit - 1].enquiries), str(items[-1].id)) if len(rows) > limit else None
    return Page(items=items, next=following, total=total)


def _place(after: tuple[Any, ...] | None, first_of: Callable[[str], F]) -> tuple[F | None, UUID | None]:
    first, id_ = texts_of(after, 2)
    if first is None or id_ is None:
        return None, None
    try:
        return first_of(first), UUID(id_)
    except ValueError as error:
        raise Invalid("after", "not a cursor of this list") from error


def _whole(row: Any) -> dict[str, Any]:
    return {**row.beside, **row.whole, "addressee": row.who, "overdue": bool(row.overdue)}


async def enquiry(tx: AsyncConnection, id_: UUID, concerns: Callable[[str], bool]) -> EnquiryPage:
    """One enquiry in full, with what may be done by those who act for some countries; raises `NotFound`."""
    bound: dict[str, Any] = dict.fromkeys((*_FILTERS, "mine", "q")) | {"ids": [id_]}
    row = (await tx.execute(text(_FOUND), bound)).one_or_none()
    if row is None:
        raise NotFound(f"No enquiry {id_}")
    told = _whole(row)
    possible = [step for step in ENQUIRY_STEPS[row.state] if _may(step, row, concerns)]
    asked = {"to_country": row.to_country, "addressee": row.whole["addressee"]}
    earliest, latest = days_at(datetime.now(UTC))
    asked |= {"channel": diplomatic_channel(row.to_country), "earliest": earliest, "latest": latest}
    candidates = [dict(each._mapping) for each in await tx.execute(_CANDIDATES, asked)]
    history = await tx.execute(select(steps).where(steps.c.subject == id_).order_by(steps.c.version))
    more = {"possible": possible, "candidates": candidates, "history": [dict(step._mapping) for step in history]}
    more["route"] = [dict(step._mapping) for step in await tx.execute(_ROUTE, {"id": id_})]
    return EnquiryPage.model_validate({"told": None, **told, **more})


def _may(step: str, row: Any, concerns: Callable[[str], bool]) -> bool:
    return concerns(row.country) or ((step in ASKED_STEPS or step == "retract enquiry") and concerns(row.to_country))


async def pairs(tx: AsyncConnection, *, limit: int, after: tuple[Any, ...] | None, **asked: Any) -> Page[PairRow]:
    """Pairs of countries in the order of their codes."""
    first, second = texts_of(after, 2)
    later = "CAST(:first AS text) IS NULL OR (country, to_country) > (:first, :second)"
    page = f"SELECT * FROM ({_PAIRS}) f WHERE {later} ORDER BY country, to_country LIMIT :limit"  # noqa: S608 - words of ours
    rows = list(await tx.execute(text(page), asked | {"first": first, "second": second, "limit": limit + 1}))
    total = int((await tx.execute(text(f"SELECT count(*) FROM ({_PAIRS}) f"), asked)).scalar_one())  # noqa: S608 - words of ours
    items = [PairRow.model_validate(dict(row._mapping)) for row in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].country, items[-1].to_country) if len(rows) > limit else None, total=total)


_MEDIANS = text("""SELECT addressee, CAST(round(percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_in)) AS int) AS minutes
FROM enquiries WHERE addressee = ANY(:addressees) AND answered_in IS NOT NULL AND state <> 'retracted' GROUP BY addressee""")


async def median_minutes(tx: AsyncConnection, addressees: Sequence[UUID]) -> dict[UUID, int]:
    """Addressee -> the median of the working minutes they took to answer; who never answered is not in it."""
    return {row.addressee: row.minutes for row in await tx.execute(_MEDIANS, {"addressees": list(addressees)})}
