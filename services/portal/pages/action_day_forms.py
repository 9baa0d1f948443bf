"""Forms of an action day: confirmed by each country, begun, ended, called off. Its page is its operation's."""

from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import Field, Option, clock
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit


async def _heading(visit: Visit, day: Json) -> Heading:
    """The action day as it stands, in its operation."""
    wording, page = visit.wording, f"operations/{day['operation']}"
    title = wording.text(day["title"])
    facts = [
        (wording.say("Present state"), wording.term("action_day_state", day["state"])),
        (wording.say("Begins"), wording.clock(day["at"])),
        (wording.say("Version"), wording.number(day["version"])),
    ]
    return Heading(title, page, [(wording.say("Operations"), "operations"), (title, page)], facts)


def _acting(visit: Visit, day: Json) -> list[Option]:
    """The countries that have not confirmed yet."""
    known = dict(visit.wording.countries())
    return [
        (place["country"], known.get(place["country"], place["country"])) for place in day["places"] if place["country"] not in day["ready"]
    ]


def _at(name: str, *known: str) -> Any:
    """The moment that is known, on the reader's clock."""

    def holds(visit: Visit, subject: Json) -> Given:
        at = next((subject[each] for each in known if subject.get(each)), None)
        return {name: clock(at, visit.wording.zone)}

    return holds


ACTION_DAY = Forms(
    name="action-days",
    path="/action-days/{id}",
    heading=_heading,
    page_of=lambda day: f"operations/{day['operation']}",
    forms={
        "confirm": Form(
            "operations.confirm_action_day",
            "/action-days/{id}/confirm",
            N_("Confirm readiness"),
            N_("Confirm that it is ready"),
            fields=(Field("country", "country", N_("Country"), choices=_acting, required=True),),
            steps=("confirm",),
        ),
        "go": Form(
            "operations.start_action_day",
            "/action-days/{id}/go",
            N_("It began"),
            N_("Record that it began"),
            fields=(Field("began", "moment", N_("Began"), required=True),),
            holds=_at("began", "t_zero"),
            steps=("go",),
        ),
        "end": Form(
            "operations.end_action_day",
            "/action-days/{id}/end",
            N_("It ended"),
            N_("Record that it ended"),
            fields=(Field("ended", "moment", N_("Ended"), required=True),),
            steps=("end",),
        ),
        "abort": Form(
            "operations.abort_action_day",
            "/action-days/{id}/abort",
            N_("Call it off"),
            N_("Call this action day off"),
            fields=(Field("reason", "choice", N_("Why?"), "cancel_reason", required=True),),
            steps=("abort",),
        ),
    },
)

router = ACTION_DAY.router()
