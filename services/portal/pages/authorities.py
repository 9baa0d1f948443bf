"""An authority: how its office is reached, what it is competent for, who serves there."""

import asyncio

from fastapi import APIRouter, Response

from services.portal.domain import freshness
from services.portal.pages.visit import Signed

router = APIRouter()


@router.get("/{lang}/authorities/{authority_id}")
async def authority(visit: Signed, authority_id: str) -> Response:
    """One authority with its contact points."""
    said, points, stream = await asyncio.gather(
        visit.thing("contacts", f"/authorities/{authority_id}"),
        visit.desk.everything("contacts", "/contact-points", authority=authority_id),
        visit.stream(),
    )
    return visit.page(
        "authority.html",
        authority=said.body,
        points=points,
        fresh={point["id"]: freshness(point, visit.now.date()) for point in points.items},
        today=visit.now.date().isoformat(),
        stream=stream,
        notes=visit.wording.notes([said.body["country"]]),
    )
