"""Coordination centres (`indicators.md` iEJ5, iEJ8): counted by the moment they were opened."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import ROW, newest

OPENED = newest(
    "operations.centre.v1",
    "opened",
    "operations.centre.opened.v1",
    "operations.centre.closed.v1",
    "operations.centre.corrected.v1",
    "operations.centre.retracted.v1",
)
_ALL = f"{OPENED} {ROW} FROM within"

centres = partial(
    Indicator,
    topics=("operations.centre.v1",),
    filters=frozenset({"country", "participant", "crime_type"}),
    over="period",
    needs_coverage=True,
    # Types of centres have no code of their own; a year's total can be published where its types are not.
    by_crime_type="iEJ5(c)",
)

INDICATORS = (
    centres(
        "iEJ5",
        {"en": "Coordination centres", "fr": "Centres de coordination", "ar": "مراكز التنسيق"},
        "coordination centres opened in the period",
        {"numerator": _ALL},
        says=("record",),
    ),
    centres(
        "iEJ8",
        {"en": "Share of economic crime", "fr": "Part de la criminalité économique", "ar": "حصة الجرائم الاقتصادية"},
        "coordination centres about any type of economic crime / coordination centres opened in the period",
        {"numerator": f"{_ALL} WHERE data->'crime_types' ?| CAST(:crime_group AS text[])", "denominator": _ALL},
        unit="share",
        crime_group="economic-crime",
        says=("more than half",),
    ),
)
