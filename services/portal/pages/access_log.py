"""Who was given a person's details or key, when, why and by which door: for the auditor."""

from collections.abc import Iterator

from services.portal.domain import Json
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.wording import Wording


def _line(wording: Wording, access: Json) -> Iterator[list[object]]:
    words = [wording.term("purpose", access["purpose"]), wording.term("surface", access["surface"])]
    yield [access["at"], access["reader"], access["person_ref"], *words]


ACCESSES = Listing(
    name="access-log",
    owner="contacts",
    path="/access-log",
    filters=(
        Filter("reader", "search", label=N_("Reader")),
        Filter("person", "search", label=N_("Person")),
        Filter("purpose", "choice", "purpose", label=N_("Purpose")),
        Filter("surface", "choice", "surface", label=N_("By which door")),
        Filter("since", "since"),
        Filter("until", "until"),
    ),
    head=(N_("When"), N_("Reader"), N_("Person"), N_("Purpose"), N_("By which door")),
    lines=_line,
    places=lambda row: [],
)
router = ACCESSES.router()
