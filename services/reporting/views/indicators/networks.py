# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Networks of specialists (`indicators.md` iA4-iA6): states at the end of the period."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import OF, ROW, said
from services.reporting.views.indicators.meetings import TYPES

OURS = ("contacts.network.v1", "contacts.domain.v1", "contacts.contact_point.v1")
NETWORKS = (
    # Meetings are folded apart: there are thousands of them, and none of their other facts matter here.
    OF.format(where=f"f.topic IN {OURS}")
    + """, turned AS (
    SELECT DISTINCT ON (source, subject) * FROM known
    WHERE topic = 'contacts.network.v1' AND time < :t1 AND type IN ('contacts.network.founded.v1', 'contacts.network.activated.v1',
        'contacts.network.silent_flagged.v1', 'contacts.network.dissolved.v1')
    ORDER BY source, subject, aggversion DESC
), active AS (
    SELECT *, CAST(subject AS text) AS network FROM turned WHERE type = 'contacts.network.activated.v1'
        AND (CAST(:country AS text) IS NULL OR country IS NULL OR country = :country)
), wanted AS (
    SELECT * FROM known WHERE type = 'contacts.domain.added.v1' AND (data->>'valid_from')::date::timestamp AT TIME ZONE 'UTC' < :t1
        AND (CAST(:country AS text) IS NULL OR country IS NULL OR country = :country)
), """
    + said("meetings.meeting.v1", *TYPES)
    + """, met AS (
    SELECT data->'networks' AS networks, (data->>'started')::timestamptz AS started FROM said
    WHERE type <> 'meetings.meeting.retracted.v1' AND data ? 'networks' AND (data->>'started')::timestamptz < :t1
)"""
)
_WANTED = f"{NETWORKS} SELECT id AS event_id, type, subject, time, data->>'code' AS counted FROM wanted"
_COVERED = f"""{NETWORKS} SELECT a.id AS event_id, a.type, a.subject, a.time, w.data->>'code' AS counted
FROM wanted w JOIN active a ON a.data->'domain' ? (w.data->>'code')"""
_ACTIVE = f"{NETWORKS} {ROW} FROM active"
_REGULAR = f"""{NETWORKS} {ROW} FROM active WHERE data ? 'rhythm' AND EXISTS (
    SELECT FROM met WHERE networks ? network AND started >= CAST(:t1 AS timestamptz) - 1.25 * CAST(active.data->>'rhythm' AS interval))"""
_PAIRS = f"""{NETWORKS} SELECT a.id AS event_id, a.type, a.subject, a.time, a.network || ' ' || b.network AS counted
FROM active a JOIN active b ON a.network < b.network"""
_LINKED = f"""{NETWORKS}, latest AS (
    SELECT DISTINCT ON (source, subject, data->>'other_network') * FROM known
    WHERE type IN ('contacts.network.interconnected.v1', 'contacts.network.disconnected.v1') AND time < :t1
    ORDER BY source, subject, data->>'other_network', aggversion DESC
), linked AS (
    SELECT l.*, CAST(l.subject AS text) AS one, l.data->>'other_network' AS other FROM latest l
    JOIN active a ON a.subject = l.subject JOIN active b ON b.network = l.data->>'other_network'
    WHERE l.type = 'contacts.network.interconnected.v1'
), member AS (
    SELECT DISTINCT ON (source, subject, data->>'member_ref') CAST(subject AS text) AS network, data->>'member_ref' AS member, type
    FROM known WHERE type IN ('contacts.network.membership_granted.v1', 'contacts.network.membership_ended.v1') AND time < :t1
    ORDER BY source, subject, data->>'member_ref', aggversion DESC
), verified AS (
    SELECT DISTINCT CAST(subject AS text) AS point FROM known WHERE type = 'contacts.contact_point.verified.v1'
        AND time < :t1 AND time >= CAST(:t1 AS timestamptz) - interval '12 months'
)
SELECT id AS event_id, type, subject, time, least(one, other) || ' ' || greatest(one, other) AS counted FROM linked l
WHERE EXISTS (SELECT FROM met WHERE networks ? l.one AND networks ? l.other
        AND started >= CAST(:t1 AS timestamptz) - interval '12 months')
    OR EXISTS (SELECT FROM member x JOIN member y USING (member) JOIN verified v ON v.point = member
        WHERE x.network = l.one AND y.network = l.other
        AND x.type = 'contacts.network.membership_granted.v1' AND y.type = 'contacts.network.membership_granted.v1')"""

networks = partial(Indicator, topics=(*OURS, "meetings.meeting.v1"), filters=frozenset({"country"}), unit="share", needs_coverage=True)

INDICATORS = (
    networks(
        "iA4",
        {"en": "Network coverage", "fr": "Couverture par les réseaux", "ar": "التغطية بالشبكات"},
        "priority domains with at least one active network, of the country or above countries, at t1 / priority domains",
        {"numerator": _COVERED, "denominator": _WANTED},
    ),
    networks(
        "iA5",
        {"en": "Regularity of networks", "fr": "Régularité des réseaux", "ar": "انتظام الشبكات"},
        "active networks whose last meeting lies at most 1.25 times their rhythm before t1 / active networks",
        {"numerator": _REGULAR, "denominator": _ACTIVE},
    ),
    networks(
        "iA6",
        {"en": "Interconnection of networks", "fr": "Interconnexion des réseaux", "ar": "ترابط الشبكات"},
        "pairs of active networks that are interconnected and, in the 12 months before t1, met jointly or shared a verified contact "
        "point / pairs of active networks",
        {"numerator": _LINKED, "denominator": _PAIRS},
    ),
)
