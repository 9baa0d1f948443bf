# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""What was agreed with partners (`indicators.md` iP1-iP3, iP7): states at the end of the period."""

from functools import partial

from services.reporting.domain import Indicator
from services.reporting.views.indicators.known import KNOWN, ROW

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
TOPICS = ("partners.instrument.v1", "partners.partner.v1")
FILTERS = frozenset({"participant", "partner_kind"})
AGREEMENTS = "data->>'kind' IN ('international_agreement', 'cooperation_agreement_pre2019')"
ARRANGEMENTS = "data->>'kind' IN ('working_arrangement_strategic', 'working_arrangement_implementing')"


def _instruments(where: str) -> str:
    return f"{INSTRUMENTS} {ROW} FROM stated WHERE {where}"


def types(*steps: str) -> str:
    """One of these steps of an instrument."""
    return "type IN (" + ", ".join(f"'partners.instrument.{step}.v1'" for step in steps) + ")"


instruments = partial(Indicator, topics=TOPICS, filters=FILTERS)

INDICATORS = (
    instruments(
        "iP1",
        {"en": "Agreements in force", "fr": "Accords en vigueur", "ar": "الاتفاقات النافذة"},
        "instruments in force at t1, of the kinds that let personal data flow",
        {"numerator": _instruments(f"{types('entered_into_force', 'resumed')} AND {AGREEMENTS}")},
    ),
    instruments(
        "iP2",
        {"en": "Mandates to negotiate", "fr": "Mandats de négociation", "ar": "تفويضات التفاوض"},
        "mandate granted and agreement not concluded at t1",
        {"numerator": _instruments(f"{types('mandate_granted', 'negotiation_opened')} AND {AGREEMENTS}")},
    ),
    instruments(
        "iP3",
        {"en": "Agreements proposed", "fr": "Accords proposés", "ar": "الاتفاقات المقترحة"},
        "agreements proposed, without a mandate, at t1",
        {"numerator": _instruments(f"{types('proposed', 'mandate_requested')} AND {AGREEMENTS}")},
    ),
    instruments(
        "iP7",
        {"en": "Working arrangements", "fr": "Arrangements de travail", "ar": "ترتيبات العمل"},
        "working arrangements signed at t1",
        {"numerator": _instruments(f"{types('signed', 'entered_into_force', 'resumed')} AND {ARRANGEMENTS}")},
    ),
)
