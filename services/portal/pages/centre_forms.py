"""Forms of coordination centres: planned or recorded afterwards, opened, closed, cancelled, taken back."""

from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import COUNTRIES, REASON, TITLE, TYPES, Field, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lookups import Given
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

OPENED, CLOSED = Field("opened", "moment", N_("Opened"), required=True), Field("closed", "moment", N_("Closed"))
DESCRIBED = (
    TITLE,
    Field("form", "choice", N_("Form"), "centre_form", required=True),
    TYPES,
    Field("country", "country", N_("Led by"), hint=N_("None for what stands above countries."), choices=own_countries),
    COUNTRIES,
)


async def _heading(visit: Visit, centre: Json) -> Heading:
    """The centre as it stands; for a new one, the list it will stand in."""
    wording = visit.wording
    trail = [(wording.say("Operations"), "operations"), (wording.say("Coordination centres"), "centres")]
    if not centre:
        return Heading("", "centres", trail)
    page, title = f"centres/{centre['id']}", wording.text(centre["title"])
    facts = [
        (wording.say("Present state"), wording.term("centre_state", centre["state"])),
        (wording.say("Version"), wording.number(centre["version"])),
    ]
    return Heading(title, page, [*trail, (title, page)], facts)


def _both(_: Visit, __: Json) -> Given:
    return {"form": "both"}


def _of_the_opening(body: dict[str, Any], centre: Json) -> Json:
    return {**body, "corrects": centre["opened_event"]}


CENTRE = Forms(
    name="centres",
    path="/centres/{id}",
    heading=_heading,
    page_of=lambda centre: f"centres/{centre['id']}",
    forms={
        "plan": Form(
            "operations.plan_centre",
            "/centres",
            N_("Plan a coordination centre"),
            N_("Plan it"),
            fields=(*DESCRIBED, Field("opens", "moment", N_("Opens"), required=True)),
            holds=_both,
        ),
        "record": Form(
            "operations.record_centre",
            "/recorded-centres",
            N_("Record a centre that was open"),
            N_("Record it"),
            fields=(*DESCRIBED, OPENED, CLOSED),
            holds=_both,
        ),
        "open": Form(
            "operations.open_centre", "/centres/{id}/open", N_("It is open"), N_("Record its opening"), fields=(OPENED,), steps=("open",)
        ),
        "close": Form(
            "operations.close_centre",
            "/centres/{id}/close",
            N_("It is closed"),
            N_("Record its end"),
            fields=(Field("closed", "moment", CLOSED.label, required=True),),
            steps=("close",),
        ),
        "cancel": Form(
            "operations.cancel_centre",
            "/centres/{id}/cancel",
            N_("It will not be opened"),
            N_("Cancel it"),
            fields=(Field("reason", "choice", N_("Why?"), "cancel_reason", required=True),),
            steps=("cancel",),
        ),
        "retract": Form(
            "operations.retract_centre",
            "/centres/{id}/retract",
            N_("It was not opened after all"),
            N_("Take it back"),
            lead=N_("It counts no longer; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(REASON,),
            shaped=_of_the_opening,
            steps=("retract",),
        ),
    },
)

router = CENTRE.router()
