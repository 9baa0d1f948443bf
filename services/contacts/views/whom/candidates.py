"""Who may be asked in a country, in one statement, and what partners said of it, in another."""

from datetime import date
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain import Candidate, Posting, Question, Said, Scope, Seat, diplomatic_channel, end_of

_COLUMNS = {
    "id": "uuid",
    "authority": "uuid",
    "appointing_kind": "text",
    "specialisations": "text[]",
    "languages": "jsonb",
    "state": "text",
    "duty": "text",
    "valid_from": "date",
    "valid_to": "date",
    "term_to": "date",
    "absent_from": "date",
    "absent_to": "date",
    "verified_at": "timestamptz",
    "due": "date",
}
"""What is read of a contact point."""
_POINT = ", ".join(f"p.{name}" for name in _COLUMNS)
_NO_POINT = ", ".join("a.id" if name == "authority" else f"CAST(NULL AS {kind})" for name, kind in _COLUMNS.items())
_NOW = "SELECT * FROM contact_points WHERE country = :country"


def _then(which: str) -> str:
    """Contact points as they stood. Of whom nothing became known since, the row says it; the steps of all would be very many to read."""
    return f"""SELECT {", ".join(f"c.{name}" for name in _COLUMNS)} FROM contact_points c WHERE {which} AND c.recorded_at < :until
    UNION ALL SELECT t.* FROM contact_points c
    CROSS JOIN LATERAL (SELECT s.after FROM contact_point_steps s WHERE s.contact_point_id = c.id AND s.time < :until
        AND s.retracted_at IS NULL AND s.after IS NOT NULL ORDER BY s.version DESC LIMIT 1) s
    CROSS JOIN LATERAL jsonb_to_record(s.after) AS t({", ".join(map(" ".join, _COLUMNS.items()))})
    WHERE {which} AND c.recorded_at >= :until"""  # noqa: S608 - composed of constants; values are bound


_MEMBERS_NOW = """SELECT m.network, n.whole, m.member, m.role, m.valid_from
    FROM memberships m JOIN networks n ON n.id = m.network WHERE m.country = :country"""
_MEMBERS_THEN = """SELECT n.id AS network, s.after AS whole, m.member, m.role, m.valid_from
    FROM networks n CROSS JOIN LATERAL (SELECT s.after FROM steps s WHERE s.subject = n.id
        AND s.time < :until AND s.retracted_at IS NULL AND s.after IS NOT NULL ORDER BY s.version DESC LIMIT 1) s
    CROSS JOIN LATERAL jsonb_to_recordset(s.after->'members') AS m(member uuid, role text, valid_from date)"""
# Each is on a clock of its own: here is cut by the first and the last day that it is anywhere, the domain weighs by the day it is there.
_IN_OFFICE = "p.state IN ('designated', 'verified', 'verification_due')"
_SERVING = f"({_IN_OFFICE} AND p.valid_from <= :latest OR p.state = 'ended' AND p.valid_to > :earliest)"
_OUT = "(p.state IN ('suspended', 'lapsed', 'ended') AND (p.state <> 'ended' OR p.valid_to <= :latest))"
_COMING = f"(p.valid_from > :earliest AND {_IN_OFFICE})"
_SPECIAL = "p.specialisations @> ARRAY[CAST(:crime AS text)]"
_HELD = "country = :country AND state <> 'retracted' AND valid_from <= :latest AND (valid_to IS NULL OR valid_to > :earliest)"
_CRIME = "(CAST(:crime AS text) IS NULL OR crime_types @> ARRAY[CAST(:crime AS text)])"
_MEASURE = "(CAST(:measure AS text) IS NULL OR measures @> ARRAY[CAST(:measure AS text)])"


