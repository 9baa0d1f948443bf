# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Liaison postings (`indicators.md` iP5): those that hold at the end of the period, and who has an agreement and none."""

from services.reporting.domain import Indicator
from services.reporting.views.indicators.instruments import AGREEMENTS, INSTRUMENTS, types
from services.reporting.views.indicators.known import ROW

_POSTED = (
    INSTRUMENTS
    + """, posting AS (
    SELECT DISTINCT ON (source, subject) * FROM known WHERE topic = 'contacts.liaison.v1' ORDER BY source, subject, aggversion DESC
), holds AS (
    SELECT * FROM posting WHERE (data->>'valid_from')::date::timestamp AT TIME ZONE 'UTC' < :t1
        AND (data->>'valid_to' IS NULL OR (data->>'valid_to')::date::timestamp AT TIME ZONE 'UTC' >= :t1)
)"""
)
_OURS = f"""{_POSTED} {ROW} FROM holds WHERE (CAST(:country AS text) IS NULL OR country = :country)
    AND (CAST(:participant AS text) IS NULL OR data->>'host' = :participant)"""
_WITHOUT = f"""{_POSTED}, called AS (
    SELECT DISTINCT ON (subject) CAST(subject AS text) AS partner, coalesce(data->>'country', data->>'reference') AS name
    FROM known WHERE topic = 'partners.partner.v1' AND data ? 'kind' ORDER BY subject, aggversion DESC
)
SELECT s.id AS event_id, s.type, s.subject, s.time, c.partner AS counted
FROM stated s JOIN called c ON s.data->'parties' ? c.partner
WHERE {types("entered_into_force", "resumed")} AND {AGREEMENTS}
    AND NOT EXISTS (SELECT FROM holds h WHERE c.name IN (h.data->>'host', h.data->>'from_country', h.data->>'from_organisation'))"""

INDICATORS = (
    Indicator(
        "iP5",
        {"en": "Liaison postings", "fr": "Magistrats et officiers de liaison", "ar": "قضاة وضباط الاتصال"},
        "liaison postings that hold at t1; missing: partners with an agreement in force at t1 and no posting in either direction",
        {"numerator": _OURS, "missing": _WITHOUT},
        topics=("contacts.liaison.v1", "partners.instrument.v1", "partners.partner.v1"),
        filters=frozenset({"country", "participant"}),
        needs_coverage=True,
    ),
)
