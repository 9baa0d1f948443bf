"""Search in the whole directory: offices, contact points, networks and structures, best match first."""

from collections.abc import Iterator

from services.portal.domain import Json
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.wording import Wording

OFFICE = {"network": "network_kind", "structure": "structure_kind"}
"""Kind of thing -> the family of terms that says what it is; an authority's, and its contact points', where none is named."""


def what(wording: Wording, row: Json) -> str:
    """What it is, in words."""
    return wording.term(OFFICE.get(row["kind"], "institution_kind"), row["office"]) if row.get("office") else ""


def state(wording: Wording, row: Json) -> str:
    """How it stands, in words; an authority is there or it is not."""
    family = {"contact_point": "contact_point_state", "network": "network_state"}.get(row["kind"])
    return wording.term(family, row["state"]) if family else ""


def _line(wording: Wording, row: Json) -> Iterator[list[object]]:
    crimes = "; ".join(wording.term("crime_type", code) for code in row["crime_types"])
    words = [wording.term("entry_kind", row["kind"]), wording.text(row["name"]), what(wording, row), state(wording, row), crimes]
    yield [*words, row["country"], row["reference"], row["id"]]


SEARCH = Listing(
    name="search",
    owner="contacts",
    path="/search",
    filters=(
        Filter("q", "search"),
        Filter("kind", "choice", "entry_kind"),
        Filter("country", "country"),
        Filter("crime_type", "choice", "crime_type"),
    ),
    head=(
        *(N_("Kind"), N_("Name"), N_("Function"), N_("State"), N_("Specialisations"), N_("Country"), N_("Reference")),
        N_("Identifier"),
    ),
    lines=_line,
    beside={"surface": "web"},
    needs="q",
)
router = SEARCH.router()
