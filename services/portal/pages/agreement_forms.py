"""Forms of what a meeting needs and what it agrees: support asked for and confirmed (EJ-05), decisions, and tasks after them (EJ-03)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from textwrap import shorten
from typing import Any

from babel.numbers import get_currency_precision

from services.portal.domain import Json, in_units
from services.portal.pages.contact_point_forms import SERVING, point_option
from services.portal.pages.fields import Field, Option
from services.portal.pages.forms import Form
from services.portal.pages.lookups import Either, Given, Lookup, Query
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

LANGUAGE = re.compile("[a-z]{2,3}")
AMOUNT = re.compile(r"\d{1,12}([.,]\d{1,4})?")
PAIRS_HINT = N_("One pair a line, by the codes of the languages, such as sq > en; by way of a third such as sq > fr > en.")
CONFIRMED_HINT = N_("Left empty: all that were asked for.")
NAMES_NOBODY = N_("In one language at least, and without the name of any person.")


def brief(text: str, most: int = 80) -> str:
    """The beginning of a paragraph, where one line has to do."""
    return shorten(text, most, placeholder=" …")


def _pair(line: str, _: Given) -> Json:
    """`sq > en`, or `sq > fr > en` by way of French; raises `ValueError`."""
    codes = [part.strip().lower() for part in line.replace("->", ">").replace("→", ">").split(">")]
    if not 2 <= len(codes) <= 3 or not all(map(LANGUAGE.fullmatch, codes)):
        raise ValueError("is no pair of languages")
    if len(set(codes)) < len(codes):
        raise ValueError("names a language twice")
    return {"source": codes[0], "target": codes[-1], **({"relay": codes[1]} if len(codes) == 3 else {})}


def _lines(pairs: Sequence[Json]) -> str:
    """Pairs as they are written."""
    return "\n".join(" > ".join(filter(None, (pair["source"], pair["relay"], pair["target"]))) for pair in pairs)


def _cost(text: str, given: Given) -> Json:
    """An amount in whole units of its currency as the owner takes it: in the smallest; raises `ValueError`."""
    currency = given.get("currency")
    if not currency:
        raise ValueError("has no currency")
    exponent = get_currency_precision(currency)
    amount = Decimal(text.replace(",", ".")).scaleb(exponent) if AMOUNT.fullmatch(text) else None
    if amount is None or amount != int(amount):
        raise ValueError("is no amount of this currency")
    return {"amount_minor": int(amount), "currency": currency, "exponent": exponent}


def _of_the_address(visit: Visit, name: str, rows: Sequence[Json]) -> list[Json]:
    """The row that one came from; all of them, where one came from none."""
    return [row for row in rows if row["id"] == visit.filters.get(name)] or list(rows)


def standing(meeting: Json) -> list[Json]:
    """The decisions that hold."""
    return [each for each in meeting["decisions"] if each["superseded_by"] is None]


def _asked_for(visit: Visit, meeting: Json) -> Iterator[Option]:
    """What was asked for, in words that tell one from the other."""
    wording = visit.wording
    for each in _of_the_address(visit, "support", meeting["support"]):
        more = wording.several(map(wording.pair, each["pairs"])) if each["pairs"] else each["note"]
        kind = wording.term("support_kind", each["kind"])
        yield each["id"], f"{kind} – {more}" if more else kind


def _decision(visit: Visit, each: Json) -> Option:
    wording = visit.wording
    return each["id"], f"{wording.term('decision_kind', each['kind'])}{wording.colon} {brief(wording.text(each['text']))}"


def _replaced(visit: Visit, meeting: Json) -> list[Option]:
    return [_decision(visit, each) for each in standing(meeting)]


def _chosen(visit: Visit, meeting: Json) -> list[Option]:
    return [_decision(visit, each) for each in _of_the_address(visit, "decision", standing(meeting))]


def _support(visit: Visit, meeting: Json) -> Given:
    """What was confirmed of it, else what was asked for; nothing while it is not known of which."""
    found = _of_the_address(visit, "support", meeting["support"])
    if len(found) != 1:
        return {}
    each, cost = found[0], found[0]["cost"]
    there = each["pairs"] if each["confirmed"] is None else each["confirmed"]
    paid = {"cost": f"{in_units(cost):f}", "currency": cost["currency"]} if cost else {}
    return {"support": each["id"], "pairs": _lines(there), **paid}


def _text(visit: Visit, meeting: Json) -> Given:
    found = _of_the_address(visit, "decision", standing(meeting))
    return {"decision": found[0]["id"], "text": found[0]["text"]} if len(found) == 1 else {}


def _after(visit: Visit, meeting: Json) -> Given:
    found = _of_the_address(visit, "decision", standing(meeting))
    return {"decision": found[0]["id"]} if len(found) == 1 else {}


def _there(**more: Any) -> Any:
    """Of the country whose task it is, once that is chosen."""

    def asked(_: Visit, __: Json, given: Given) -> Query | None:
        return {"country": given["country"], **more} if given.get("country") else None

    return asked


def _called(kind: str, option: Any) -> Any:
    """An option of one list among those of another: what it is stands before it."""

    def words(visit: Visit, row: Json) -> tuple[str, str]:
        code, name = option(visit, row)
        return code, f"{visit.wording.term('entry_kind', kind)}{visit.wording.colon} {name}"

    return words


def _office(visit: Visit, authority: Json) -> tuple[str, str]:
    return authority["id"], visit.wording.text(authority["name"])


EARLY = N_("Choose the country first, then find who is to do it there.")
OWNERS = Either(
    (
        Lookup("contacts", "/contact-points", _called("contact_point", point_option), _there(state=list(SERVING)), EARLY),
        Lookup("contacts", "/authorities", _called("authority", _office), _there(), EARLY),
    )
)
"""Whoever serves in the country, and its authorities; never by a person's name."""
PAIRS = Field("pairs", "lines", N_("Language pairs"), hint=PAIRS_HINT, reads=_pair)
TEXT = Field("text", "texts", N_("What was agreed"), hint=NAMES_NOBODY, required=True)
OF_THE_MEETING = Field("decision", "choice", N_("Decision"), choices=_chosen, required=True, sent=False)


