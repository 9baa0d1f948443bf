"""Forms of liaison postings: posted, ended, paid by others, taken back."""

from typing import Any

from services.portal.domain import Json
from services.portal.pages.fields import REASON, Field, own_countries, taking_back
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

END = Field("valid_to", "day", N_("First day without it"), hint=N_("From that day on the posting holds no longer."))
ORGANISATION = N_("By its reference among partners, such as eurojust.")


async def _heading(visit: Visit, liaison: Json) -> Heading:
    """The posting as it stands; for a new one, the list it will stand in."""
    wording = visit.wording
    trail = [(wording.say("Networks"), "networks"), (wording.say("Liaison postings"), "liaisons")]
    if not liaison:
        return Heading("", "liaisons", trail)
    page, name = f"liaisons/{liaison['id']}", called(visit, liaison)
    facts = [
        (wording.say("Present state"), wording.term("liaison_state", liaison["state"])),
        (wording.say("Version"), wording.number(liaison["version"])),
    ]
    return Heading(name, page, [*trail, (name, page)], facts)


def called(visit: Visit, liaison: Json) -> str:
    """A posting in words: what it is, from where, to where."""
    wording = visit.wording
    ends = (liaison["country"] or liaison["organisation"], liaison["host"])
    sent, host = (wording.country(end) if end.isupper() else end for end in ends)
    return f"{wording.term('liaison_kind', liaison['kind'])}{wording.colon} {sent} – {host}"


def _with_host(body: dict[str, Any], _: Json) -> Json:
    """The host is a country or an organisation: whichever was named."""
    country = body.pop("host_country", None)
    return {**body, "host": country} if country else body


def _of_the_newest(body: dict[str, Any], liaison: Json) -> Json:
    return taking_back(body, liaison["history"])


LIAISON = Forms(
    name="liaisons",
    path="/liaisons/{id}",
    heading=_heading,
    page_of=lambda liaison: f"liaisons/{liaison['id']}",
    forms={
        "post": Form(
            "contacts.post_liaison",
            "/liaisons",
            N_("Record a liaison posting"),
            N_("Record this posting"),
            lead=N_("Without the name of any person: who is posted is a contact point, if anybody."),
            fields=(
                Field(
                    "reference",
                    "text",
                    N_("Reference"),
                    hint=N_("Small letters, digits and dashes, such as liaison-al-hague."),
                    required=True,
                ),
                Field("kind", "choice", N_("Kind"), "liaison_kind", required=True),
                Field("country", "country", N_("Posted by"), hint=N_("None where an organisation posts."), choices=own_countries),
                Field("organisation", "text", N_("Posting organisation"), hint=ORGANISATION),
                Field("host_country", "country", N_("Posted to")),
                Field("host", "text", N_("Host organisation"), hint=ORGANISATION),
                Field("valid_from", "day", N_("First day"), required=True),
                END,
            ),
            shaped=_with_host,
        ),
        "end": Form(
            "contacts.end_liaison",
            "/liaisons/{id}/end",
            N_("The posting ends"),
            N_("Record its end"),
            fields=(Field("valid_to", "day", END.label, hint=END.hint, required=True),),
            steps=("end posting",),
        ),
        "fund": Form(
            "contacts.fund_liaison",
            "/liaisons/{id}/fund",
            N_("Others bear a part of the costs"),
            N_("Record this share"),
            fields=(
                Field("funding_share", "number", N_("Share in percent"), required=True),
                Field("funder_ref", "text", N_("Borne by"), hint=ORGANISATION),
            ),
            steps=("fund posting",),
        ),
        "retract": Form(
            "contacts.retract_liaison",
            "/liaisons/{id}/retract",
            N_("Take it back"),
            N_("Take the newest step back"),
            lead=N_("It is again as it was before; whoever asks what was known before today still sees it."),
            done=N_("Taken back. Whoever asks what was known before today still sees it."),
            fields=(REASON,),
            shaped=_of_the_newest,
            steps=("retract posting",),
        ),
    },
)

router = LIAISON.router()
