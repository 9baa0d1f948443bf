"""Forms of contact points: nominated, designated, verified, away, ended; corrected and taken back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import REASON, Field, Option, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given, Lookup
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

SERVING = ("designated", "verified", "verification_due")
"""States in which a contact point can be turned to."""
THERE = ("nominated", *SERVING, "lapsed", "suspended")
"""States of those that are not over."""
TONGUE = re.compile(r"^([a-z]{2,3})\s+([a-z]+)$")
DATED = frozenset(f"contacts.contact_point.{word}.v1" for word in ("designated", "verified", "ended"))
"""Facts that have a day of their own, which can be corrected."""


def name_of(visit: Visit, point: Json) -> str:
    """A contact point in words: the office where it serves, never the person."""
    at = visit.wording.text(point["authority"]["name"]) if point.get("authority") else visit.wording.say("No authority yet")
    return f"{visit.wording.country(point['country'])} – {at}" if point.get("country") else at


async def _heading(visit: Visit, point: Json) -> Heading:
    """The contact point as it stands, or the Atlas where one is to be made."""
    say = visit.wording.say
    if "id" not in point:
        return Heading("", "atlas", [(say("Atlas"), "atlas")])
    page, name = f"contact-points/{point['id']}", name_of(visit, point)
    trail = [(say("Atlas"), "atlas")]
    if point["country"]:
        trail.append((visit.wording.country(point["country"]), f"atlas/{point['country']}"))
    facts = [
        (say("Present state"), visit.wording.term("contact_point_state", point["state"])),
        (say("Version"), visit.wording.number(point["version"])),
    ]
    return Heading(name, page, [*trail, (name, page)], facts)


def point_option(visit: Visit, point: Json) -> tuple[str, str]:
    """A contact point among others; its reference, or the beginning of its identifier, tells two of one office apart."""
    return point["id"], f"{name_of(visit, point)} · {point['reference'] or point['id'][:8]}"


OFFICES = Lookup(
    "contacts",
    "/authorities",
    option=lambda visit, authority: (authority["id"], visit.wording.text(authority["name"])),
    asked=lambda visit, point, given: {"country": point["country"]},
)
"""The authorities where a contact point may serve."""
OTHERS = Lookup(
    "contacts",
    "/contact-points",
    option=point_option,
    asked=lambda visit, point, given: {"country": point["country"], "state": list(THERE)},
    keep=lambda point, other: bool(other["id"] != point["id"]),
)
"""Those that may stand in for it or follow it."""


def _steps(*types: str) -> Any:
    """Steps that still stand, the newest first: the event, what happened, and when."""

    def found(visit: Visit, point: Json) -> Iterator[Option]:
        for step in reversed(point["history"]):
            if not step["retracted_at"] and not step["type"].endswith(".retracted.v1") and (not types or step["type"] in types):
                yield step["event_id"], visit.wording.term("event", step["type"]), visit.wording.day(step["time"])

    return found


def _spoken(text: str) -> list[dict[str, str]]:
    """`sq native; en c1`; what cannot be read is left to the owner to refuse."""
    words = [part.strip() for part in text.split(";") if part.strip()]
    read = [TONGUE.match(word) for word in words]
    return [
        {"code": found[1], "level": found[2]} if found else {"code": word, "level": ""} for word, found in zip(words, read, strict=True)
    ]


def _with_languages(body: dict[str, Any], _: Json) -> Json:
    return body | {"languages": _spoken(body.get("languages", ""))}


PERSON = ("family_name", "given_name", "email", "phone", "language")


def _nomination(body: dict[str, Any], subject: Json) -> Json:
    """The details of the person stand apart from what is said of the post."""
    person = {name: body[name] for name in PERSON if name in body}
    rest = {name: value for name, value in body.items() if name not in PERSON}
    return {**_with_languages(rest, subject), "appointing_kind": "country", **({"person": person} if person else {})}


def _held(visit: Visit, point: Json) -> Given:
    """Its post as it is."""
    languages = "; ".join(f"{tongue['code']} {tongue['level']}" for tongue in point["languages"])
    held: Mapping[str, Any] = {name: point[name] or "" for name in ("duty", "deputy_ref")}
    return {
        **held,
        "authority_ref": (point["authority"] or {}).get("id", ""),
        "languages": languages,
        "specialisations": point["specialisations"],
    }


AUTHORITY = Field("authority_ref", "looked_up", N_("Authority"), required=True, finds=OFFICES)
DUTY = Field("duty", "choice", N_("Duty"), "duty", required=True)
DEPUTY = Field("deputy_ref", "looked_up", N_("Deputy"), hint=N_("Another contact point that answers in its place."), finds=OTHERS)
SPECIALISATIONS = Field("specialisations", "several", N_("Specialisations"), "crime_type")
LANGUAGES = Field("languages", "text", N_("Languages"), hint=N_("Codes and levels, such as: sq native; en fluent."))
METHOD = Field("method", "choice", N_("How?"), "verification_method", required=True)


def _form(operation: str, path: str, title: str, submit: str, *fields: Field, **more: Any) -> Form:
    known: Any = {"conflict": ("", "contact_point_step"), **more}
    return Form(f"contacts.{operation}", f"/contact-points/{{id}}/{path}", title, submit, fields=fields, **known)


POINT = Forms(
    name="contact-points",
    family="contact_point_step",
    path="/contact-points/{id}",
    heading=_heading,
    page_of=lambda point: f"contact-points/{point['id']}",
    forms={
        "nominate": Form(
            "contacts.nominate_contact_point",
            "/contact-points",
            N_("Nominate a contact point"),
            N_("Nominate it"),
            lead=N_("The person's details are sealed at once: they stand on no list and in no event."),
            fields=(
                Field("country", "country", N_("Country"), required=True, choices=own_countries),
                SPECIALISATIONS,
                LANGUAGES,
                Field("on", "day", N_("Nominated on"), hint=N_("Leave it empty for today.")),
                Field("family_name", "text", N_("Family name"), required=True),
                Field("given_name", "text", N_("Given name"), required=True),
                Field("email", "text", N_("Mail address")),
                Field("phone", "text", N_("Phone"), hint=N_("With the country's code, such as +355 4 000 0000.")),
                Field("language", "text", N_("Language of mails"), hint=N_("A code such as fr.")),
            ),
            shaped=_nomination,
        ),
        "designate": _form(
            "designate_contact_point",
            "designate",
            N_("Designate this contact point"),
            N_("Designate it"),
            AUTHORITY,
            Field("valid_from", "day", N_("From"), required=True),
            Field("term_to", "day", N_("End of the term"), hint=N_("A successor is asked for 60 days before.")),
            DUTY,
            DEPUTY,
            steps=("designate",),
        ),
        "update": _form(
            "update_contact_point",
            "update",
            N_("Change where and how it serves"),
            N_("Record the post"),
            *(AUTHORITY, SPECIALISATIONS, LANGUAGES, DUTY, DEPUTY),
            holds=_held,
            shaped=_with_languages,
            steps=("update",),
        ),
        "request-verification": _form(
            "request_verification",
            "request-verification",
            N_("Ask that this entry is verified"),
            N_("Ask for it"),
            Field("due", "day", N_("By the end of"), required=True),
            METHOD,
            lead=N_("It lapses where nobody confirms it by the end of that day, on the authority's own clock."),
            steps=("request verification",),
        ),
        "verify": _form(
            "verify_contact_point",
            "verify",
            N_("The entry was found right"),
            N_("Record the verification"),
            METHOD,
            Field("changed_fields", "several", N_("What was put right?"), "changed_field"),
            Field("on", "day", N_("Verified on"), hint=N_("Leave it empty for today.")),
            steps=("verify",),
        ),
        "note-absence": _form(
            "note_absence",
            "note-absence",
            N_("This contact point is away"),
            N_("Note the absence"),
            Field("absent_from", "day", N_("First day"), required=True),
            Field("absent_to", "day", N_("Last day"), required=True),
            DEPUTY,
            lead=N_("It is never the first to be asked on these days. This replaces what was noted before."),
            steps=("note absence",),
        ),
        "suspend": _form(
            "suspend_contact_point",
            "suspend",
            N_("Ask this contact point no longer"),
            N_("Suspend it"),
            lead=N_("It is asked no longer, until somebody verifies it."),
            steps=("suspend",),
        ),
        "end": _form(
            "end_contact_point",
            "end",
            N_("This contact point serves no longer"),
            N_("End it"),
            Field("valid_to", "day", N_("First day without it"), required=True),
            Field("reason", "choice", N_("Why?"), "end_reason", required=True),
            Field("successor_ref", "looked_up", N_("Successor"), finds=OTHERS),
            steps=("end",),
        ),
        "correct": _form(
            "correct_contact_point",
            "correct",
            N_("A step happened on another day"),
            N_("Correct the day"),
            Field("corrects", "one_of", N_("Which step?"), required=True, choices=_steps(*DATED)),
            Field("on", "day", N_("It happened on"), required=True),
            REASON,
            steps=("correct",),
        ),
        "retract": _form(
            "retract_contact_point",
            "retract",
            N_("Take the newest step back"),
            N_("Take it back"),
            Field("corrects", "one_of", N_("Which step?"), required=True, choices=_steps()),
            REASON,
            lead=N_("It counts no longer; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            steps=("retract",),
        ),
    },
)
router = POINT.router()
