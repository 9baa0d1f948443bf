# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Operations and task forces (`indicators.md` iD1-iD4): every fact carries the whole operation, what is certified included."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import ROW, newest

TYPES = (
    "operations.operation.launched.v1",
    "operations.operation.suspended.v1",
    "operations.operation.resumed.v1",
    "operations.operation.agency_joined.v1",
    "operations.operation.agency_left.v1",
    "operations.operation.result_reported.v1",
    "operations.operation.result_certified.v1",
    "operations.operation.result_corrected.v1",
    "operations.operation.completed.v1",
    "operations.operation.evaluated.v1",
    "operations.operation.corrected.v1",
    "operations.operation.retracted.v1",
)
LAUNCHED = newest("operations.operation.v1", "launched", *TYPES)
COMPLETED = newest("operations.operation.v1", "ended", *TYPES)
_KIND = "(CAST(:kind AS text) IS NULL OR data->>'kind' = :kind)"
_COMPLETED = f"{COMPLETED} {ROW} FROM within WHERE {_KIND}"
_EVALUATED = f"""{_COMPLETED}
    AND (data->>'evaluated')::timestamptz <= (data->>'ended')::timestamptz + interval '180 days'"""
_BREADTH = f"""{COMPLETED} {ROW}, (SELECT count(DISTINCT agency->>'institution_kind') FROM jsonb_array_elements(data->'agencies') AS agency)
AS amount FROM within WHERE {_KIND}"""
_RESULTS = f"""{COMPLETED} SELECT id AS event_id, type, subject, time, CAST(result->>'total' AS bigint) AS amount,
    concat_ws(' ', subject, result->>'country', result->>'measure_kind', result->>'action_day_ref') AS counted
FROM within, jsonb_array_elements(data->'results') AS result
WHERE {_KIND} AND result->>'measure_kind' = :measure_kind
    AND (CAST(:participant AS text) IS NULL OR result->>'country' = :participant)"""

operations = partial(
    Indicator,
    topics=("operations.operation.v1",),
    filters=frozenset({"country", "participant", "crime_type", "kind"}),
    over="period",
    needs_coverage=True,
)

INDICATORS = (
    operations(
        "iD1",
        {"en": "Operations launched", "fr": "Opérations lancées", "ar": "العمليات التي أُطلقت"},
        "operations and task forces launched in the period",
        {"numerator": f"{LAUNCHED} {ROW} FROM within WHERE {_KIND}"},
        by_crime_type="iD1",
    ),
    operations(
        "iD2",
        {"en": "Operations evaluated", "fr": "Opérations évaluées", "ar": "العمليات التي جرى تقييمها"},
        "operations completed in the period and evaluated within 180 days / operations completed in the period",
        {"numerator": _EVALUATED, "denominator": _COMPLETED},
        unit="share",
        by_crime_type="iD2",
    ),
    operations(
        "iD3",
        {"en": "Breadth of agencies", "fr": "Diversité des services", "ar": "تنوع الأجهزة"},
        "median over operations completed in the period of how many kinds of institution took part at the end",
        {"numerator": _BREADTH},
        reduced_by="median",
        by_crime_type="iD3",
    ),
    operations(
        "iD4",
        {"en": "Certified results", "fr": "Résultats certifiés", "ar": "النتائج المصدَّق عليها"},
        "sum over operations completed in the period of what the countries certified last, of one kind of measure",
        {"numerator": _RESULTS},
        filters=frozenset({"country", "participant", "crime_type", "kind", "measure_kind"}),
        reduced_by="sum",
        needs_measure_kind=True,
        by_crime_type="iD4",
    ),
)
