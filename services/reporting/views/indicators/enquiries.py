# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""Enquiries between countries (`indicators.md` iK1, iK2, iK4; M4, B7, PA-29): those opened in the period, as far as they are known.

`country` is the one that is asked, whose achievement an answer is; `participant` is the one that asks. Of an enquiry's working time
its own facts tell, in the working time of whoever was asked.
"""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN, ROW

TOPICS = ("contacts.enquiry.v1",)


def _types(*steps: str) -> str:
    return "type IN (" + ", ".join(f"'contacts.enquiry.{step}.v1'" for step in steps) + ")"


def _asked(whose: str = "country", towards: str = "participant") -> str:
    """Enquiries that went to somebody; `whose` of the question is asked, `towards` asks. One nobody waits for any more tells nothing."""
    return f"""{KNOWN}, asked AS (
    SELECT o.id, o.source, o.type, o.subject, o.time, o.data->>'to_country' AS {whose}, o.data->>'from_country' AS {towards}
    FROM known o WHERE o.{_types("opened")}
        AND (o.data->>'opened')::timestamptz >= :t0 AND (o.data->>'opened')::timestamptz < :t1
        AND (CAST(:{whose} AS text) IS NULL OR o.data->>'to_country' = :{whose})
        AND (CAST(:{towards} AS text) IS NULL OR o.data->>'from_country' = :{towards})
        AND (CAST(:channel AS text) IS NULL OR o.data->>'channel' = :channel)
        AND (CAST(:crime_types AS text[]) IS NULL OR o.data->'crime_types' ?| CAST(:crime_types AS text[]))
        AND (o.source, o.subject) IN (SELECT source, subject FROM known WHERE {_types("routed", "escalated")})
        AND (o.source, o.subject) NOT IN (SELECT source, subject FROM known WHERE {_types("withdrawn")})
)"""


def _first(*steps: str) -> str:
    """The first of these steps of each enquiry."""
    return f"""first AS (
    SELECT DISTINCT ON (source, subject) * FROM known WHERE {_types(*steps)} ORDER BY source, subject, aggversion
)"""


def _taken(*steps: str) -> str:
    """How many working minutes it took from the opening to the first of these steps."""
    return f"""{_asked()}, {_first(*steps)}
SELECT f.id AS event_id, f.type, f.subject, f.time, CAST(f.subject AS text) AS counted, a.country, a.participant,
    CAST(f.data->>'working_minutes' AS bigint) AS amount
FROM asked a JOIN first f USING (source, subject) WHERE f.data ? 'working_minutes'"""


def _answered(whose: str = "country", towards: str = "participant") -> str:
    """Those that were answered, by the very answer."""
    return f"""{_asked(whose, towards)}, {_first("answered")}
SELECT f.id AS event_id, f.type, f.subject, f.time, CAST(f.subject AS text) AS counted, a.country, a.participant
FROM asked a JOIN first f USING (source, subject)"""


_OPENED = f"{_asked()} {ROW}, country, participant FROM asked"
_UNANSWERED = f"""{_OPENED} WHERE (source, subject) NOT IN (SELECT source, subject FROM known WHERE {_types("answered", "refused")})"""
_HEARD = _taken("acknowledged", "answered", "refused")
_REPLIED = _taken("answered")
_SENT = "enquiries opened in the period that went to somebody and were not withdrawn"

enquiries = partial(
    Indicator,
    topics=TOPICS,
    filters=frozenset({"country", "participant", "crime_type", "channel"}),
    over="period",
    needs_coverage=True,
    by_pair=True,
)
# Minutes are told; sixty of them are an hour.
hours = partial(enquiries, unit="hours", denominator=60)

INDICATORS = (
    hours(
        "iK1",
        {"en": "Time to acknowledge", "fr": "Délai d’accusé de réception", "ar": "مدة الإقرار بالاستلام"},
        f"median over {_SENT} of the working hours, as those who are asked work, until it was first acknowledged, answered or refused",
        {"numerator": _HEARD},
        reduced_by="median",
        by_crime_type="iK1",
    ),
    hours(
        "iK1p",
        {"en": "Time to acknowledge, nine in ten", "fr": "Délai d’accusé, neuf sur dix", "ar": "مدة الإقرار، تسعة من عشرة"},
        f"90th percentile over {_SENT} of the working hours until it was first acknowledged, answered or refused",
        {"numerator": _HEARD},
        reduced_by="p90",
        by_crime_type="iK1p",
    ),
    hours(
        "iK2",
        {"en": "Time to answer", "fr": "Délai de réponse", "ar": "مدة الرد"},
        f"median over {_SENT} of the working hours, as those who are asked work, until it was answered",
        {"numerator": _REPLIED},
        reduced_by="median",
        by_crime_type="iK2",
    ),
    hours(
        "iK2p",
        {"en": "Time to answer, nine in ten", "fr": "Délai de réponse, neuf sur dix", "ar": "مدة الرد، تسعة من عشرة"},
        f"90th percentile over {_SENT} of the working hours until it was answered",
        {"numerator": _REPLIED},
        reduced_by="p90",
        by_crime_type="iK2p",
    ),
    enquiries(
        "iK2u",
        {"en": "Unanswered enquiries", "fr": "Demandes sans réponse", "ar": "استفسارات بلا رد"},
        f"{_SENT} and neither answered nor refused by asof / {_SENT}",
        {"numerator": _UNANSWERED, "denominator": _OPENED},
        unit="share",
        by_crime_type="iK2u",
    ),
    enquiries(
        "iK4",
        {"en": "Balance of answers", "fr": "Solde des réponses", "ar": "ميزان الردود"},
        f"of {_SENT}: those that the country answered for the participant - those that the participant answered for the country",
        {"numerator": _answered(), "denominator": _answered("participant", "country")},
        unit="balance",
        needs_country=True,
        by_crime_type="iK4",
    ),
    enquiries(
        "iK4r",
        {"en": "Rate of answers", "fr": "Taux de réponse", "ar": "معدل الردود"},
        f"of {_SENT}: those that the country answered for the participant / those that the participant asked of the country",
        {"numerator": _answered(), "denominator": _OPENED},
        unit="share",
        by_crime_type="iK4r",
    ),
)
