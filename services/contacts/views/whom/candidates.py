"""Who may be asked in a country, in one statement, and what partners said of it, in another."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import Candidate, Question, Said, Scope, Seat

_POINT = "id, authority, appointing_kind, specialisations, languages, state, duty, valid_from, valid_to, verified_at, due"
_NO_POINT = """NULL::uuid AS id, a.id AS authority, NULL::text AS appointing_kind, NULL::text[] AS specialisations,
    NULL::jsonb AS languages,
    NULL::text AS state, NULL::text AS duty, NULL::date AS valid_from, NULL::date AS valid_to, NULL::timestamptz AS verified_at,
    NULL::date AS due"""
_NOW = f"SELECT {_POINT} FROM contact_points c WHERE country = :country"  # noqa: S608 - composed of constants; values are bound
_THEN = f"""SELECT {_POINT} FROM (SELECT t.* FROM contact_points c
    CROSS JOIN LATERAL (SELECT s.after FROM contact_point_steps s WHERE s.contact_point_id = c.id AND s.time < :until
        AND s.retracted_at IS NULL AND s.after IS NOT NULL ORDER BY s.version DESC LIMIT 1) s
    CROSS JOIN LATERAL jsonb_to_record(s.after) AS t(id uuid, authority uuid, appointing_kind text, specialisations text[], languages jsonb,
        state text, duty text, valid_from date, valid_to date, verified_at timestamptz, due date)
    WHERE c.country = :country) c WHERE true"""  # noqa: S608
_NETWORKS_NOW = "SELECT id, whole FROM networks"
_NETWORKS_THEN = """SELECT n.id, s.after AS whole FROM networks n CROSS JOIN LATERAL (SELECT s.after FROM steps s WHERE s.subject = n.id
    AND s.time < :until AND s.retracted_at IS NULL AND s.after IS NOT NULL ORDER BY s.version DESC LIMIT 1) s"""


def _candidates(points: str, networks: str) -> str:
    """Of each kind the likeliest few: what the domain weighs finely is cut coarsely here, by the same order."""
    serving = "state IN ('designated', 'verified', 'verification_due') AND valid_from <= :on OR state = 'ended' AND valid_to > :on"
    fits = "(authority = ANY(ARRAY(SELECT authority FROM fitting)))::int"
    special = "coalesce(CAST(:crime AS text) = ANY(specialisations), false)::int"
    likely = f"{fits} * 2 + {special} DESC, verified_at DESC NULLS LAST, id"
    return f"""
WITH fitting AS MATERIALIZED (
    SELECT DISTINCT authority FROM competences WHERE country = :country AND state <> 'retracted'
      AND valid_from <= :on AND (valid_to IS NULL OR valid_to > :on)
      AND (CAST(:crime AS text) IS NULL OR crime_types = '{{}}' OR :crime = ANY(crime_types))
      AND (CAST(:measure AS text) IS NULL OR measures = '{{}}' OR :measure = ANY(measures))),
members AS MATERIALIZED (
    SELECT n.id AS network, n.whole->'name' AS network_name, m.role, m.member,
        (CASE m.role WHEN 'gateway' THEN 0 WHEN 'correspondent' THEN 1 WHEN 'chair' THEN 2 ELSE 3 END) AS place
    FROM ({networks}) n, jsonb_to_recordset(n.whole->'members') AS m(member uuid, role text, valid_from date)
    WHERE n.whole->>'state' IN ('founded', 'active', 'silent') AND m.role <> 'observer' AND m.valid_from <= :on
      AND (CAST(:crime AS text) IS NULL OR n.whole->'domain' = '[]' OR n.whole->'domain' ? :crime)),
picked AS (
    (SELECT {_POINT}, 'contact_point' AS source, NULL::uuid AS network, NULL::jsonb AS network_name, NULL AS role FROM ({points}) p
        WHERE {serving} ORDER BY {likely} LIMIT 12)
    UNION ALL (SELECT {_POINT}, 'contact_point', NULL, NULL, NULL FROM ({points}) p
        WHERE duty = '24x7' AND ({serving}) ORDER BY {likely} LIMIT 6)
    UNION ALL (SELECT {_POINT}, 'contact_point', NULL, NULL, NULL FROM ({points}) p
        WHERE state NOT IN ('nominated', 'retracted') AND NOT ({serving}) ORDER BY {likely} LIMIT 4)
    UNION ALL (SELECT {", ".join(f"p.{name.strip()}" for name in _POINT.split(","))}, 'member', m.network, m.network_name, m.role
        FROM members m JOIN ({points}) p ON p.id = m.member WHERE p.state NOT IN ('nominated', 'retracted')
        ORDER BY m.place, m.network LIMIT 8)
    UNION ALL (SELECT {_NO_POINT}, 'member', m.network, m.network_name, m.role
        FROM members m JOIN authorities a ON a.id = m.member WHERE a.country = :country ORDER BY m.place, m.network LIMIT 8)
    UNION ALL (SELECT {_NO_POINT}, 'competent', NULL, NULL, NULL
        FROM fitting f JOIN authorities a ON a.id = f.authority ORDER BY a.reference LIMIT 8)
    UNION ALL (SELECT {_NO_POINT}, 'round_the_clock', NULL, NULL, NULL
        FROM authorities a WHERE a.country = :country AND a.phone_24x7 IS NOT NULL ORDER BY a.reference LIMIT 6)
    UNION ALL (SELECT {_NO_POINT}, 'central', NULL, NULL, NULL
        FROM authorities a WHERE a.country = :country AND a.kind = 'central_authority' ORDER BY a.reference LIMIT 6)
    UNION ALL (SELECT {_NO_POINT}, 'central', NULL, NULL, NULL
        FROM authorities a WHERE a.country = :country AND a.kind = 'ministry_justice' ORDER BY a.reference LIMIT 3))
