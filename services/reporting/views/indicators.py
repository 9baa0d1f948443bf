# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""The indicators as data: a figure and its evidence are the same select (`indicators.md`)."""

from services.reporting.domain import Indicator

KNOWN = """
WITH known AS (
    SELECT f.id, f.source, f.type, f.subject, f.aggversion, f.country, f.data, f.topic,
        coalesce((SELECT c.time FROM facts c WHERE c.corrects = f.id AND c.source = f.source AND c.subject = f.subject
            AND c.type LIKE '%.corrected.v_' AND c.recordedtime <= :asof AND c.mode <> 'exercise'
            ORDER BY c.aggversion DESC LIMIT 1), f.time) AS time
    FROM facts f
    WHERE f.topic = ANY(:topics) AND f.recordedtime <= :asof AND f.mode <> 'exercise' AND f.type NOT LIKE '%.retracted.v_'
        AND NOT EXISTS (SELECT FROM facts r WHERE r.corrects = f.id AND r.source = f.source AND r.subject = f.subject
            AND r.type LIKE '%.retracted.v_' AND r.recordedtime <= :asof AND r.mode <> 'exercise')
)"""

INSTRUMENTS = (
    KNOWN
    + """, steps AS (
    SELECT k.*, coalesce((data->>'on')::date, (data->>'stated_as_of')::date)::timestamp AT TIME ZONE 'UTC' AS effective
    FROM known k WHERE topic = 'partners.instrument.v1'
), state AS (
    SELECT DISTINCT ON (source, subject) * FROM steps WHERE effective < :t1 ORDER BY source, subject, aggversion DESC
), party AS (
    SELECT DISTINCT ON (subject) subject, data->>'kind' AS kind, data->>'country' AS country
    FROM known WHERE topic = 'partners.partner.v1' ORDER BY subject, aggversion DESC
), stated AS (
    SELECT * FROM state s
    WHERE (data->>'valid_to' IS NULL OR ((data->>'valid_to')::date + 1)::timestamp AT TIME ZONE 'UTC' >= :t1)
        AND ((CAST(:participant AS text) IS NULL AND CAST(:partner_kind AS text) IS NULL) OR EXISTS (
            SELECT FROM party p WHERE s.data->'parties' ? CAST(p.subject AS text)
            AND (CAST(:participant AS text) IS NULL OR p.country = :participant)
            AND (CAST(:partner_kind AS text) IS NULL OR p.kind = :partner_kind)))
)
"""
)
INSTRUMENT_TOPICS = ["partners.instrument.v1", "partners.partner.v1"]
AGREEMENTS = "data->>'kind' IN ('international_agreement', 'cooperation_agreement_pre2019')"
ARRANGEMENTS = "data->>'kind' IN ('working_arrangement_strategic', 'working_arrangement_implementing')"

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
POINT_TOPICS = ["contacts.contact_point.v1", "contacts.authority.v1"]
_ROW = "SELECT id AS event_id, type, subject, time, CAST(subject AS text) AS counted"


def _instruments(where: str) -> str:
    return f"{INSTRUMENTS} {_ROW} FROM stated WHERE {where}"


def _types(*steps: str) -> str:
    return "type IN (" + ", ".join(f"'partners.instrument.{step}.v1'" for step in steps) + ")"


_DESIGNATED = f"{POINTS} {_ROW} FROM designated"
_FRESH = f"""{POINTS}
SELECT DISTINCT ON (d.source, d.subject) v.id AS event_id, v.type, v.subject, v.time, CAST(v.subject AS text) AS counted
FROM designated d JOIN points v ON v.source = d.source AND v.subject = d.subject
WHERE v.type = 'contacts.contact_point.verified.v1' AND v.time >= CAST(:t1 AS timestamptz) - interval '180 days'
ORDER BY d.source, d.subject, v.aggversion DESC"""
_BY_COUNTRY = f"{POINTS} SELECT id AS event_id, type, subject, time, of_country AS counted FROM designated WHERE of_country IS NOT NULL"
_BY_BRANCH = f"""{POINTS}
SELECT d.id AS event_id, d.type, d.subject, d.time,
    CASE WHEN a.kind IN ('court', 'council_judiciary') THEN 'judiciary' ELSE a.kind END AS counted
FROM designated d JOIN authority a ON a.subject = d.authority
WHERE a.kind IN ('ministry_justice', 'prosecutor_general', 'court', 'council_judiciary')"""

ALL = {
    each.code: each
    for each in (
        Indicator(
            "iP1",
            {"en": "Agreements in force", "fr": "Accords en vigueur", "ar": "الاتفاقات النافذة"},
            "instruments in force at t1, of the kinds that let personal data flow",
            {"numerator": _instruments(f"{_types('entered_into_force', 'resumed')} AND {AGREEMENTS}")},
        ),
        Indicator(
            "iP2",
            {"en": "Mandates to negotiate", "fr": "Mandats de négociation", "ar": "تفويضات التفاوض"},
            "mandate granted and agreement not concluded at t1",
            {"numerator": _instruments(f"{_types('mandate_granted', 'negotiation_opened')} AND {AGREEMENTS}")},
        ),
        Indicator(
            "iP3",
            {"en": "Agreements proposed", "fr": "Accords proposés", "ar": "الاتفاقات المقترحة"},
            "agreements proposed, without a mandate, at t1",
            {"numerator": _instruments(f"{_types('proposed', 'mandate_requested')} AND {AGREEMENTS}")},
        ),
        Indicator(
            "iP7",
            {"en": "Working arrangements", "fr": "Arrangements de travail", "ar": "ترتيبات العمل"},
            "working arrangements signed at t1",
            {"numerator": _instruments(f"{_types('signed', 'entered_into_force', 'resumed')} AND {ARRANGEMENTS}")},
        ),
        Indicator(
            "iP8",
            {"en": "Reach", "fr": "Portée", "ar": "نطاق الوصول"},
            "distinct countries with at least one designated contact point at t1",
            {"numerator": _BY_COUNTRY},
            needs_coverage=True,
        ),
        Indicator(
            "iA7",
            {"en": "Contact-point coverage", "fr": "Couverture des points de contact", "ar": "تغطية نقاط الاتصال"},
            "of ministry of justice, prosecutor general and judiciary, those with a designated contact point at t1 / 3",
            {"numerator": _BY_BRANCH},
            unit="share",
            denominator=3,
            needs_coverage=True,
            needs_country=True,
        ),
        Indicator(
            "iA8",
            {"en": "Freshness of contact points", "fr": "Fraîcheur des points de contact", "ar": "حداثة نقاط الاتصال"},
            "designated contact points verified in the 180 days before t1 / designated contact points",
            {"numerator": _FRESH, "denominator": _DESIGNATED},
            unit="share",
            needs_coverage=True,
        ),
    )
}


def topics_of(indicator: Indicator) -> list[str]:
    """The topics its facts come from."""
    return INSTRUMENT_TOPICS if indicator.code.startswith("iP") and not indicator.needs_coverage else POINT_TOPICS
