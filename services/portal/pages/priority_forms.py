"""Forms of intelligence priorities: set, set anew, withdrawn (D4)."""

from services.portal.domain import Json
from services.portal.pages.fields import COUNTRIES, REASON, TITLE, TYPES, Field, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

DATED = (
    TITLE,
    TYPES,
    Field("countries", "countries", N_("Countries it concerns"), hint=COUNTRIES.hint),
    Field("valid_from", "day", N_("First day"), required=True),
    Field("valid_to", "day", N_("Last day"), hint=N_("Left open while it has no end.")),
)
DONE = N_("Recorded.")


async def _heading(visit: Visit, priority: Json) -> Heading:
    """The priority as it stands; for a new one, the list it will stand in."""
    wording = visit.wording
    trail = [(wording.say("Operations"), "operations"), (wording.say("Intelligence priorities"), "priorities")]
    if not priority:
        return Heading("", "priorities", trail)
    page, title = f"priorities/{priority['id']}", wording.text(priority["title"])
    facts = [
        (wording.say("Present state"), wording.term("priority_state", priority["state"])),
        (wording.say("Version"), wording.number(priority["version"])),
    ]
    return Heading(title, page, [*trail, (title, page)], facts)


def _as_it_is(visit: Visit, priority: Json) -> Given:
    held = {name: priority[name] for name in ("crime_types", "countries", "valid_from")}
    return {**held, "valid_to": priority["valid_to"] or "", "title": visit.wording.text(priority["title"])}


def _with_every_language(body: Json, priority: Json) -> Json:
    """A title put in one language leaves those in others as they are."""
    return {**body, "title": {**priority["title"], **body.get("title", {})}}


PRIORITY = Forms(
    name="priorities",
    path="/priorities/{id}",
    heading=_heading,
    page_of=lambda priority: f"priorities/{priority['id']}",
    forms={
        "set": Form(
            "operations.set_priority",
            "/priorities",
            N_("Set a priority"),
            N_("Set it"),
            fields=(
                *DATED,
                Field("country", "country", N_("Set by"), hint=N_("None for what stands above countries."), choices=own_countries),
            ),
            done=DONE,
        ),
        "change": Form(
            "operations.change_priority",
            "/priorities/{id}/set",
            N_("Set it anew"),
            N_("Record the change"),
            lead=N_("What was set before stays in its history."),
            fields=DATED,
            holds=_as_it_is,
            shaped=_with_every_language,
            steps=("set anew",),
            done=DONE,
        ),
        "withdraw": Form(
            "operations.withdraw_priority",
            "/priorities/{id}/withdraw",
            N_("Withdraw it"),
            N_("Record that it was none"),
            lead=N_("For one that should never have been set; one that is over has a last day."),
            fields=(REASON,),
            steps=("withdraw",),
            done=DONE,
        ),
    },
)

router = PRIORITY.router()
