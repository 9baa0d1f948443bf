"""Forms of authorities: what they are competent for, from when to when."""

from collections.abc import Iterator
from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import REASON, Field, Option, taking_back
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

LISTED = ("instruments", "territory")
"""Fields that hold several codes in one line."""
UNTIL = N_("From that day on it is competent no longer.")


def scope_of(visit: Visit, held: Json) -> str:
    """A competence in words; what it leaves open is said, too."""
    wording = visit.wording
    measures = wording.terms("cooperation_measure", held["measures"]) or wording.say("All measures")
    return f"{measures} · {wording.terms('crime_type', held['crime_types']) or wording.say('All types of crime')}"


async def _heading(visit: Visit, authority: Json) -> Heading:
    """The authority as it stands."""
    wording = visit.wording
    page, name, country = f"authorities/{authority['id']}", wording.text(authority["name"]), authority["country"]
    trail = [(wording.say("Atlas"), "atlas"), *([(wording.country(country), f"atlas/{country}")] if country else []), (name, page)]
    facts = [
        (wording.say("Kind"), wording.term("institution_kind", authority["kind"])),
        (wording.say("Version"), wording.number(authority["version"])),
    ]
    return Heading(name, page, trail, facts)


def _several(body: dict[str, Any], _: Json) -> Json:
    """Codes in one line as a list."""
    return body | {name: body[name].replace(";", ",").replace(",", " ").split() for name in LISTED if name in body}


def _of_state(*states: str) -> Any:
    def chosen(visit: Visit, authority: Json) -> Iterator[Option]:
        for held in authority["competences"]:
            if held["state"] in states:
                since = visit.wording.say("since %(day)s") % {"day": visit.wording.day(held["valid_from"])}
                yield held["id"], f"{scope_of(visit, held)} · {since}"

    return chosen


def _asked_for(visit: Visit, _: Json) -> Given:
    """The competence whose row one came from."""
    return {"competence": visit.filters.get("competence", "")}


def _of_the_newest(body: dict[str, Any], authority: Json) -> Json:
    """Taken back is the newest standing fact of the competence that was chosen."""
    chosen = body.pop("competence", None)
    history: list[Json] = next((held["history"] for held in authority["competences"] if held["id"] == chosen), [])
    return taking_back(body, history)


AUTHORITY = Forms(
    name="authorities",
    path="/authorities/{id}",
    heading=_heading,
    page_of=lambda authority: f"authorities/{authority['id']}#h-competences",
    forms={
        "declare": Form(
            "contacts.declare_competence",
            "/authorities/{id}/competences",
            N_("Declare a competence"),
            N_("Declare it"),
            lead=N_("What is left empty is open: no measure chosen means all measures, no crime type means all of them."),
            fields=(
                Field("crime_types", "several", N_("Crime types"), "crime_type"),
                Field("measures", "several", N_("Measures"), "cooperation_measure"),
                Field("instruments", "text", N_("Instruments"), hint=N_("By their references, such as budapest-convention.")),
                Field("territory", "text", N_("Territory"), hint=N_("Codes of subdivisions (ISO 3166-2), such as AL-11; none for all.")),
                Field("stage", "choice", N_("Stage of proceedings"), "proceedings_stage"),
                Field("valid_from", "day", N_("First day"), required=True),
                Field("valid_to", "day", N_("First day without it"), hint=UNTIL),
            ),
            shaped=_several,
        ),
        "withdraw": Form(
            "contacts.withdraw_competence",
            "/authorities/{id}/competences/{competence}/withdraw",
            N_("It is competent no longer"),
            N_("Withdraw the competence"),
            fields=(
                Field("competence", "choice", N_("Competence"), required=True, sent=False, choices=_of_state("declared")),
                Field("valid_to", "day", N_("First day without it"), hint=UNTIL, required=True),
            ),
            holds=_asked_for,
        ),
        "retract": Form(
            "contacts.retract_competence",
            "/authorities/{id}/competences/{competence}/retract",
            N_("Take a competence back"),
            N_("Take the newest step back"),
            lead=N_("It is again as it was before; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(
                Field("competence", "choice", N_("Competence"), required=True, choices=_of_state("declared", "withdrawn")),
                REASON,
            ),
            shaped=_of_the_newest,
            holds=_asked_for,
        ),
    },
)

router = AUTHORITY.router()