def _form(operation: str, path: str, title: str, submit: str, *fields: Field, **more: Any) -> Form:
    """One of the forms of a meeting."""
    return Form(f"meetings.{operation}", f"/meetings/{{id}}/{path}", title, submit, fields=fields, **more)


AGREED: Mapping[str, Form] = {
    "support": _form(
        "request_support",
        "support",
        N_("Ask for support"),
        N_("Ask for this"),
        Field("kind", "choice", N_("Kind"), "support_kind", required=True),
        PAIRS,
        Field("booths", "number", N_("Booths")),
        Field("note", "text", N_("Note"), hint=N_("What else matters: at most 200 letters, without the name of any person.")),
        lead=N_("Language pairs and booths are for interpretation alone."),
        steps=("request support",),
        done=N_("Recorded."),
    ),
    "confirm-support": _form(
        "confirm_support",
        "support/{support}/confirm",
        N_("Confirm support"),
        N_("Confirm this"),
        Field("support", "choice", N_("Support"), choices=_asked_for, required=True, sent=False),
        Field("pairs", "lines", N_("Language pairs"), hint=CONFIRMED_HINT, reads=_pair),
        Field("cost", "text", N_("Cost"), hint=N_("In whole units of the currency, such as 840 or 840.50."), reads=_cost),
        Field("currency", "choice", N_("Currency"), choices=lambda visit, _: visit.wording.currencies(), sent=False),
        lead=N_("What is said again replaces what was said before."),
        holds=_support,
        steps=("confirm support",),
        done=N_("Recorded."),
    ),
    "decide": _form(
        "adopt_decision",
        "decisions",
        N_("Adopt a decision"),
        N_("Record this decision"),
        Field("kind", "choice", N_("Kind"), "decision_kind", required=True),
        TEXT,
        Field("supersedes", "choice", N_("In place of"), hint=N_("A decision of this meeting that holds no longer."), choices=_replaced),
        steps=("adopt decision",),
    ),
    "amend": _form(
        "amend_decision",
        "decisions/{decision}/amend",
        N_("Put a decision in other words"),
        N_("Record these words"),
        OF_THE_MEETING,
        TEXT,
        lead=N_("It is the same decision: what takes its place is adopted anew."),
        holds=_text,
        steps=("amend decision",),
        done=N_("Recorded."),
    ),
    "assign": _form(
        "assign_action_item",
        "decisions/{decision}/action-items",
        N_("Give a task"),
        N_("Give this task"),
        OF_THE_MEETING,
        Field("country", "country", N_("Whose task"), required=True),
        Field("text", "texts", N_("What is to be done"), hint=NAMES_NOBODY, required=True),
        Field("due", "day", N_("Due"), hint=N_("A day where it is done."), required=True),
        Field("owner_ref", "looked_up", N_("Who is to do it"), finds=OWNERS),
        holds=_after,
    ),
}
"""By the last part of the address, below the meeting's."""
