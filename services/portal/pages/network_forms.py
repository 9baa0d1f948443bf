"""Forms of networks: founded, at work or silent, linked with another or no longer."""

from collections.abc import Iterator
from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import Field, Option, own_countries
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

ON = Field("on", "day", N_("Since"), hint=N_("Leave it empty for today."))


RHYTHMS = {"P1M": N_("every month"), "P3M": N_("every three months"), "P6M": N_("twice a year"), "P1Y": N_("once a year")}


async def _heading(visit: Visit, network: Json) -> Heading:
    """The network as it stands; for a new one, the list it will stand in."""
    wording = visit.wording
    if "id" not in network:
        return Heading("", "networks", [(wording.say("Networks"), "networks")])
    page = f"networks/{network['id']}"
    name = wording.text(network["name"])
    facts = [
        (wording.say("Present state"), wording.term("network_state", network["state"])),
        (wording.say("Version"), wording.number(network["version"])),
    ]
    return Heading(name, page, [(wording.say("Networks"), "networks"), (name, page)], facts)


def _rhythms(visit: Visit, _: Json) -> Iterator[Option]:
    return ((code, visit.wording.say(words)) for code, words in RHYTHMS.items())


async def _all(visit: Visit, _: Json) -> Json:
    found = await visit.desk.everything("contacts", "/networks")
    return {"all": found.items}


def _others(visit: Visit, network: Json) -> Iterator[Option]:
    """Networks it is not linked with yet."""
    linked = {link["network"] for link in network["links"]} | {network["id"]}
    return ((each["id"], visit.wording.text(each["name"])) for each in network["all"] if each["id"] not in linked)


def _linked(visit: Visit, network: Json) -> Iterator[Option]:
    return ((link["network"], visit.wording.text(link["name"])) for link in network["links"] if link["declared_here"])


def _named(body: dict[str, Any], _: Json) -> Json:
    return {name: value for name, value in body.items() if value != []}


NETWORK = Forms(
    name="networks",
    path="/networks/{id}",
    heading=_heading,
    page_of=lambda network: f"networks/{network['id']}",
    forms={
        "found": Form(
            "contacts.found_network",
            "/networks",
            N_("Found a network"),
            N_("Record that it is founded"),
            fields=(
                Field(
                    "reference",
                    "text",
                    N_("Reference"),
                    hint=N_("Small letters, digits and dashes, such as cyber-prosecutors."),
                    required=True,
                ),
                Field("name", "named", N_("Name"), required=True),
                Field("kind", "choice", N_("Kind"), "network_kind", required=True),
                Field("level", "choice", N_("Level"), "network_level", required=True),
                Field("country", "country", N_("Country"), hint=N_("None for what stands above countries."), choices=own_countries),
                Field(
                    "domain", "several", N_("Crime types"), "crime_type", hint=N_("The priority domains that it covers once it is at work.")
                ),
                Field("rhythm", "choice", N_("How often it is to meet"), choices=_rhythms),
                ON,
            ),
            shaped=_named,
        ),
        "interconnect": Form(
            "contacts.interconnect_networks",
            "/networks/{id}/interconnect",
            N_("It works with another network"),
            N_("Record this link"),
            lead=N_("The link holds in both directions and is said once."),
            fields=(
                Field("other_network", "choice", N_("Other network"), required=True, choices=_others),
                Field("purpose", "choice", N_("What for?"), "purpose", required=True),
                Field("basis", "choice", N_("On what it rests"), "link_basis"),
                ON,
            ),
            beside=_all,
            steps=("interconnect",),
        ),
        "disconnect": Form(
            "contacts.disconnect_networks",
            "/networks/{id}/disconnect",
            N_("It works with a network no longer"),
            N_("Record the end of this link"),
            fields=(Field("other_network", "choice", N_("Other network"), required=True, choices=_linked), ON),
            steps=("disconnect",),
        ),
        "activate": Form(
            "contacts.activate_network",
            "/networks/{id}/activate",
            N_("The network is at work"),
            N_("Record that it is at work"),
            fields=(ON,),
            steps=("activate",),
        ),
        "flag-silent": Form(
            "contacts.flag_silent_network",
            "/networks/{id}/flag-silent",
            N_("Nothing is heard of the network"),
            N_("Record that it is silent"),
            fields=(ON,),
            steps=("flag silent",),
        ),
    },
)

router = NETWORK.router()
