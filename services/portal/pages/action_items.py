"""Action items: what countries have to do after a decision of a meeting, until when, and what has become of it."""

import asyncio
from collections.abc import Iterator, Mapping

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages.action_item_forms import ACTION_ITEM
from services.portal.pages.agreement_forms import brief
from services.portal.pages.contact_point_forms import name_of
from services.portal.pages.lists import Filter, Listing, among
from services.portal.pages.meeting_forms import MEETING
from services.portal.pages.subjects import Subject
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed, Visit
from services.portal.pages.wording import Wording


def _line(wording: Wording, item: Json) -> Iterator[list[object]]:
    words = [wording.text(item["text"]), item["country"], wording.term("action_item_state", item["state"]), item["percent"]]
    days = [item["due"], item["first_due"], item["completed"], item["overdue"]]
    came_from = [wording.text(item["meeting_title"]), item["convenor"], item["meeting"], item["decision"]]
    yield [*words, *days, *came_from, item["owner_ref"], item["exercise"], item["id"]]


async def _meetings(visit: Visit) -> Mapping[str, Iterator[tuple[str, str]]]:
    """The latest meetings that can have decided something."""

    def words(meeting: Json) -> str:
        return f"{brief(visit.wording.text(meeting['title']))} – {visit.wording.day(meeting['at'])}"

    return await among(visit, "meeting", "meetings", "/meetings", words, state="held")


ACTION_ITEMS = Listing(
    name="action-items",
    owner="meetings",
    path="/action-items",
    filters=(
        Filter("q", "search"),
        Filter("country", "country", label=N_("Whose task")),
        Filter("state", "choice", "action_item_state"),
        Filter("overdue", "choice", "action_item_clock", label=N_("In time or overdue")),
        Filter("meeting", "choice", label=N_("Meeting")),
    ),
    head=(
        *(N_("What is to be done"), N_("Whose task"), N_("State"), N_("Percent"), N_("Due"), N_("First due"), N_("Done on"), N_("Overdue")),
        *(N_("Meeting"), N_("Convened by"), N_("Identifier of the meeting"), N_("Identifier of the decision"), N_("Who is to do it")),
        *(N_("Exercise"), N_("Identifier")),
    ),
    lines=_line,
    told=_meetings,
    places=lambda row: (row["country"], row["convenor"]),
)
router = ACTION_ITEMS.router()


@router.get("/{lang}/action-items/{item_id}")
async def action_item(visit: Signed, item_id: str) -> Response:
    """One task: whose, until when, after which decision, and every step of it."""
    said, stream = await asyncio.gather(visit.thing("meetings", f"/action-items/{item_id}"), visit.stream())
    item = said.body
    meeting, owner = await asyncio.gather(visit.desk.get("meetings", f"/meetings/{item['meeting']}"), _owner(visit, item["owner_ref"]))
    return visit.page(
        "action-item.html",
        item=item,
        meeting=meeting,
        decision=next((each for each in meeting.body.get("decisions") or [] if each["id"] == item["decision"]), None),
        owner=owner,
        steps=ACTION_ITEM.next_of(visit, item),
        others=ACTION_ITEM.others(visit, item),
        who_may=visit.who_may("meetings.accept_action_item"),
        done=ACTION_ITEM.done(visit) or MEETING.done(visit),
        stream=stream,
        notes=visit.wording.notes(ACTION_ITEMS.places(item)),
    )


async def _owner(visit: Visit, ref: str | None) -> Subject | None:
    """Who is to do it, in words: a contact point or an authority; None where no directory tells."""
    if ref is None:
        return None
    point, office = await asyncio.gather(*(visit.desk.get("contacts", f"/{each}/{ref}") for each in ("contact-points", "authorities")))
    if point.ok:
        return Subject(name_of(visit, point.body), f"contact-points/{ref}")
    return Subject(visit.wording.text(office.body["name"]), f"authorities/{ref}") if office.ok else None
