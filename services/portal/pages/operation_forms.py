"""Forms of operations: proposed, launched, planned, reported, certified, completed, corrected."""

from typing import Any

from babel import core

from services.portal.domain import Json
from services.portal.pages.fields import COUNTRIES, REASON, TITLE, TYPES, Field, Option, clock, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

ZONES_OF = core.get_global("territory_zones")


async def _heading(visit: Visit, operation: Json) -> Heading:
    """The operation as it stands; for a new one, the list it will stand in."""
    wording, trail = visit.wording, [(visit.wording.say("Operations"), "operations")]
    if not operation:
        return Heading("", "operations", trail)
    title, page = wording.text(operation["title"]), f"operations/{operation['id']}"
    facts = [
        (wording.say("Present state"), wording.term("operation_state", operation["state"])),
        (wording.say("Version"), wording.number(operation["version"])),
    ]
    return Heading(title, page, [*trail, (title, page)], facts)


def _partners(visit: Visit, operation: Json) -> list[Option]:
    """The countries that take part."""
    known = dict(visit.wording.countries())
    return [(code, known.get(code, code)) for code in operation["countries"]]


def _days(visit: Visit, operation: Json) -> list[Option]:
    return [(day["id"], f"{visit.wording.text(day['title'])} – {visit.wording.clock(day['at'])}") for day in operation["action_days"]]


def _certified(visit: Visit, operation: Json) -> list[Option]:
    """What is certified and can be corrected, by what tells one from the other."""
    wording = visit.wording
    return [
        (
            str(place),
            f"{wording.country(each['country'])} – {wording.term('measure_kind', each['measure_kind'])} ({each['certified']['total']})",
        )
        for place, each in enumerate(operation["results"])
        if each["certified"]
    ]


def _of_the_result(body: dict[str, Any], operation: Json) -> Json:
    """The result that was chosen, with the fact that certified it; its place alone is asked."""
    place = body.pop("result", "")
    if not str(place).isdigit() or int(place) >= len(operation["results"]):
        return body
    told = operation["results"][int(place)]
    named = {"country": told["country"], "measure_kind": told["measure_kind"], "corrects": told["certified_event"]}
    return {**body, **named, **({"action_day_ref": told["action_day"]} if told["action_day"] else {})}


def _of_the_completion(body: dict[str, Any], operation: Json) -> Json:
    return {**body, "corrects": operation["completed_event"]}


def _of_the_newest(body: dict[str, Any], operation: Json) -> Json:
    return {**body, "corrects": operation["completed_event"] or operation["launched_event"]}


def _with_places(body: dict[str, Any], _: Json) -> Json:
    """Each country on its own clock; one that has several goes by the clock the time is read on."""
    zone = body.pop("zone", "")
    zones = {country: ZONES_OF.get(country, ()) for country in body.get("countries", ())}
    places = [{"country": country, "zone": of[0] if len(of) == 1 else zone} for country, of in zones.items()]
    return {**{name: value for name, value in body.items() if name != "countries"}, "places": places}


def _as_it_went(visit: Visit, operation: Json) -> Given:
    zone = visit.wording.zone
    moments = {name: clock(operation[name], zone) for name in ("launched", "ended")}
    return {**moments, **{name: operation[name] for name in ("kind", "crime_types", "countries")}}


async def _in_force(visit: Visit, operation: Json) -> Json:
    """The intelligence priorities that can be chosen: those that stand, whenever they hold."""
    found = await visit.desk.everything("operations", "/priorities", state="set")
    return {"all": found.items}


def _priorities(visit: Visit, operation: Json) -> list[Option]:
    wording = visit.wording
    return [(each["id"], f"{wording.text(each['title'])} ({wording.day(each['valid_from'])})") for each in operation["all"]]


KIND = Field("kind", "choice", N_("Kind"), "operation_kind", required=True)
LEAD = Field("country", "country", N_("Led by"), hint=N_("None for what stands above countries."), choices=own_countries)
LAUNCHED, ENDED = Field("launched", "moment", N_("Launched"), required=True), Field("ended", "moment", N_("Ended"), required=True)
ONE = Field("country", "country", N_("Country"), choices=_partners, required=True)
TOTAL = Field("total", "number", N_("How many in all"), hint=N_("The whole total: it replaces the one before."), required=True)
AGENCY = (Field("institution_kind", "choice", N_("Kind of agency"), "institution_kind", required=True), ONE)


def _form(operation: str, step: str, title: str, submit: str, *fields: Field, **more: Any) -> Form:
    """A step of an operation; the last part of the address is the step's."""
    return Form(f"operations.{operation}", f"/operations/{{id}}/{step}", title, submit, fields=fields, **more)


