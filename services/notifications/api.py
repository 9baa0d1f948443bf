"""HTTP in: the log of mails, and another try for those that were given up."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path

from services.notifications import commands, domain, views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import Caused, Page, Paging
from shared.web.values import AsOf, Id

router = web.router("", "notifications")


@router.get("/deliveries")
async def list_deliveries(
    tx: Tx,
    paging: Paging,
    state: domain.State | None = None,
    kind: domain.Kind | None = None,
    subject_type: domain.SubjectType | None = None,
    subject: Id | None = None,
    contact_point: Id | None = None,
    country: one_of("country") | None = None,  # type: ignore[valid-type]  # a type made of a code list
    since: AsOf | None = None,
) -> Page[views.DeliveryRow]:
    """Mails sent, waiting, given up, and those that nobody gets; the newest first."""
    asked: dict[str, Any] = {"state": state, "kind": kind, "contact_point_id": contact_point, "country": country}
    asked |= {"subject_type": subject_type, "subject_id": subject}
    return await views.listed(tx, limit=paging.limit, after=paging.after, since=since, **asked)


@router.get("/deliveries/{id}")
async def get_delivery(id: Id, tx: Tx) -> views.DeliveryPage:
    """One mail, and what it is about."""
    return await views.delivery(tx, id)


async def _delivery(id: Annotated[Id, Path()], tx: Tx) -> UUID:
    return (await views.delivery(tx, id)).id


# Looked for before anything else is judged: what does not exist is 404, whatever was sent.
There = Annotated[UUID, Depends(_delivery)]


@router.post("/deliveries/{id}/retry")
async def retry_delivery(id_: There, tx: Tx, origin: Caused) -> views.DeliveryPage:
    """Try a mail again that was given up."""
    await commands.retry(tx, id_, origin.now)
    return await views.delivery(tx, id_)
