"""Verification campaigns, and the links by which a contact point answers without a password."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from services.contacts import store, views
from services.contacts.api.contact_points import Loaded
from services.contacts.commands import campaigns as commands
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import MADE, Asker, Caused, Page, Paging
from shared.web.values import Country, Day, Id

router = web.router("", "verification campaigns")
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class NewCampaign(BaseModel):
    """Whom to ask, how, and by the end of which day on each authority's own clock."""

    country: Country | None = None
    """All the countries of whoever asks where none is named."""
    method: one_of("verification_method")  # type: ignore[valid-type]  # a type made of a code list
    due: Day
    unverified_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = None
    """Only those whose last verification is so many days old, or who were never verified."""


class OpenedLink(BaseModel):
    """The secret of a link."""

    token: Token


class LinkAnswer(OpenedLink):
    """The one answer: everything is right, something changed, or it serves no longer."""

    answer: Literal["right", "changed", "gone"]
    changed_fields: Annotated[
        list[Literal["authority_ref", "specialisations", "languages", "duty", "deputy_ref", "person"]], Field(max_length=6)
    ] = []


class IssuedLink(BaseModel):
    """A link's secret, told once."""

    token: str
    expires_at: AwareDatetime


class Answered(BaseModel):
    """The answer was taken."""

    answer: Literal["right", "changed", "gone"]


@router.post("/campaigns", status_code=201, responses=MADE)
async def open_campaign(tx: Tx, asker: Asker, origin: Caused, given: NewCampaign, response: Response) -> views.campaigns.CampaignRow:
    """Many are asked at once; each lapses where nobody confirms it in time."""
    if given.country is not None:
        asker.require_country(given.country)
    mine = None if "*" in asker.countries else asker.countries
    countries = frozenset({given.country}) if given.country else mine
    asked = {"country": given.country, "method": given.method, "due": given.due, "unverified_days": given.unverified_days}
    id_ = await commands.open_campaign(tx, origin, countries=countries, **asked)
    response.headers["Location"] = f"/campaigns/{id_}"
    return await views.campaigns.campaign(tx, id_)


@router.get("/campaigns")
async def list_campaigns(tx: Tx, paging: Paging, country: Country | None = None) -> Page[views.campaigns.CampaignRow]:
    """Campaigns, the newest first."""
    return await views.campaigns.campaigns(tx, limit=paging.limit, after=paging.after, country=country)


@router.get("/campaigns/{id}")
async def get_campaign(id: Id, tx: Tx) -> views.campaigns.CampaignRow:
    """How far one is."""
    return await views.campaigns.campaign(tx, id)


@router.get("/campaigns/{id}/members")
async def list_campaign_members(id: Id, tx: Tx, paging: Paging, only: Literal["to_call"] | None = None) -> Page[views.campaigns.MemberRow]:
    """Whom it asked, and what came of it."""
    await views.campaigns.campaign(tx, id)
    return await views.campaigns.members(tx, id, limit=paging.limit, after=paging.after, to_call=True if only else None)


@router.post("/contact-points/{id}/verification-link")
async def issue_verification_link(contact_point: Loaded, tx: Tx, response: Response) -> IssuedLink:
    """A new link for the request that waits: for the mail that asks, and kept nowhere here but as a digest."""
    token, expires = await commands.issue_link(tx, contact_point, datetime.now(UTC))
    response.headers["Cache-Control"] = "no-store"
    return IssuedLink(token=token, expires_at=expires)


@router.post("/verification-links/open")
async def open_verification_link(tx: Tx, given: OpenedLink, response: Response) -> views.campaigns.LinkPage:
    """What the link is about; opening it answers nothing."""
    link = await store.link_of(tx, commands.digest(given.token))
    point = await store.contact_point(tx, link.contact_point_id)
    response.headers["Cache-Control"] = "no-store"
    return await views.campaigns.link(tx, link, point, datetime.now(UTC))


@router.post("/verification-links/answer")
async def answer_verification_link(tx: Tx, origin: Caused, given: LinkAnswer) -> Answered:
    """The one answer by this link; a second one is refused."""
    await commands.answer_link(tx, origin, given.token, given.answer, given.changed_fields)
    return Answered(answer=given.answer)