OPERATION = Forms(
    name="operations",
    path="/operations/{id}",
    heading=_heading,
    # An action day that was planned is shown with its operation.
    page_of=lambda made: f"operations/{made.get('operation') or made['id']}",
    forms={
        "propose": Form(
            "operations.propose_operation",
            "/operations",
            N_("Propose an operation"),
            N_("Propose it"),
            fields=(
                *(TITLE, KIND, TYPES, LEAD, COUNTRIES),
                Field("mandate_from", "day", N_("Mandate from")),
                Field("mandate_to", "day", N_("Mandate until")),
            ),
        ),
        "approve": _form("approve_operation", "approve", N_("Approve it"), N_("Approve this operation"), steps=("approve",)),
        "launch": _form("launch_operation", "launch", N_("Launch it"), N_("Record the launch"), LAUNCHED, steps=("launch",)),
        "complete": _form(
            "complete_operation",
            "complete",
            N_("It is over"),
            N_("Record that it is over"),
            ENDED,
            lead=N_("From then on what the countries certified counts in the figures."),
            steps=("complete",),
        ),
        "day": _form(
            "plan_action_day",
            "action-days",
            N_("Plan an action day"),
            N_("Plan it"),
            TITLE,
            Field("t_zero", "moment", N_("All act at"), required=True),
            Field("zone", "zone", N_("On whose clock"), hint=N_("The times above are read on this clock."), required=True),
            Field("countries", "countries", N_("Countries that act"), hint=COUNTRIES.hint, choices=_partners, required=True),
            holds=lambda visit, operation: {"zone": visit.wording.zone, "countries": operation["countries"]},
            shaped=_with_places,
            steps=("plan action day",),
        ),
        "report": _form(
            "report_result",
            "results",
            N_("Report a result"),
            N_("Report this total"),
            *(ONE, Field("measure_kind", "choice", N_("Measure"), "measure_kind", required=True), TOTAL),
            Field("action_day_ref", "choice", N_("Action day"), hint=N_("Where it was taken on one."), choices=_days),
            lead=N_("It counts once the country has certified it."),
            steps=("report result",),
        ),
        "certify": _form(
            "certify_results",
            "results/certify",
            N_("Certify results"),
            N_("Certify all that this country reported"),
            ONE,
            steps=("certify results",),
        ),
        "correct-result": _form(
            "correct_result",
            "results/correct",
            N_("Correct a certified result"),
            N_("Record the correction"),
            *(Field("result", "choice", N_("Result"), choices=_certified, required=True), TOTAL, REASON),
            lead=N_("Whoever asks what was known before today still sees what was said first."),
            shaped=_of_the_result,
            steps=("correct result",),
        ),
        "evaluate": _form(
            "evaluate_operation",
            "evaluate",
            N_("Evaluate it"),
            N_("Record the evaluation"),
            Field("evaluated", "moment", N_("Evaluated"), required=True),
            steps=("evaluate",),
        ),
        "suspend": _form("suspend_operation", "suspend", N_("Suspend it"), N_("Suspend this operation"), steps=("suspend",)),
        "resume": _form("resume_operation", "resume", N_("Resume it"), N_("Resume this operation"), steps=("resume",)),
        "join": _form(
            "join_agency",
            "agencies",
            N_("Add an agency"),
            N_("Add this agency"),
            *AGENCY,
            Field("role", "choice", N_("Role"), "agency_role", required=True),
            holds=lambda *_: {"role": "member"},
            steps=("join agency",),
        ),
        "priorities": _form(
            "set_priorities",
            "priorities",
            N_("Intelligence priorities it serves"),
            N_("Record these"),
            Field("priorities", "several", N_("Intelligence priorities"), choices=_priorities),
            lead=N_("Those that are chosen replace those before."),
            done=N_("Recorded."),
            beside=_in_force,
            holds=lambda _, operation: {"priorities": operation["priorities"]},
            steps=("set priorities",),
        ),
        "leave": _form(
            "leave_agency", "agencies/leave", N_("An agency leaves"), N_("Record that it leaves"), *AGENCY, steps=("leave agency",)
        ),
        "correct": _form(
            "correct_operation",
            "correct",
            N_("Say it right"),
            N_("Record the correction"),
            *(LAUNCHED, ENDED, KIND, TYPES, COUNTRIES, REASON),
            lead=N_("Whoever asks what was known before today still sees what was said first."),
            holds=_as_it_went,
            shaped=_of_the_completion,
            steps=("correct",),
        ),
        "retract": _form(
            "retract_operation",
            "retract",
            N_("Take it back"),
            N_("Record that it did not happen"),
            REASON,
            lead=N_("It is again as it was before; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            shaped=_of_the_newest,
            steps=("retract",),
        ),
    },
)

router = OPERATION.router()
