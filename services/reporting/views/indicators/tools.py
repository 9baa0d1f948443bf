# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Practical tools in use (`indicators.md` iB1): states at the end of the period."""

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN

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
)
