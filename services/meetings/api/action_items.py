"""Action items: given to a country after a decision, taken on, done, and verified by whoever convened the meeting (EJ-03)."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, Field

from services.meetings import store
from services.meetings.api.meetings import Loaded
from services.meetings.commands import action_items as commands
from services.meetings.domain import ActionItem
from services.meetings.views import action_items as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import PROSE, Cancellation, Chosen, Country, Day, Id, Texts

router = web.router("", "action items")
whole = Whole(views.action_item, "/action-items")

Words = Annotated[str | None, Query(max_length=200, pattern=PROSE, description="Words of the task")]


class NewActionItem(BaseModel):
    """A task for a country, due on a day where it is; `owner_ref` is a contact point or an authority of the directory."""

    country: Country
    text: Texts
    due: Day
    owner_ref: Id | None = None


class Progress(BaseModel):
    """How much is done."""

    percent: Annotated[int, Field(ge=0, le=99)]


class OtherDay(BaseModel):
    """Until when, and why not as agreed."""

    due: Day
    reason: one_of("due_reason")  # type: ignore[valid-type]


class Completion(BaseModel):
    """On which day it was done."""

    completed: Day


async def _owned(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> ActionItem:
    item = await store.action_item(tx, id)
    asker.require_country(item.country)
    return item


async def _convened(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> ActionItem:
    item = await store.action_item(tx, id)
    asker.require_country(item.convenor)
    return item


# Loaded before the body is judged: what does not exist is 404, whatever was sent. A task is its owner's, its day the convenor's.
Owned = Annotated[ActionItem, Depends(_owned)]
Convened = Annotated[ActionItem, Depends(_convened)]


@router.get("/action-items")
async def list_action_items(
    tx: Tx,
    paging: Paging,
    meeting: Id | None = None,
    decision: Id | None = None,
    country: Country | None = None,
    state: one_of("action_item_state") | None = None,  # type: ignore[valid-type]
    overdue: Annotated[bool | None, Query(description="Those alone whose day has passed and that are not done, or all others")] = None,
    q: Words = None,
    ids: Chosen = None,
) -> Page[views.ActionItemRow]:
    """Action items, the soonest due first."""
    asked = {"meeting": meeting, "decision": decision, "country": country, "state": state, "overdue": overdue}
    return await views.listed(tx, paging, q=q, ids=ids, **asked)


@router.post("/meetings/{id}/decisions/{decision}/action-items", status_code=201, responses=MADE)
async def assign_action_item(
    meeting: Loaded, decision: Id, tx: Tx, origin: Caused, given: NewActionItem, response: Response
) -> views.ActionItemPage:
    """A task for a country after a decision that holds."""
    said = {"country": given.country, "text": given.text, "due": given.due, "owner_ref": given.owner_ref}
    return await whole.made(tx, await commands.assign(tx, origin, meeting, decision, **said), response)


@router.get("/action-items/{id}", responses=SHOWN)
async def get_action_item(id: Id, tx: Tx, response: Response) -> views.ActionItemPage:
    """One action item, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/action-items/{id}/accept", responses=SHOWN)
async def accept_action_item(item: Owned, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.ActionItemPage:
    """Its owner takes it on."""
    await whole.hold(tx, expected, item)
    await commands.accept(tx, origin, item)
    return await whole.shown(tx, item.id, response)


@router.post("/action-items/{id}/progress", responses=SHOWN)
async def progress_action_item(
    item: Owned, tx: Tx, origin: Caused, expected: Expected, given: Progress, response: Response
) -> views.ActionItemPage:
    """So much of it is done; of one that was called done it says that it is not."""
    await whole.hold(tx, expected, item)
    await commands.progress(tx, origin, item, given.percent)
    return await whole.shown(tx, item.id, response)


@router.post("/action-items/{id}/change-due", responses=SHOWN)
async def change_due_of_action_item(
    item: Convened, tx: Tx, origin: Caused, expected: Expected, given: OtherDay, response: Response
) -> views.ActionItemPage:
    """It has until another day; the first is kept, and figures tell both."""
    await whole.hold(tx, expected, item)
    await commands.change_due(tx, origin, item, given.due, given.reason)
    return await whole.shown(tx, item.id, response)


@router.post("/action-items/{id}/complete", responses=SHOWN)
async def complete_action_item(
    item: Owned, tx: Tx, origin: Caused, expected: Expected, given: Completion, response: Response
) -> views.ActionItemPage:
    """Its owner calls it done."""
    await whole.hold(tx, expected, item)
    await commands.complete(tx, origin, item, given.completed)
    return await whole.shown(tx, item.id, response)


@router.post("/action-items/{id}/verify", responses=SHOWN)
async def verify_action_item(item: Convened, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.ActionItemPage:
    """Whoever convened the meeting has seen that it is done."""
    await whole.hold(tx, expected, item)
    await commands.verify(tx, origin, item)
    return await whole.shown(tx, item.id, response)


@router.post("/action-items/{id}/cancel", responses=SHOWN)
async def cancel_action_item(
    item: Convened, tx: Tx, origin: Caused, expected: Expected, given: Cancellation, response: Response
) -> views.ActionItemPage:
    """Nobody need do it any more."""
    await whole.hold(tx, expected, item)
    await commands.cancel(tx, origin, item, given.reason)
    return await whole.shown(tx, item.id, response)
