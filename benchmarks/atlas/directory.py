"""A directory of many made-up entries, by COPY: what is measured is how it is asked, not the commands.

Half are authorities, half their contact points, most of them verified within a year, some of them away, lapsed or ended, each with the
step that led there. Half of the authorities declared a competence; a member in fifty of a thousand is in a network.
"""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from benchmarks.atlas import names
from services.contacts import store
from services.contacts.domain import search
from shared.codes import LISTS

COUNTRIES = ("AL", "BA", "DZ", "EG", "GE", "IL", "JO", "LB", "MA", "MD", "ME", "MK", "PS", "RS", "TN", "TR", "UA", "XK")
CRIMES = tuple(LISTS["crime_type"].codes)
MEASURES = tuple(LISTS["cooperation_measure"].codes)
KINDS = ("prosecution", "court", "police", "customs", "ministry_justice", "central_authority")
STATES = {"verified": 80, "designated": 8, "verification_due": 4, "lapsed": 3, "suspended": 2, "ended": 3}
NETWORKS = 200
MEMBER = 0.02
"""The share of contact points that belong to a network."""
DUMP = 20_000
_TABLES = {
    "authorities": (
        "id",
        "reference",
        "name",
        "kind",
        "country",
        "zone",
        "languages",
        "phone_24x7",
        "searchable",
        "version",
        "recorded_at",
    ),
    "competences": (
        *("id", "authority", "country", "crime_types", "measures", "instruments", "territory"),
        *("valid_from", "state", "version", "recorded_at"),
    ),
    "persons": ("ref", "country", "version", "sealed_version", "recorded_at"),
    "contact_points": (
        *("id", "person_ref", "country", "appointing_kind", "specialisations", "languages", "state", "version", "recorded_at"),
        *("authority", "duty", "valid_from", "valid_to", "verified_at", "due"),
    ),
    "contact_point_steps": ("contact_point_id", "version", "event_id", "type", "time", "recorded_at", "after"),
    "memberships": ("network", "member", "country", "role", "valid_from"),
    "search_entries": ("id", "kind", "norm", "words", "gone", "rules"),
}
Rows = dict[str, list[tuple[Any, ...]]]


async def load(url: str, entries: int, distinct: int, draw: random.Random) -> list[str]:
    """So many entries of as many distinct words as asked for; returns some of the names."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes.decode, format="binary")
        known, now = names.words(distinct, draw), await connection.fetchval("SELECT now()")
        # Built once when all is there, as one does with so many rows.
        index = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_entries_words'")
        await connection.execute("DROP INDEX ix_search_entries_words")
        networks = await _networks(connection, now, draw)
        called = [names.name(known, draw) for _ in range(entries // 2)]
        for begin in range(0, len(called), DUMP):
            rows = [_rows(each, networks, now, draw) for each in called[begin : begin + DUMP]]
            for table, columns in _TABLES.items():
                copied = [row for each in rows for row in each.get(table, [])]
                await connection.copy_records_to_table(table, records=copied, columns=columns)
        learned = store.search.spelled(word for each in called for word in search.words_of(each))
        spelled = list(zip(learned["words"], learned["latin"], learned["bones"], strict=True))
        await connection.copy_records_to_table("search_words", records=spelled, columns=("word", "latin", "bones"))
        await connection.execute(index)
        await connection.execute("VACUUM ANALYZE")
        return draw.sample(called, min(len(called), 20_000))
    finally:
        await connection.close()


def _jsonb(written: str) -> bytes:
    return b"\x01" + written.encode()


async def _networks(connection: Any, now: datetime, draw: random.Random) -> list[UUID]:
    """Networks without their members, of which each contact point tells itself."""
    columns = ("id", "reference", "country", "state", "searchable", "whole", "beside", "version", "recorded_at")
    made = [uuid4() for _ in range(NETWORKS)]
    rows = []
    for number, id_ in enumerate(made):
        whole = {"name": {"en": f"Network {number}"}, "kind": "professional", "state": "active", "domain": draw.sample(CRIMES, 2)}
        rows.append((id_, f"n-{number}", None, "active", f"network {number}", json.dumps(whole | {"members": []}), "{}", 1, now))
    await connection.copy_records_to_table("networks", records=rows, columns=columns)
    return made


def _rows(called: str, networks: list[UUID], now: datetime, draw: random.Random) -> Rows:
    """An authority, its contact point, and all that is kept of them."""
    country, kind = draw.choice(COUNTRIES), draw.choice(KINDS)
    at, point, person = uuid4(), uuid4(), uuid4()
    served, step = _serving(point, at, country, now, draw)
    phone = "+355 4 000 0000" if draw.random() < 0.02 else None
    entries = (
        search.Entry(at, "authority", (called,), (f"a-{at}",), country, kind, (), gone=False),
        search.Entry(point, "contact_point", (called,), (), country, kind, served["specialisations"], gone=served["state"] == "ended"),
    )
    said = json.dumps({"en": called}, ensure_ascii=False)
    rows: Rows = {
        "authorities": [(at, f"a-{at}", said, kind, country, "Europe/Tirane", ["en"], phone, search.norm(called), 1, now)],
        "competences": [*_competences(at, country, now, draw)],
        "persons": [(person, country, 1, 0, now)],
        "contact_points": [(point, person, country, "country", *(served[name] for name in _TABLES["contact_points"][4:]))],
        "contact_point_steps": [step],
        "search_entries": [
            (each.id, each.kind, each.norm, [*search.words_of(called), *each.marks], each.gone, search.VERSION) for each in entries
        ],
    }
    if draw.random() < MEMBER:
        rows["memberships"] = [(draw.choice(networks), point, country, draw.choice(("member", "correspondent")), now.date())]
    return rows


def _competences(at: UUID, country: str, now: datetime, draw: random.Random) -> Iterator[tuple[Any, ...]]:
    if draw.random() < 0.5:
        crimes, measures = draw.sample(CRIMES, draw.randrange(4)), draw.sample(MEASURES, draw.randrange(4))
        yield uuid4(), at, country, crimes, measures, [], [], (now - timedelta(days=900)).date(), "declared", 1, now


def _serving(point: UUID, at: UUID, country: str, now: datetime, draw: random.Random) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """How a contact point stands, and the step that led there."""
    state = draw.choices(list(STATES), weights=list(STATES.values()))[0]
    verified = None if state == "designated" else now - timedelta(days=draw.randrange(1, 500))
    step = verified or now - timedelta(days=400)
    since = (now - timedelta(days=draw.randrange(500, 900))).date()
    served = {
        "specialisations": tuple(draw.sample(CRIMES, draw.choice((0, 1, 1, 2)))),
        "languages": '[{"code": "en", "level": "good"}]',
        "state": state,
        "version": 3,
        "recorded_at": step,
        "authority": at,
        "duty": "24x7" if draw.random() < 0.03 else "office_hours",
        "valid_from": since,
        "valid_to": now.date() if state == "ended" else None,
        "verified_at": verified,
        "due": (now + timedelta(days=draw.randrange(-10, 20))).date() if state == "verification_due" else None,
    }
    told = {**served, "id": str(point), "country": country, "appointing_kind": "country", "languages": [{"code": "en", "level": "good"}]}
    return served, (point, 3, uuid4(), "contacts.contact_point.verified.v1", step, step, json.dumps(told, default=str))
