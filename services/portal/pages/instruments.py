"""Forms that change an instrument: the next step, or taking one back."""

from collections.abc import Iterator

from services.portal.domain import Json
from services.portal.pages.fields import REASON, Field, Option
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_, TERMS
from services.portal.pages.visit import Visit
from services.portal.pages.wording import Wording


async def _heading(visit: Visit, instrument: Json) -> Heading:
    """The instrument, and whose it is."""
    wording, page = visit.wording, f"partners/{instrument['partner_id']}"
    partner = await visit.desk.get("partners", f"/{page}")
    name = wording.partner(partner.body) if partner.ok else wording.say("Partner")
    state = wording.term("instrument_state", instrument["state"])
    return Heading(
        about=f"{wording.term('instrument_kind', instrument['kind'])} – {name}",
        back=page,
        trail=[(wording.say("Partners"), "partners"), (name, page)],
        facts=[
            (wording.say("Present state"), state),
            (wording.say("Since"), _since(wording, instrument)),
            (wording.say("Version"), wording.number(instrument["version"])),
        ],
    )


def _since(wording: Wording, held: Json) -> str:
    if held.get("on"):
        return wording.say("since %(day)s", day=wording.day(held["on"]))
    return wording.say("stated as of %(day)s", day=wording.day(held["stated_as_of"])) if held.get("stated_as_of") else ""


def _states(visit: Visit, instrument: Json) -> list[Option]:
    others = [state for state in TERMS["instrument_state"] if state != instrument["state"]]
    return [(code, visit.wording.term("instrument_state", code)) for code in instrument.get("possible") or others]


def _steps(visit: Visit, instrument: Json) -> Iterator[Option]:
    """Every step that still stands, the newest first: its event, its state, and what tells it from the others."""
    for step in reversed(instrument["history"]):
        if step["state"] and not step["retracted_at"]:
            recorded = visit.wording.say("Recorded %(time)s", time=visit.wording.clock(step["recorded_at"]))
            beside = " · ".join(filter(None, [_since(visit.wording, step), recorded]))
            yield step["event_id"], visit.wording.term("instrument_state", step["state"]), beside


WHEN = N_("The day on which the step took effect. Leave it empty if nobody knows; today is then the day it was stated.")
INSTRUMENTS = Forms(
    name="instruments",
    path="/instruments/{id}",
    heading=_heading,
    page_of=lambda instrument: f"partners/{instrument['partner_id']}#instruments",
    forms={
        "advance": Form(
            operation="partners.advance_instrument",
            path="/instruments/{id}/advance",
            title=N_("Next step of an instrument"),
            submit=N_("Record this step"),
            conflict=("state", "instrument_state"),
            fields=(
                Field("state", "choice", N_("New state"), required=True, choices=_states),
                Field("on", "day", N_("Since"), hint=WHEN),
                Field("valid_to", "day", N_("Valid to"), hint=N_("Leave it empty for an open end.")),
            ),
        ),
        "retract": Form(
            operation="partners.retract_step",
            path="/instruments/{id}/retract",
            title=N_("Take a step back"),
            submit=N_("Take this step back"),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(Field("corrects", "one_of", N_("Which step was wrong?"), required=True, choices=_steps), REASON),
        ),
    },
)

router = INSTRUMENTS.router()
