# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Whom one can ask (`indicators.md` iP8, iA7, iA8): states at the end of the period."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN, ROW

POINTS = (
    KNOWN
    + """, points AS (SELECT * FROM known WHERE topic = 'contacts.contact_point.v1' AND time < :t1
), serving AS (
    SELECT DISTINCT ON (d.source, d.subject) d.*,
        coalesce(d.country, (SELECT n.country FROM points n WHERE n.source = d.source AND n.subject = d.subject
            AND n.country IS NOT NULL ORDER BY n.aggversion DESC LIMIT 1)) AS of_country,
        (SELECT u.data->>'authority_ref' FROM points u WHERE u.source = d.source AND u.subject = d.subject
            AND u.data ? 'authority_ref' ORDER BY u.aggversion DESC LIMIT 1) AS authority
    FROM points d
    WHERE d.type = 'contacts.contact_point.designated.v1' AND NOT EXISTS (
        SELECT FROM points e WHERE e.source = d.source AND e.subject = d.subject
        AND e.type = 'contacts.contact_point.ended.v1' AND e.aggversion > d.aggversion)
    ORDER BY d.source, d.subject, d.aggversion DESC
), authority AS (
    SELECT DISTINCT ON (subject) CAST(subject AS text) AS subject, data->>'kind' AS kind
    FROM known WHERE topic = 'contacts.authority.v1' ORDER BY subject, aggversion DESC
), designated AS (SELECT * FROM serving WHERE CAST(:country AS text) IS NULL OR of_country = :country)
"""
)
TOPICS = ("contacts.contact_point.v1", "contacts.authority.v1")
FILTERS = frozenset({"country"})
_DESIGNATED = f"{POINTS} {ROW} FROM designated"
_FRESH = f"""{POINTS}
SELECT DISTINCT ON (d.source, d.subject) v.id AS event_id, v.type, v.subject, v.time, CAST(v.subject AS text) AS counted
FROM designated d JOIN points v ON v.source = d.source AND v.subject = d.subject
WHERE v.type = 'contacts.contact_point.verified.v1' AND v.time >= CAST(:t1 AS timestamptz) - interval '180 days'
ORDER BY d.source, d.subject, v.aggversion DESC"""
_DORMANT = f"""{POINTS}
{ROW} FROM designated d WHERE NOT EXISTS (SELECT FROM points a WHERE a.source = d.source AND a.subject = d.subject
    AND a.time >= CAST(:t1 AS timestamptz) - interval '365 days' AND a.type IN ('contacts.contact_point.nominated.v1',
        'contacts.contact_point.designated.v1', 'contacts.contact_point.updated.v1', 'contacts.contact_point.verified.v1',
        'contacts.contact_point.absence_noted.v1'))"""
_BY_COUNTRY = f"{POINTS} SELECT id AS event_id, type, subject, time, of_country AS counted FROM designated WHERE of_country IS NOT NULL"
_BY_BRANCH = f"""{POINTS}
SELECT d.id AS event_id, d.type, d.subject, d.time,
    CASE WHEN a.kind IN ('court', 'council_judiciary') THEN 'judiciary' ELSE a.kind END AS counted
FROM designated d JOIN authority a ON a.subject = d.authority
WHERE a.kind IN ('ministry_justice', 'prosecutor_general', 'court', 'council_judiciary')"""

contact_points = partial(Indicator, topics=TOPICS, filters=FILTERS, needs_coverage=True)

INDICATORS = (
    contact_points(
        "iP8",
        {"en": "Reach", "fr": "Portée", "ar": "نطاق الوصول"},
        "distinct countries with at least one designated contact point at t1",
        {"numerator": _BY_COUNTRY},
    ),
    contact_points(
        "iA7",
        {"en": "Contact-point coverage", "fr": "Couverture des points de contact", "ar": "تغطية نقاط الاتصال"},
        "of ministry of justice, prosecutor general and judiciary, those with a designated contact point at t1 / 3",
        {"numerator": _BY_BRANCH},
        unit="share",
        denominator=3,
        needs_country=True,
    ),
    contact_points(
        "iA8",
        {"en": "Freshness of contact points", "fr": "Fraîcheur des points de contact", "ar": "حداثة نقاط الاتصال"},
        "designated contact points verified in the 180 days before t1 / designated contact points",
        {"numerator": _FRESH, "denominator": _DESIGNATED},
        unit="share",
    ),
    contact_points(
        "iA8d",
        {"en": "Dormant contact points", "fr": "Points de contact dormants", "ar": "نقاط الاتصال الخاملة"},
        "designated contact points of which nothing was heard in the 365 days before t1 / designated contact points",
        {"numerator": _DORMANT, "denominator": _DESIGNATED},
        unit="share",
    ),
)