def _candidates(points: str, members: str, before: str = "") -> str:
    """Of each kind the likeliest few, each by an index of its own: what the domain weighs finely is cut coarsely here.

    `before` is said once, for `points` to be read from.
    """

    def serving(where: str, most: int) -> str:
        return f"""(SELECT {_POINT}, 'contact_point', CAST(NULL AS uuid), CAST(NULL AS jsonb), CAST(NULL AS text), CAST(NULL AS date)
            FROM ({points}) p
            WHERE {where} ORDER BY p.verified_at DESC NULLS LAST LIMIT {most})"""  # noqa: S608

    def offices(source: str, where: str, most: int) -> str:
        return f"""(SELECT {_NO_POINT}, '{source}', NULL, NULL, NULL, NULL FROM authorities a
            WHERE a.country = :country AND {where} ORDER BY a.reference LIMIT {most})"""  # noqa: S608

    return f"""
WITH {before}fitting AS MATERIALIZED (
    SELECT authority FROM (
        (SELECT authority FROM competences WHERE {_HELD} AND {_CRIME} AND {_MEASURE} LIMIT 60)
        UNION ALL (SELECT authority FROM competences WHERE {_HELD} AND (crime_types = '{{}}' OR measures = '{{}}')
            AND (crime_types = '{{}}' OR {_CRIME}) AND (measures = '{{}}' OR {_MEASURE}) LIMIT 60)) f GROUP BY authority),
seats AS MATERIALIZED (
    SELECT m.network, m.whole->'name' AS network_name, m.role, m.member, m.valid_from AS seated,
        (CASE m.role WHEN 'gateway' THEN 0 WHEN 'correspondent' THEN 1 WHEN 'chair' THEN 2 ELSE 3 END) AS place
    FROM ({members}) m
    WHERE m.whole->>'state' IN ('founded', 'active', 'silent') AND m.role <> 'observer' AND m.valid_from <= :latest
      AND (CAST(:crime AS text) IS NULL OR m.whole->'domain' = '[]' OR m.whole->'domain' ? :crime)),
picked ({", ".join(_COLUMNS)}, source, network, network_name, role, seated) AS (
    {serving(f"{_SERVING} AND {_SPECIAL}", 10)}
    UNION ALL {serving(f"{_SERVING} AND p.authority IN (SELECT authority FROM fitting)", 10)}
    UNION ALL {serving(_SERVING, 6)}
    UNION ALL {serving(f"{_SERVING} AND p.duty = '24x7'", 6)}
    UNION ALL {serving(f"{_OUT} AND ({_SPECIAL} OR CAST(:crime AS text) IS NULL)", 40)}
    UNION ALL {serving(_COMING, 2)}
    UNION ALL (SELECT {_POINT}, 'member', s.network, s.network_name, s.role, s.seated FROM seats s JOIN ({points}) p ON p.id = s.member
        WHERE p.state NOT IN ('nominated', 'retracted') ORDER BY s.place, s.network LIMIT 8)
    UNION ALL (SELECT {_NO_POINT}, 'member', s.network, s.network_name, s.role, s.seated FROM seats s JOIN authorities a ON a.id = s.member
        WHERE a.country = :country ORDER BY s.place, s.network LIMIT 8)
    UNION ALL {offices("competent", "a.id IN (SELECT authority FROM fitting)", 8)}
    UNION ALL {offices("round_the_clock", "a.phone_24x7 IS NOT NULL", 6)}
    UNION ALL {offices("central", "a.kind = 'central_authority'", 6)}
    UNION ALL {offices("central", "a.kind = 'ministry_justice'", 3)})
SELECT p.*, a.name, a.kind, a.country, a.subdivision, a.zone, a.languages AS office_languages, a.role_mailbox, a.phone_24x7,
    (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM (SELECT id, crime_types, measures, valid_from, valid_to FROM competences
        WHERE authority = p.authority AND state <> 'retracted' AND valid_from <= :latest
            AND (valid_to IS NULL OR valid_to > :earliest)) c) AS scopes
FROM picked p LEFT JOIN authorities a ON a.id = p.authority"""  # noqa: S608


_STANDING_THEN = f"standing_then AS MATERIALIZED ({_then('c.country = :country')}), "
_OF_TODAY = text(_candidates(_NOW, _MEMBERS_NOW))
_OF_THAT_DAY = text(_candidates("SELECT * FROM standing_then", _MEMBERS_THEN, _STANDING_THEN))
_STANDING = text("""
WITH partner AS (SELECT subject FROM partner_facts WHERE country = :country AND topic = 'partners.partner.v1' AND data->>'kind' = 'country'
    ORDER BY version DESC LIMIT 1)
SELECT DISTINCT ON (f.subject) f.subject, f.type, f.data
FROM partner_facts f, partner p
WHERE f.corrects IS NULL AND NOT EXISTS (SELECT FROM partner_facts r WHERE r.corrects = f.event_id)
  AND (f.subject = p.subject OR f.time < :until AND (f.topic = 'partners.instrument.v1' AND f.data->'parties' ? CAST(p.subject AS text)
    OR f.topic = 'partners.legal_basis.v1' AND f.data->>'partner' = CAST(p.subject AS text)))
ORDER BY f.subject, f.version DESC""")


_REACHED = "c.id = CAST(s.after->>'contact_point' AS uuid)"


