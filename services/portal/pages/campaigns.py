"""Verification campaigns: whom to ask, how far they are, and whom to call."""

import asyncio
from collections.abc import Iterator

from fastapi import Response

from services.portal.domain import Json
from services.portal.pages.fields import Field, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.visit import Signed, Visit, require
from services.portal.pages.wording import Wording

COUNTS = ("asked", "verified", "ended", "waiting", "lapsed", "to_call")


def _line(wording: Wording, campaign: Json) -> Iterator[list[object]]:
    method = wording.term("verification_method", campaign["method"])
    yield [campaign["opened_at"], campaign["country"], method, campaign["due"], *(campaign[name] for name in COUNTS), campaign["id"]]


CAMPAIGNS = Listing(
    name="campaigns",
    owner="contacts",
    path="/campaigns",
    filters=(Filter("country", "country"),),
    head=(
        *(N_("Opened"), N_("Country"), N_("Method"), N_("Due"), N_("Asked"), N_("Verified"), N_("Ended"), N_("Waiting")),
        *(N_("Lapsed"), N_("To call"), N_("Identifier")),
    ),
    lines=_line,
)


async def _heading(visit: Visit, _: Json) -> Heading:
    say = visit.wording.say
    return Heading("", "campaigns", [(say("Atlas"), "atlas"), (say("Verification campaigns"), "campaigns")])


CAMPAIGN = Forms(
    name="campaigns",
    path="/campaigns/{id}",
    heading=_heading,
    page_of=lambda campaign: f"campaigns/{campaign['id']}",
    forms={
        "open": Form(
            "contacts.open_campaign",
            "/campaigns",
            N_("Ask many for verification"),
            N_("Ask all of them"),
            lead=N_("Whoever is asked by mail answers by a link that needs no password and is good once. Entries nobody confirms lapse."),
            fields=(
                Field("country", "country", N_("Country"), hint=N_("All of yours where none is chosen."), choices=own_countries),
                Field("method", "choice", N_("How?"), "verification_method", required=True),
                Field("due", "day", N_("By the end of"), required=True),
                Field("unverified_days", "number", N_("Not verified for how many days?"), hint=N_("Leave it empty for all.")),
            ),
        ),
    },
)

router = CAMPAIGNS.router(CAMPAIGN.new)


router.include_router(CAMPAIGN.router())


@router.get("/{lang}/campaigns/{campaign_id}/members.csv")
async def member_file(visit: Signed, campaign_id: str) -> Response:
    """Whom it asked, and what came of it."""
    found = await visit.desk.everything("contacts", f"/campaigns/{campaign_id}/members")
    require(found)
    say, term, text = visit.wording.say, visit.wording.term, visit.wording.text
    head = [say("Identifier"), say("Country"), say("Authority"), say("State"), say("To call"), say("What changed"), say("Read at")]
    rows = [
        [
            row["contact_point_id"],
            row["country"],
            text((row["authority"] or {}).get("name")),
            term("campaign_progress", row["state"]),
            say("Yes") if row["to_call"] else "",
            "; ".join(term("changed_field", code) for code in row["changed_fields"]),
            visit.now,
        ]
        for row in found.items
    ]
    return await visit.file(f"campaign-{campaign_id}", [head, *rows])


@router.get("/{lang}/campaigns/{campaign_id}")
async def campaign(visit: Signed, campaign_id: str) -> Response:
    """How far it is, and whom to call."""
    said, members, stream = await asyncio.gather(
        visit.thing("contacts", f"/campaigns/{campaign_id}"),
        visit.desk.everything("contacts", f"/campaigns/{campaign_id}/members"),
        visit.stream(),
    )
    counts = [(name, said.body[name]) for name in COUNTS]
    notes = visit.wording.notes(row["country"] for row in members.items)
    done = CAMPAIGN.done(visit)
    return visit.page("campaign.html", campaign=said.body, members=members, counts=counts, done=done, stream=stream, notes=notes)
