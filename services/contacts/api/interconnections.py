"""What networks have to do with each other, all of them at once."""

from services.contacts import views
from shared import web
from shared.codes import one_of
from shared.db import Tx
from shared.web import Page, Paging
from shared.web.values import Country, CrimeType

router = web.router("", "networks")


@router.get("/interconnections")
async def list_interconnections(
    tx: Tx,
    paging: Paging,
    country: Country | None = None,
    kind: one_of("network_kind") | None = None,  # type: ignore[valid-type]
    level: one_of("network_level") | None = None,  # type: ignore[valid-type]
    domain: CrimeType | None = None,
) -> Page[views.interconnections.InterconnectionRow]:
    """Pairs of networks that are linked, share members, or are at work for the same crime type without a link (A7).

    Where networks are asked for by country, kind, level or domain, both of a pair are such.
    """
    asked = {"country": country, "kind": kind, "level": level, "domain": domain}
    return await views.interconnections.interconnections(tx, limit=paging.limit, after=paging.after, **asked)
