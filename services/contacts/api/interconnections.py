"""What networks have to do with each other, all of them at once."""

from services.contacts import views
from shared import web
from shared.db import Tx
from shared.web import Page, Paging

router = web.router("", "networks")


@router.get("/interconnections")
async def list_interconnections(tx: Tx, paging: Paging) -> Page[views.interconnections.InterconnectionRow]:
    """Pairs of networks that are linked, share members, or are at work for the same crime type without a link (A7)."""
    return await views.interconnections.interconnections(tx, limit=paging.limit, after=paging.after)
