"""The directory to take along: one signed file that needs no network (U10)."""

import base64
from typing import Annotated, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from services.contacts import commands, views
from services.contacts.api.persons import Now, Why
from services.contacts.commands.packs import Wanted
from services.contacts.gateways import packs
from shared import web
from shared.db import Tx
from shared.errors import Unavailable
from shared.web import MADE, Asker, Caused, Page, Paging, problems
from shared.web.values import Count, Countries, Country, Id

router = web.router("", "packs")
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The pack"}}
_DELTA: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The delta"},
    409: {**problems.RESPONSES[409], "description": "There is no newer pack, or none that a delta leads to"},
}
NAME = "directory.html"
DAYS = 30
"""How long a pack holds where nothing else is asked; a directory changes."""


class NewPack(BaseModel):
    """What shall be in it, and for how many days it holds."""

    countries: Countries = []
    """All where none is named."""
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = DAYS


async def _key(request: Request) -> Ed25519PrivateKey:
    key: Ed25519PrivateKey | None = request.app.state.pack_key
    if key is None:
        raise Unavailable("This instance has no key to sign packs with (CONTACTS_PACK_KEY)")
    return key


Key = Annotated[Ed25519PrivateKey, Depends(_key)]


@router.post("/packs", status_code=201, responses=MADE, dependencies=[Depends(_key)])
async def build_pack(request: Request, tx: Tx, origin: Caused, given: NewPack, response: Response) -> views.packs.PackRow:
    """A pack without persons' details, for everybody who may read contact points; `state` says when it is there."""
    id_ = await commands.packs.ask(tx, origin, Wanted(request.app.state.instance, given.days, given.countries))
    response.headers["Location"] = f"/packs/{id_}"
    web.etag(response, 1)
    return await views.packs.one(tx, id_)


@router.get("/packs")
async def list_packs(tx: Tx, paging: Paging) -> Page[views.packs.PackRow]:
    """Packs that were built or are being built, the newest first."""
    return await views.packs.listed(tx, limit=paging.limit, after=paging.after)


@router.get("/packs/{id}")
async def get_pack(id: Id, tx: Tx) -> views.packs.PackRow:
    """One of them, and how far it is; the file is fetched apart."""
    return await views.packs.one(tx, id)


@router.get("/packs/{id}/file", responses=_FILE, response_class=Response)
async def get_pack_file(id: Id, tx: Tx, asker: Asker, origin: Now) -> Response:
    """The file itself, from when it is ready until it expires."""
    return web.attached(await commands.packs.hand_out(tx, origin, id, asker), NAME, "text/html")


@router.get("/packs/{id}/delta", responses=_DELTA, response_class=Response)
async def get_pack_delta(id: Id, tx: Tx, asker: Asker, origin: Now) -> Response:
    """What changed since this pack, as a signed file that turns it into its `newer` one: `python -m services.contacts pack apply`.

    It is worked out as soon as that one is ready; `delta` of the pack says when it is there.
    """
    return web.attached(await commands.packs.hand_out_delta(tx, origin, id, asker), "directory.delta", "text/plain")


@router.get("/personal-pack", responses=_FILE, response_class=Response)
async def get_personal_pack(
    request: Request,
    tx: Tx,
    asker: Asker,
    origin: Now,
    key: Key,
    purpose: Why,
    country: Country,
    days: Annotated[int, Count, Query(ge=1, le=90)] = 7,
) -> Response:
    """A pack of one country with the persons' details that the reader may see; each is logged, and the file is kept nowhere here."""
    asker.require_country(country)
    wanted = Wanted(request.app.state.instance, days, [country])
    return web.attached(await commands.packs.build_personal(tx, origin, wanted, key, asker, purpose), NAME, "text/html")


@router.get("/pack-key")
async def get_pack_key(key: Key) -> views.packs.PackKey:
    """The public key by which packs are checked, to be compared with what a pack shows."""
    public = key.public_key()
    x = base64.urlsafe_b64encode(packs.raw(public)).decode().rstrip("=")
    return views.packs.PackKey(x=x, fingerprint=packs.fingerprint(public))
