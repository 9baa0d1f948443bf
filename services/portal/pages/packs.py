"""The directory to take along: packs that were made, how to make one, keep it up to date, and tell a true one from a forged one (U10)."""

import json
from collections.abc import Iterator

from fastapi import APIRouter, Response

from services.portal.domain import Json
from services.portal.pages.fields import Field, own_countries, purposes
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lists import Listing
from services.portal.pages.terms import N_
from services.portal.pages.visit import Id, Signed, Visit, require
from services.portal.pages.wording import Wording
from shared.web import attached

COMMAND = "python -m services.contacts pack verify directory.html --key pack-key.json"
UPDATE = "python -m services.contacts pack apply directory.html directory.delta --key pack-key.json --out directory.html"
DAYS = "30"
"""How long one holds where nothing else is asked; a directory changes."""


def _line(wording: Wording, pack: Json) -> Iterator[list[object]]:
    yield [
        *(pack["begun_at"], wording.term("pack_state", pack["state"]), pack["made_at"], pack["expires_at"]),
        *("; ".join(pack["countries"]), pack["entries"], pack["bytes"]),
        *(wording.say("Yes") if pack["persons"] else wording.say("No"), pack["sha256"], pack["fingerprint"], pack["actor"], pack["id"]),
    ]


PACKS = Listing(
    name="packs",
    owner="contacts",
    path="/packs",
    filters=(),
    head=(
        *(N_("Asked for"), N_("State"), N_("Made"), N_("Good until"), N_("Countries"), N_("Entries"), N_("Bytes")),
        *(N_("With persons’ details"), N_("SHA-256"), N_("Fingerprint of the key"), N_("Who"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda pack: pack["countries"],
)


async def _heading(visit: Visit, _: Json) -> Heading:
    say = visit.wording.say
    return Heading("", "packs", [(say("Atlas"), "atlas"), (say("Packs to take along"), "packs")])


PACK = Forms(
    name="packs",
    path="/packs/{id}",
    heading=_heading,
    page_of=lambda pack: f"packs/{pack['id']}",
    forms={
        "build": Form(
            "contacts.build_pack",
            "/packs",
            N_("Make a pack"),
            N_("Make it"),
            lead=N_("One file with the directory in English, French and Arabic, signed. No details of persons are in it."),
            fields=(
                Field("countries", "countries", N_("Countries"), hint=N_("All where none is chosen. Hold Ctrl or Cmd to choose several.")),
                Field("days", "number", N_("For how many days does it hold?"), hint=N_("1 to 90: a directory changes."), required=True),
            ),
            holds=lambda visit, subject: {"days": DAYS},
            done=N_("It was asked for, and is being built."),
        ),
        "personal": Form(
            "contacts.get_personal_pack",
            "/personal-pack",
            N_("Make a pack with persons’ details"),
            N_("Make and download it"),
            lead=N_(
                "One file with the directory of one country and the details of the persons whom you may be told of. "
                "Each of them is logged as read by you, for this purpose; the auditor sees the log. "
                "The file is kept nowhere but with you: guard it, and delete it when it has served."
            ),
            fields=(
                Field("purpose", "choice", N_("Purpose"), required=True, choices=purposes),
                Field("country", "country", N_("Country"), required=True, choices=own_countries),
                Field("days", "number", N_("For how many days does it hold?"), hint=N_("1 to 90: a directory changes."), required=True),
            ),
            holds=lambda visit, subject: {"days": "7"},
            gives=("directory-personal.html", "text/html"),
        ),
    },
)

router = APIRouter()


@router.get("/{lang}/packs")
async def packs(visit: Signed) -> Response:
    """Packs that were asked for, the newest first, and the key that proves them."""
    key = await visit.desk.get("contacts", "/pack-key")
    return await PACKS.page(visit, PACK.new(visit), key=key, command=COMMAND, update=UPDATE)


@router.get("/{lang}/packs.csv")
async def packs_file(visit: Signed) -> Response:
    """The same as a file."""
    return await PACKS.file(visit)


@router.get("/{lang}/packs/key.json")
async def key_file(visit: Signed) -> Response:
    """The public key as a JWK, as the command line takes it."""
    key = await visit.desk.get("contacts", "/pack-key")
    require(key)
    told = {name: key.body[name] for name in ("kty", "crv", "x")}
    return attached(json.dumps(told).encode(), "pack-key.json", "application/json")


@router.get("/{lang}/packs/{pack_id}")
async def pack(visit: Signed, pack_id: Id) -> Response:
    """One of them: how far it is, then its file and what leads from it to a newer one."""
    row = (await visit.thing("contacts", f"/packs/{pack_id}")).body
    return visit.page(
        "pack.html",
        row=row,
        title=visit.wording.say("Pack asked for on %(time)s", time=visit.wording.clock(row["begun_at"])),
        working="building" in (row["state"], row["delta"]),
        problem=visit.wording.told(row["problem"] or ""),
        done=PACK.done(visit),
    )


@router.get("/{lang}/packs/{pack_id}/file")
async def pack_file(visit: Signed, pack_id: Id) -> Response:
    """The pack itself, to be kept."""
    said, content = await visit.desk.file("contacts", f"/packs/{pack_id}/file")
    require(said)
    return attached(content, f"directory-{pack_id[:8]}.html", "text/html")


@router.get("/{lang}/packs/{pack_id}/delta")
async def delta_file(visit: Signed, pack_id: Id) -> Response:
    """What changed since this pack, for whoever holds it."""
    said, content = await visit.desk.file("contacts", f"/packs/{pack_id}/delta")
    require(said)
    return attached(content, f"directory-{pack_id[:8]}.delta", "text/plain")


# Last, since a form's address would take that of the file for its own.
router.include_router(PACK.router())
