"""The directory at a glance: how much of it there is in each country."""

from datetime import UTC, datetime

from fastapi import Request

from services.contacts import views
from shared import auth, web
from shared.db import Tx
from shared.web import Asker

router = web.router("", "countries")


@router.get("/countries")
async def list_countries(request: Request, tx: Tx, asker: Asker) -> views.countries.CountryRows:
    """Every country with an authority or a contact point, and how many there are; contact points for whoever may list them."""
    found = await views.countries.countries(tx, datetime.now(UTC))
    if asker.roles & auth.table()[f"{request.app.state.service}.list_contact_points"]:
        return found
    told = [row.model_copy(update={"contact_points": None, "lapsed": None}) for row in found.items if row.authorities]
    return views.countries.CountryRows(items=told)
