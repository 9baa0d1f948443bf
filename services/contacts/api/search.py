"""Search in the whole directory."""

from typing import Annotated

from fastapi import Query

from services.contacts import commands, views
from services.contacts.api.inputs import Through
from shared import auth, web
from shared.db import Tx
from shared.web import Asker, Caused, Paging
from shared.web.values import PROSE, Country, CrimeType

router = web.router("/search", "search")
Question = Annotated[str, Query(max_length=200, pattern=PROSE, description="Words to look for, in any script, spelt as well as one can")]


@router.get("")
async def search_directory(
    tx: Tx,
    asker: Asker,
    origin: Caused,
    paging: Paging,
    q: Question,
    kind: views.search.Kind | None = None,
    country: Country | None = None,
    crime_type: CrimeType | None = None,
    surface: Through = "api",
) -> views.search.FoundPage:
    """Authorities, contact points, networks and structures by name, function and specialisation, best match first (A10).

    Whoever may not list contact points finds none. No person is found by name: names are sealed, and no search looks into them.
    """
    kinds = {kind} if kind else set(views.search.KINDS)
    if not asker.roles & auth.table().get("contacts.list_contact_points", frozenset()):
        kinds.discard("contact_point")
    found = await views.search.found(tx, q, kinds=kinds, limit=paging.limit, after=paging.after, country=country, crime_type=crime_type)
    if paging.after is None:
        given = {"q": q, "kind": kind, "country": country, "crime_type": crime_type}
        await commands.use.used(tx, origin, asker, surface=surface, given=given, results=found.total)
    return found