SELECT p.*, a.name, a.kind, a.country, a.subdivision, a.zone, a.languages AS office_languages, a.role_mailbox, a.phone_24x7,
    (SELECT jsonb_agg(jsonb_build_object('crime_types', c.crime_types, 'measures', c.measures) ORDER BY c.id)
     FROM competences c WHERE c.authority = p.authority AND c.state <> 'retracted'
       AND c.valid_from <= :on AND (c.valid_to IS NULL OR c.valid_to > :on)) AS scopes
FROM picked p LEFT JOIN authorities a ON a.id = p.authority"""  # noqa: S608


_OF_TODAY, _OF_THAT_DAY = text(_candidates(_NOW, _NETWORKS_NOW)), text(_candidates(_THEN, _NETWORKS_THEN))
_STANDING = text("""
WITH partner AS (SELECT subject FROM partner_facts WHERE country = :country AND topic = 'partners.partner.v1' AND data->>'kind' = 'country'
    ORDER BY version DESC LIMIT 1)
SELECT DISTINCT ON (f.subject) f.subject, f.type, f.data
FROM partner_facts f, partner p
WHERE f.corrects IS NULL AND NOT EXISTS (SELECT FROM partner_facts r WHERE r.corrects = f.event_id)
  AND (f.subject = p.subject OR f.time < :until AND (f.topic = 'partners.instrument.v1' AND f.data->'parties' ? CAST(p.subject AS text)
    OR f.topic = 'partners.legal_basis.v1' AND f.data->>'partner' = CAST(p.subject AS text)))
ORDER BY f.subject, f.version DESC""")


async def candidates(tx: AsyncConnection, question: Question) -> list[Candidate]:
    """Everybody who may be asked; the diplomatic channel is always there."""
    bound = {"country": question.country, "crime": question.crime_type, "measure": question.measure, "on": question.on}
    statement = _OF_TODAY if question.now else _OF_THAT_DAY
    found = await tx.execute(statement, bound if question.now else bound | {"until": _end_of(question.on)})
    channel = Candidate(rung="diplomatic_channel", kind="channel", country=question.country)
    return [*(_candidate(row, question) for row in found), *await _liaisons(tx, question), channel]


async def said_of(tx: AsyncConnection, country: str, on: date) -> list[Said]:
    """The newest standing facts of the partner, its instruments and its legal bases, as they stood at the end of that day."""
    said = await tx.execute(_STANDING, {"country": country, "until": _end_of(on)})
    return [Said(row.subject, row.type, row.data) for row in said]


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


async def _liaisons(tx: AsyncConnection, question: Question) -> list[Candidate]:
    """Our prosecutors, magistrates and officers posted there: none until postings are kept."""
    return []


def _candidate(row: Any, question: Question) -> Candidate:
    kind: Literal["contact_point", "authority"] = "contact_point" if row.id else "authority"
    spoken = [skill["code"] for skill in row.languages or []] or row.office_languages or []
    return Candidate(
        rung=_rung(row, question),
        kind=kind,
        id=row.id or row.authority,
        authority=row.authority,
        name=row.name or {},
        institution=row.kind,
        country=row.country or question.country,
        subdivision=row.subdivision,
        zone=row.zone,
        languages=tuple(spoken),
        mailbox=row.role_mailbox,
        phone_24x7=row.phone_24x7,
        duty=row.duty,
        specialisations=tuple(row.specialisations or ()),
        scopes=tuple(Scope(tuple(scope["crime_types"]), tuple(scope["measures"])) for scope in row.scopes or ()),
        seat=Seat(row.network, row.network_name, row.role) if row.network else None,
        state=row.state,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        verified_on=row.verified_at.date() if row.verified_at else None,
        due=row.due,
    )


def _rung(row: Any, question: Question) -> Any:
    if row.source == "member" or row.appointing_kind == "network":
        return "network"
    if row.source == "contact_point":
        general = question.crime_type not in (row.specialisations or ()) and not row.scopes
        return "round_the_clock" if row.duty == "24x7" and general else "contact_point"
    return {"competent": "competent_authority", "central": "central_authority"}.get(row.source, row.source)
