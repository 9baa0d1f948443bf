"""Forms of an action item (EJ-03): taken on, under way and done by whose task it is; its day and its end are the convenor's."""

from typing import Any

from services.portal.domain import Json
from services.portal.pages.agreement_forms import brief
from services.portal.pages.fields import Field
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit


async def _heading(visit: Visit, item: Json) -> Heading:
    """The task as it stands."""
    wording, page = visit.wording, f"action-items/{item['id']}"
    name = brief(wording.text(item["text"]))
    facts = [
        (wording.say("Present state"), wording.term("action_item_state", item["state"])),
        (wording.say("Whose task"), wording.country(item["country"])),
        (wording.say("Due"), wording.day(item["due"])),
        (wording.say("Version"), wording.number(item["version"])),
    ]
    trail = [(wording.say("Meetings"), "meetings"), (wording.say("Action items"), "action-items"), (name, page)]
    return Heading(name, page, trail, facts)


def _form(operation: str, step: str, title: str, submit: str, *fields: Field, **more: Any) -> Form:
    """A step of an action item."""
    path = f"/action-items/{{id}}/{step.replace(' ', '-')}"
    known: Any = {"steps": (step,), "conflict": ("", "action_item_step"), **more}
    return Form(f"meetings.{operation}_action_item", path, title, submit, fields=fields, **known)


CONVENOR = "convenor"

ACTION_ITEM = Forms(
    name="action-items",
    family="action_item_step",
    path="/action-items/{id}",
    whose="country",
    heading=_heading,
    page_of=lambda item: f"action-items/{item['id']}",
    forms={
        "accept": _form("accept", "accept", N_("Take the task on"), N_("Take it on")),
        "progress": _form(
            "progress",
            "progress",
            N_("How much is done"),
            N_("Record how much is done"),
            Field("percent", "number", N_("Percent"), hint=N_("From 0 to 99: what is done altogether is recorded as done."), required=True),
            holds=lambda _, item: {"percent": "" if item["state"] == "done" else str(item["percent"])},
        ),
        "complete": _form(
            "complete",
            "complete",
            N_("The task is done"),
            N_("Record that it is done"),
            Field("completed", "day", N_("Done on"), required=True),
            lead=N_("Whoever convened the meeting then sees whether it is."),
            holds=lambda visit, _: {"completed": visit.now.date().isoformat()},
        ),
        "verify": _form("verify", "verify", N_("It is seen to be done"), N_("Record that it is seen to be done"), whose=CONVENOR),
        "change-due": _form(
            "change_due_of",
            "change due",
            N_("Another day"),
            N_("Record this day"),
            Field("due", "day", N_("Due"), hint=N_("A day where it is done."), required=True),
            Field("reason", "choice", N_("Why?"), "due_reason", required=True),
            lead=N_("The day that was agreed first is kept, and figures tell both."),
            holds=lambda _, item: {"due": item["due"]},
            whose=CONVENOR,
        ),
        "cancel": _form(
            "cancel",
            "cancel",
            N_("Nobody need do it any more"),
            N_("Cancel this task"),
            Field("reason", "choice", N_("Why?"), "task_cancel_reason", required=True),
            whose=CONVENOR,
        ),
    },
)

router = ACTION_ITEM.router()
