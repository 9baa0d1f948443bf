# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Meetings that took place (`indicators.md` iEJ1-iEJ4, iA1, iA2, iA9): counted by the moment they began."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import ROW, newest

TOPICS = ("meetings.meeting.v1",)
FILTERS = frozenset({"country", "participant", "crime_type"})
TYPES = tuple(f"meetings.meeting.{step}.v1" for step in ("held", "reclassified", "corrected", "retracted"))
HELD = (
    newest("meetings.meeting.v1", "started", *TYPES)
    + """, present AS (
    SELECT DISTINCT ON (source, subject) * FROM facts
    WHERE topic = 'meetings.meeting.v1' AND recordedtime <= :asof AND mode <> 'exercise'
        AND type IN ('meetings.meeting.attendance_recorded.v1', 'meetings.meeting.retracted.v1')
    ORDER BY source, subject, aggversion DESC
)"""
)
_CASE = f"{HELD} {ROW} FROM within WHERE data->>'kind' = 'coordination_case'"
_NATIONAL = f"{HELD} {ROW} FROM within WHERE data->>'kind' = 'national_coordination'"
_PAIRS = f"""{HELD} SELECT id AS event_id, type, subject, time, CAST(subject AS text) || ' ' || c AS counted
FROM within, jsonb_array_elements_text(data->'countries') AS c WHERE data->>'kind' = 'coordination_case'"""
_BRANCHES = f"""{HELD}, branch(name) AS (VALUES ('judge'), ('prosecutor'), ('law_enforcement'), ('police'))
SELECT h.id AS event_id, h.type, h.subject, h.time, CAST(h.subject AS text) || ' ' || b.name AS counted
FROM within h CROSS JOIN branch b"""
_PRESENT = f"""{_BRANCHES} JOIN present p ON p.source = h.source AND p.subject = h.subject
WHERE h.data->>'kind' = 'national_coordination' AND CAST(p.data->'categories'->>b.name AS int) > 0"""
_EXTERNAL = f"""{HELD} SELECT h.id AS event_id, h.type, h.subject, h.time, CAST(h.subject AS text) AS counted
FROM within h JOIN present p ON p.source = h.source AND p.subject = h.subject
WHERE h.data->>'kind' = 'national_coordination'
    AND (CAST(p.data->'categories'->>'liaison' AS int) > 0 OR jsonb_array_length(p.data->'organisations') > 0)"""

meetings = partial(Indicator, topics=TOPICS, filters=FILTERS, over="period", needs_coverage=True)

INDICATORS = (
    meetings(
        "iEJ1",
        {"en": "Coordination meetings", "fr": "Réunions de coordination", "ar": "اجتماعات التنسيق"},
        "coordination meetings on a case that began in the period",
        {"numerator": _CASE},
        by_crime_type="iEJ3",
    ),
    meetings(
        "iEJ2",
        {"en": "Countries taking part", "fr": "Participations de pays", "ar": "مشاركات الدول"},
        "pairs of a coordination meeting and a country that took part; they do not add up to meetings",
        {"numerator": _PAIRS},
        by_crime_type="iEJ2",
    ),
    meetings(
        "iEJ3",
        {"en": "Coordination meetings by crime type", "fr": "Réunions par type de criminalité", "ar": "الاجتماعات حسب نوع الجريمة"},
        "coordination meetings that began in the period and were about any of the crime types asked for; types overlap, never add them up",
        {"numerator": _CASE},
        by_crime_type="iEJ3",
        needs_crime_type=True,
    ),
    meetings(
        "iEJ4",
        {"en": "Growth by crime type", "fr": "Croissance par type de criminalité", "ar": "النمو حسب نوع الجريمة"},
        "100 * (meetings of the period - meetings of the same period a year before) / meetings of the year before, both as known at asof",
        {"numerator": _CASE, "base": _CASE},
        unit="percent",
        says=("more than doubled",),
        by_crime_type="iEJ3",
        needs_crime_type=True,
    ),
    meetings(
        "iA1",
        {"en": "National coordination meetings", "fr": "Réunions nationales de coordination", "ar": "اجتماعات التنسيق الوطنية"},
        "national coordination meetings that began in the period",
        {"numerator": _NATIONAL},
        by_crime_type="iA1",
    ),
    meetings(
        "iA2",
        {"en": "Professions present", "fr": "Professions représentées", "ar": "المهن الحاضرة"},
        "of judge, prosecutor, law enforcement and police, those present at national coordination meetings / 4 for each meeting",
        {"numerator": _PRESENT, "denominator": f"{_BRANCHES} WHERE h.data->>'kind' = 'national_coordination'"},
        unit="share",
        by_crime_type="iA1",
    ),
    meetings(
        "iA9",
        {"en": "Liaison and others present", "fr": "Présence de magistrats de liaison et d’autres", "ar": "حضور قضاة الاتصال وغيرهم"},
        "national coordination meetings with a liaison magistrate or another authority present / national coordination meetings",
        {"numerator": _EXTERNAL, "denominator": _NATIONAL},
        unit="share",
        by_crime_type="iA1",
    ),
)
