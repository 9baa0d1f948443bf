# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""What meetings agreed and what became of it (`indicators.md` iK5), and what interpretation they had of what they needed (iK8).

A decision counts in the period in which it was adopted; a meeting that turns out not to have taken place agreed nothing. Interpretation
counts in the period in which the meeting began.
"""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN
from services.reporting.views.indicators.meetings import HELD

_DECIDED = f"""{KNOWN}, adopted AS (
    SELECT k.*, k.data->>'decision_id' AS decision FROM known k WHERE k.type = 'meetings.decision.adopted.v1'
        AND k.time >= :t0 AND k.time < :t1 AND (CAST(:country AS text) IS NULL OR k.country = :country)
        AND NOT EXISTS (SELECT FROM facts r WHERE r.source = k.source AND r.subject = k.subject AND r.aggversion > k.aggversion
            AND r.type = 'meetings.meeting.retracted.v1' AND r.recordedtime <= :asof AND r.mode <> 'exercise')
)"""
_ROW = "SELECT a.id AS event_id, a.type, a.subject, a.time, a.decision AS counted FROM adopted a"
_ADOPTED = f"{_DECIDED} {_ROW}"


def _fulfilled(in_time_for: str | None = None) -> str:
    """Decisions with at least one action item, all of them verified but for those that nobody need do any more."""
    in_time = f" AND bool_and(CAST(data->>'completed' AS date) <= CAST(data->>'{in_time_for}' AS date))" if in_time_for else ""
    return f"""{_DECIDED}, items AS (
    SELECT DISTINCT ON (source, subject) * FROM known WHERE topic = 'meetings.action_item.v1' ORDER BY source, subject, aggversion DESC
), fulfilled AS (
    SELECT source, data->>'decision_ref' AS decision FROM items WHERE type <> 'meetings.action_item.cancelled.v1'
    GROUP BY 1, 2 HAVING bool_and(type = 'meetings.action_item.verified.v1'){in_time}
) {_ROW} JOIN fulfilled USING (source, decision)"""


# What was last said of each thing that was asked for: a confirmation replaces the one before.
def _pairs(step: str) -> str:
    return f"""{HELD}, support AS (
    SELECT DISTINCT ON (f.source, f.subject, f.data->>'support_id') f.*
    FROM facts f JOIN within h ON h.source = f.source AND h.subject = f.subject
    WHERE f.type = 'meetings.meeting.support_{step}.v1' AND f.recordedtime <= :asof AND f.mode <> 'exercise'
    ORDER BY f.source, f.subject, f.data->>'support_id', f.aggversion DESC
) SELECT s.id AS event_id, s.type, s.subject, s.time, concat_ws(' ', s.data->>'support_id', p->>'from', p->>'to') AS counted
FROM support s, jsonb_array_elements(s.data->'pairs') AS p"""


decisions = partial(
    Indicator,
    topics=("meetings.action_item.v1", "meetings.meeting.v1"),
    filters=frozenset({"country"}),
    over="period",
    unit="share",
    needs_coverage=True,
)

INDICATORS = (
    decisions(
        "iK5",
        {"en": "Decisions fulfilled", "fr": "Décisions exécutées", "ar": "القرارات المنفذة"},
        "decisions adopted in the period that have action items, all of them verified by asof / decisions adopted in the period",
        {"numerator": _fulfilled(), "denominator": _ADOPTED},
    ),
    decisions(
        "iK5o",
        {
            "en": "Decisions fulfilled as first agreed",
            "fr": "Décisions exécutées dans le délai initial",
            "ar": "القرارات المنفذة في الموعد الأول",
        },
        "decisions of iK5 whose action items were all completed by the day that was agreed first / decisions adopted in the period",
        {"numerator": _fulfilled("first_due"), "denominator": _ADOPTED},
    ),
    decisions(
        "iK5d",
        {"en": "Decisions fulfilled in time", "fr": "Décisions exécutées dans les délais", "ar": "القرارات المنفذة في موعدها"},
        "decisions of iK5 whose action items were all completed by the day that was agreed last / decisions adopted in the period",
        {"numerator": _fulfilled("due"), "denominator": _ADOPTED},
    ),
    Indicator(
        "iK8",
        {"en": "Interpretation", "fr": "Interprétation", "ar": "الترجمة الشفوية"},
        "pairs of languages confirmed for meetings that began in the period / pairs of languages requested for them",
        {"numerator": _pairs("confirmed"), "denominator": _pairs("requested")},
        topics=("meetings.meeting.v1",),
        filters=frozenset({"country", "participant", "crime_type"}),
        over="period",
        unit="share",
        needs_coverage=True,
        by_crime_type="iK8",
    ),
)
