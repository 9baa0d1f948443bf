"""Intelligence priorities as a dated list: set, set anew, withdrawn (D4)."""

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from pydantic import BaseModel

from services.operations import store
from services.operations.api.inputs import Sought, once
from services.operations.commands import priorities as commands
from services.operations.domain import Priority
from services.operations.views import priorities as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Countries, CrimeTypes, Day, Id, Names, Reference

router = web.router("", "priorities")
whole = Whole(views.priority, "/priorities")


class Dated(BaseModel):
    """What comes first, for whom, and from which day to which, both included; without a last day it has no end."""

    title: Names
    crime_types: CrimeTypes = []
    countries: Countries = []
    valid_from: Day
    valid_to: Day | None = None

    def dated(self) -> dict[str, Any]:
        """As commands take it."""
        lists = {"crime_types": once(self.crime_types), "countries": once(self.countries)}
        return {"title": self.title, **lists, "valid_from": self.valid_from, "valid_to": self.valid_to}


class Withdrawal(BaseModel):
    """Why it should never have been set."""

    reason: one_of("correction_reason")  # type: ignore[valid-type]


class NewPriority(Dated):
    """A priority to set; `country` sets it, absent for one that stands above countries."""

    reference: Reference | None = None
    country: one_of("country") | None = None  # type: ignore[valid-type]


async def _priority(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Priority:
    priority = await store.load(tx, Priority, id)
    asker.require_country(priority.life.country)
    return priority


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[Priority, Depends(_priority)]


@router.get("/priorities")
async def list_priorities(
    tx: Tx,
    paging: Paging,
    sought: Sought,
    on: Day | None = None,
    state: one_of("priority_state") | None = None,  # type: ignore[valid-type]
) -> Page[views.PriorityRow]:
    """Intelligence priorities, the latest first; `on` leaves those that stood on that day."""
    return await views.listed(tx, paging, on=on, state=state, **sought)


@router.post("/priorities", status_code=201, responses=MADE)
async def set_priority(tx: Tx, origin: Caused, asker: Asker, given: NewPriority, response: Response) -> views.PriorityPage:
    """It is to be looked at first (D4)."""
    asker.require_country(given.country)
    id_ = await commands.set_new(tx, origin, {"reference": given.reference, "country": given.country, **given.dated()})
    return await whole.made(tx, id_, response)


@router.get("/priorities/{id}", responses=SHOWN)
async def get_priority(id: Id, tx: Tx, response: Response) -> views.PriorityPage:
    """One priority, with every step that led here; its operations are listed by `priority`."""
    return await whole.shown(tx, id, response)


@router.post("/priorities/{id}/set", responses=SHOWN)
async def change_priority(
    priority: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Dated, response: Response
) -> views.PriorityPage:
    """It is another than before; what was said first stays in its history."""
    await whole.hold(tx, expected, priority.life)
    await commands.set_anew(tx, origin, priority, given.dated())
    return await whole.shown(tx, priority.life.id, response)


@router.post("/priorities/{id}/withdraw", responses=SHOWN)
async def withdraw_priority(
    priority: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Withdrawal, response: Response
) -> views.PriorityPage:
    """It should never have been set."""
    await whole.hold(tx, expected, priority.life)
    await commands.withdraw(tx, origin, priority, given.reason)
    return await whole.shown(tx, priority.life.id, response)
