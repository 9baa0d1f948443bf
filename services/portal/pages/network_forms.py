"""Forms of networks: at work, or silent."""

from services.portal.domain import Json
from services.portal.pages.fields import Field
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

ON = Field("on", "day", N_("Since"), hint=N_("Leave it empty for today."))


async def _heading(visit: Visit, network: Json) -> Heading:
    """The network as it stands."""
    wording, page = visit.wording, f"networks/{network['id']}"
    name = wording.text(network["name"])
    facts = [
        (wording.say("Present state"), wording.term("network_state", network["state"])),
        (wording.say("Version"), wording.number(network["version"])),
    ]
    return Heading(name, page, [(wording.say("Networks"), "networks"), (name, page)], facts)


NETWORK = Forms(
    name="networks",
    path="/networks/{id}",
    heading=_heading,
    page_of=lambda network: f"networks/{network['id']}",
    forms={
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
