# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Practical tools (`indicators.md` iB1-iB3): in use and up to date at the end of the period, and used within it."""

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN, ROW

TOPICS = ("capacity.tool.v1",)
_ADOPTED = f"""{KNOWN}
SELECT k.id AS event_id, k.type, k.subject, k.time, substr(m, 1, 3) AS counted
FROM known k, jsonb_array_elements_text(k.data->'measures') AS m
WHERE k.type = 'capacity.tool.adopted_nationally.v1' AND k.country = :country AND k.time < :t1 AND m ~ '^B[.][a-h]'"""
BY_MEASURE = f"""{KNOWN}
SELECT k.id AS event_id, CAST(k.subject AS text) AS counted, m AS grouped
FROM known k, jsonb_array_elements_text(k.data->'measures') AS m
WHERE k.type = 'capacity.tool.adopted_nationally.v1' AND k.country = :country AND k.time < :t1"""
"""Tools in use by the measure they serve."""

_OFFERED = f"""{KNOWN}, said AS (
    SELECT DISTINCT ON (source, subject) * FROM known WHERE time < :t1
        AND (CAST(:country AS text) IS NULL OR country IS NULL OR country = :country) AND type IN ('capacity.tool.published.v1',
        'capacity.tool.revised.v1', 'capacity.tool.translated.v1', 'capacity.tool.withdrawn.v1')
    ORDER BY source, subject, aggversion DESC
), offered AS (SELECT * FROM said WHERE type <> 'capacity.tool.withdrawn.v1')"""
_CURRENT = f"""{_OFFERED}
SELECT DISTINCT ON (k.source, k.subject) k.id AS event_id, k.type, k.subject, k.time, CAST(k.subject AS text) AS counted
FROM offered o JOIN known k ON k.source = o.source AND k.subject = o.subject
WHERE k.type IN ('capacity.tool.published.v1', 'capacity.tool.revised.v1')
    AND k.time < :t1 AND k.time >= CAST(:t1 AS timestamptz) - interval '24 months'
ORDER BY k.source, k.subject, k.aggversion DESC"""
# A fact that is taken back leaves its account as active as it was, and an import is told of another time than the one it is typed in.
# Each account stands for itself by its first fact: no evidence says which others are its own.
# Its first moment is looked for before its first fact: sorting every fact of a year would take several times as long.
_ACTED = """
WITH acted AS NOT MATERIALIZED (
    SELECT * FROM facts
    WHERE actor LIKE 'user:%' AND mode = 'live' AND recordedtime >= :t0 AND recordedtime < :t1 AND recordedtime <= :asof
        AND (CAST(:country AS text) IS NULL OR country = :country)
), begun AS (SELECT actor, min(recordedtime) AS recordedtime FROM acted GROUP BY actor)
SELECT DISTINCT ON (actor) id AS event_id, type, subject, time, CAST(id AS text) AS counted
FROM acted JOIN begun USING (actor, recordedtime) ORDER BY actor, id"""
_USED = f"""{KNOWN} {ROW} FROM known WHERE type IN ('contacts.directory.used.v1', 'capacity.tool.used.v1')
    AND time >= :t0 AND time < :t1 AND (CAST(:country AS text) IS NULL OR country = :country)"""

INDICATORS = (
    Indicator(
        "iB1",
        {"en": "Tools in use", "fr": "Outils utilisés", "ar": "الأدوات المستخدمة"},
        "of the eight groups of tools a to h of Measure B, those of which the country has adopted one by t1 / 8",
        {"numerator": _ADOPTED},
        topics=TOPICS,
        filters=frozenset({"country"}),
        unit="share",
        denominator=8,
        needs_country=True,
        needs_coverage=True,
    ),
    Indicator(
        "iB2",
        {"en": "Tools up to date", "fr": "Outils à jour", "ar": "الأدوات المحدَّثة"},
        "tools on offer at t1, of the country or above countries, published or revised in the 24 months before t1 / tools on offer at t1",
        {"numerator": _CURRENT, "denominator": f"{_OFFERED} {ROW} FROM offered"},
        topics=TOPICS,
        filters=frozenset({"country"}),
        unit="share",
        needs_coverage=True,
    ),
    Indicator(
        "iB3",
        {"en": "Use of directory and tools", "fr": "Utilisation de l’annuaire et des outils", "ar": "استخدام الدليل والأدوات"},
        "uses of the directory and of tools in the period / active accounts: those by which any live fact was recorded in the period, "
        "for the country where one is asked for; whoever only read pages left no fact and is not among them",
        {"numerator": _USED, "denominator": _ACTED},
        topics=("contacts.directory.v1", "capacity.tool.v1"),
        filters=frozenset({"country"}),
        over="period",
        unit="rate",
        needs_coverage=True,
        version=2,
    ),
)
