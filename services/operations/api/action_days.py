"""Action days of an operation: planned, confirmed by each country, begun, ended or called off."""

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from services.operations import domain, store
from services.operations.commands import action_days as commands
from services.operations.domain import ActionDay, Operation
from services.operations.views import action_days as views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Cancellation, Id, Names, Nearby, Reference, Zone

router = web.router("", "action days")
whole = Whole(views.action_day, "/action-days")


class Place(BaseModel):
    """A country that acts, and the clock it goes by."""

    country: one_of("country")  # type: ignore[valid-type]  # a type made of a code list
    zone: Zone


class NewActionDay(BaseModel):
    """An action day to plan: all act at `t_zero`; perhaps led from a coordination centre."""

    reference: Reference | None = None
    title: Names
    t_zero: Nearby
    places: Annotated[list[Place], Field(min_length=1, max_length=60)]
    centre_ref: Id | None = None

    def described(self) -> dict[str, object]:
        """As commands take it."""
        places = tuple(domain.Place(each.country, each.zone) for each in self.places)
        told = {"reference": self.reference, "title": self.title, "t_zero": self.t_zero}
        return {**told, "places": places, "centre": self.centre_ref}


class Confirmation(BaseModel):
    """The country that is ready."""

    country: one_of("country")  # type: ignore[valid-type]


class Beginning(BaseModel):
    """Since when all act."""

    began: Nearby


class Ending(BaseModel):
    """When the measures were taken."""

    ended: Nearby


async def _operation(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Operation:
    operation = await store.load(tx, Operation, id)
    asker.require_country(operation.life.country)
    return operation


async def _any_day(id: Annotated[Id, Path()], tx: Tx) -> ActionDay:
    return await store.load(tx, ActionDay, id)


AnyDay = Annotated[ActionDay, Depends(_any_day)]


async def _day(day: AnyDay, asker: Asker) -> ActionDay:
    asker.require_country(day.life.country)
    return day


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[ActionDay, Depends(_day)]


@router.get("/action-days")
async def list_action_days(
    tx: Tx,
    paging: Paging,
    operation: Id | None = None,
    participant: one_of("country") | None = None,  # type: ignore[valid-type]
    state: one_of("action_day_state") | None = None,  # type: ignore[valid-type]
    since: Nearby | None = None,
    until: Nearby | None = None,
) -> Page[views.ActionDayRow]:
    """Action days, the latest first."""
    asked: dict[str, Any] = {"operation": operation, "participant": participant, "state": state, "since": since, "until": until}
    return await views.listed(tx, paging, **asked)


@router.post("/operations/{id}/action-days", status_code=201, responses=MADE)
async def plan_action_day(
    operation: Annotated[Operation, Depends(_operation)], tx: Tx, origin: Caused, given: NewActionDay, response: Response
) -> views.ActionDayPage:
    """Several countries are to act at the same moment."""
    made = await commands.plan(tx, origin, operation, given.described())
    return await whole.made(tx, made, response)


@router.get("/action-days/{id}", responses=SHOWN)
async def get_action_day(id: Id, tx: Tx, response: Response) -> views.ActionDayPage:
    """One action day, with every step that led here."""
    return await whole.shown(tx, id, response)


@router.post("/action-days/{id}/confirm", responses=SHOWN)
async def confirm_action_day(
    day: AnyDay, tx: Tx, origin: Caused, asker: Asker, expected: Expected, given: Confirmation, response: Response
) -> views.ActionDayPage:
    """A country is ready; it says so itself."""
    asker.require_country(given.country)
    await whole.hold(tx, expected, day.life)
    await commands.confirm(tx, origin, day, given.country)
    return await whole.shown(tx, day.life.id, response)


@router.post("/action-days/{id}/go", responses=SHOWN)
async def start_action_day(
    day: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Beginning, response: Response
) -> views.ActionDayPage:
    """All act: possible once every country has confirmed."""
    await whole.hold(tx, expected, day.life)
    await commands.go(tx, origin, day, given.began)
    return await whole.shown(tx, day.life.id, response)


@router.post("/action-days/{id}/end", responses=SHOWN)
async def end_action_day(day: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Ending, response: Response) -> views.ActionDayPage:
    """The measures are taken."""
    await whole.hold(tx, expected, day.life)
    await commands.end(tx, origin, day, given.ended)
    return await whole.shown(tx, day.life.id, response)


@router.post("/action-days/{id}/abort", responses=SHOWN)
async def abort_action_day(
    day: Loaded, tx: Tx, origin: Caused, expected: Expected, given: Cancellation, response: Response
) -> views.ActionDayPage:
    """It is called off."""
    await whole.hold(tx, expected, day.life)
    await commands.abort(tx, origin, day, given.reason)
    return await whole.shown(tx, day.life.id, response)