def _liaisons_of(points: str) -> str:
    """Postings held at the host, each with the contact point by which it is reached; those that are not to be asked go last."""
    out = f"coalesce({_OUT} OR p.absent_from <= :latest AND p.absent_to >= :earliest, false)"
    return f"""SELECT l.id AS posting, s.after AS whole, {_POINT}, a.name, a.country AS country, a.zone
FROM liaisons l CROSS JOIN LATERAL (SELECT s.after FROM steps s WHERE s.subject = l.id AND s.time < :until
    AND s.retracted_at IS NULL AND s.after IS NOT NULL ORDER BY s.version DESC LIMIT 1) s
LEFT JOIN LATERAL ({points}) p ON true LEFT JOIN authorities a ON a.id = p.authority
WHERE l.whole->>'host' = :country AND l.state <> 'retracted' AND CAST(s.after->>'valid_from' AS date) <= :latest
    AND (s.after->>'valid_to' IS NULL OR CAST(s.after->>'valid_to' AS date) > :earliest)
ORDER BY {out}, l.reference LIMIT 12"""  # noqa: S608


_LIAISONS = text(_liaisons_of(f"SELECT * FROM contact_points c WHERE {_REACHED}"))  # noqa: S608
_LIAISONS_THEN = text(_liaisons_of(_then(_REACHED)))


async def candidates(tx: AsyncConnection, question: Question) -> list[Candidate]:
    """Everybody who may be asked; the diplomatic channel is always there."""
    earliest, latest = question.days
    bound = {"country": question.country, "earliest": earliest, "latest": latest}
    until = {"until": end_of(latest, "UTC")}
    asked = bound | {"crime": question.crime_type, "measure": question.measure}
    found = await tx.execute(*((_OF_TODAY, asked) if question.now else (_OF_THAT_DAY, asked | until)))
    posted = await tx.execute(_LIAISONS if question.now else _LIAISONS_THEN, bound | until)
    channel = Candidate(rung="diplomatic_channel", kind="channel", id=diplomatic_channel(question.country), country=question.country)
    # Prosecutors, magistrates and officers posted there (PA-07): each is a function, reached where its contact point serves.
    return [*(_candidate(row, question) for row in found if _there(row, question)), *map(_liaison, posted), channel]


async def said_of(tx: AsyncConnection, question: Question) -> list[Said]:
    """The newest standing facts of the partner, its instruments and its legal bases, as they stood at the end of that day, or stand now."""
    over = end_of(question.on, "UTC")
    said = await tx.execute(_STANDING, {"country": question.country, "until": max(over, question.now) if question.now else over})
    return [Said(row.subject, row.type, row.data) for row in said]


def _liaison(row: Any) -> Candidate:
    said = row.whole
    return Candidate(
        rung="liaison",
        kind="liaison",
        id=row.posting,
        through=Candidate(rung="contact_point", kind="contact_point", id=row.id, zone=row.zone, **_standing(row)) if row.id else None,
        authority=row.authority,
        name=row.name or {},
        posting=Posting(said["kind"], said["country"], said["organisation"]),
        country=row.country,
        zone=row.zone,
        languages=tuple(skill["code"] for skill in row.languages or ()),
        duty=row.duty,
        specialisations=tuple(row.specialisations or ()),
        valid_from=date.fromisoformat(said["valid_from"]),
        valid_to=date.fromisoformat(said["valid_to"]) if said["valid_to"] else None,
    )


def _there(row: Any, question: Question) -> bool:
    """Of what begins or ends on one of the days that it is somewhere: does it hold on the day that it is there?"""
    return (row.seated is None or row.seated <= question.day(row.zone)) and (row.source != "competent" or bool(_scopes(row, question)))


def _scopes(row: Any, question: Question) -> tuple[Scope, ...]:
    day = str(question.day(row.zone))
    held = [each for each in row.scopes or () if each["valid_from"] <= day and (each["valid_to"] is None or each["valid_to"] > day)]
    return tuple(Scope(tuple(each["crime_types"]), tuple(each["measures"])) for each in held)


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
        scopes=_scopes(row, question),
        seat=Seat(row.network, row.network_name, row.role) if row.network else None,
        **_standing(row),
    )


def _standing(row: Any) -> dict[str, Any]:
    """How a contact point stands."""
    return {
        "state": row.state,
        "valid_from": row.valid_from,
        "valid_to": min((day for day in (row.valid_to, row.term_to) if day), default=None),
        "absent": (row.absent_from, row.absent_to) if row.absent_from and row.absent_to else None,
        "verified_on": row.verified_at.date() if row.verified_at else None,
        "due": row.due,
    }


def _rung(row: Any, question: Question) -> Any:
    if row.source == "member" or row.appointing_kind == "network":
        return "network"
    if row.source == "contact_point":
        general = question.crime_type not in (row.specialisations or ()) and not _scopes(row, question)
        return "round_the_clock" if row.duty == "24x7" and general else "contact_point"
    return {"competent": "competent_authority", "central": "central_authority"}.get(row.source, row.source)
