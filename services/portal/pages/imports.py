"""Lists that come in: sent as a file, looked through row by row, then taken in as a whole or not at all (XC-11)."""

import asyncio
from collections.abc import Iterator

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.portal.client import Reply
from services.portal.domain import Json
from services.portal.pages.fields import Field
from services.portal.pages.forms import Form, Forms, Heading
from services.portal.pages.lists import Filter, Listing
from services.portal.pages.terms import N_
from services.portal.pages.visit import Id, Signed, Visit, require
from services.portal.pages.wording import Wording

LARGEST = 20 * 1024 * 1024
"""Bytes that a list may have, as contacts takes it."""
UPLOADS = {"/(en|fr|ar)/imports/new/list": 5 * LARGEST}
"""What is larger than a list may be is taken this far, to be refused beside its field."""
SHOWN = 50
WORKING = frozenset({"validating", "applying"})


def _line(wording: Wording, row: Json) -> Iterator[list[object]]:
    words = [wording.term("import_kind", row["kind"]), wording.term("import_state", row["state"])]
    yield [row["begun_at"], *words, row["rows"], row["failed"], *row["effects"].values(), row["actor"], row["id"]]


IMPORTS = Listing(
    name="imports",
    owner="contacts",
    path="/imports",
    filters=(Filter("kind", "choice", "import_kind", label=N_("Kind of list")),),
    head=(
        *(N_("Sent"), N_("Kind of list"), N_("State"), N_("Rows"), N_("Rows with errors"), N_("New"), N_("Changed"), N_("The same")),
        *(N_("Who"), N_("Identifier")),
    ),
    lines=_line,
    places=lambda row: [],
)


async def _heading(visit: Visit, row: Json) -> Heading:
    say, trail = visit.wording.say, [(visit.wording.say("Atlas"), "atlas"), (visit.wording.say("Lists that came in"), "imports")]
    if "id" not in row:
        return Heading("", "imports", trail)
    title, number = title_of(visit.wording, row), visit.wording.number
    facts = [(say("Rows"), number(row["rows"] or 0)), (say("Rows with errors"), number(row["failed"]))]
    facts += [(visit.wording.term("import_effect", name), number(count)) for name, count in row["effects"].items()]
    return Heading(title, f"imports/{row['id']}", [*trail, (title, f"imports/{row['id']}")], facts)


def title_of(wording: Wording, row: Json) -> str:
    """What was sent, and when."""
    return f"{wording.term('import_kind', row['kind'])}, {wording.clock(row['begun_at'])}"


async def _columns(visit: Visit, _: Json) -> Json:
    kinds = [kind for kind, _ in visit.wording.choices("import_kind", ("authorities", "contact_points"))]
    found = await asyncio.gather(*(visit.desk.get("contacts", "/import-columns", kind=kind) for kind in kinds))
    return {"columns": dict(zip(kinds, found, strict=True))}


_MADE = N_("All rows are taken in together, or none of them. The entries are on the pages as soon as it is done.")
IMPORT = Forms(
    name="imports",
    path="/imports/{id}",
    heading=_heading,
    page_of=lambda row: f"imports/{row['id']}",
    forms={
        "list": Form(
            "contacts.start_import",
            "/imports",
            N_("Send a list"),
            N_("Send it and have it looked through"),
            lead=N_("It is looked through row by row first; nothing is changed until you decide to take it in."),
            fields=(
                Field("kind", "choice", N_("Kind of list"), "import_kind", required=True),
                Field(
                    "file", "file", N_("File"), ".csv,.xlsx", hint=N_("CSV in UTF-8, or XLSX; up to 20 MiB."), required=True, most=LARGEST
                ),
            ),
            beside=_columns,
            template="import-new.html",
            done=N_("It has come in, and is looked through now."),
        ),
        "apply": Form(
            "contacts.apply_import",
            "/imports/{id}/apply",
            N_("Take it in"),
            N_("Take it in"),
            lead=_MADE,
            fields=(),
            steps=("apply",),
            done=N_("It is being taken in."),
        ),
        "rest": Form(
            "contacts.apply_import",
            "/imports/{id}/apply",
            N_("Take in the rows without errors"),
            N_("Leave out the rows with errors, and take in the others"),
            lead=_MADE,
            fields=(),
            shaped=lambda body, _: {**body, "leave_out_failed": True},
            steps=("apply",),
            done=N_("It is being taken in."),
        ),
        "discard": Form(
            "contacts.cancel_import",
            "/imports/{id}/cancel",
            N_("Discard it"),
            N_("Discard it"),
            lead=N_("Nothing of it is taken in, and the file is forgotten."),
            fields=(),
            steps=("cancel",),
            done=N_("It was discarded. Nothing of it was taken in."),
        ),
    },
)

router = APIRouter()
router.include_router(IMPORTS.router(IMPORT.new))


@router.get("/{lang}/imports/new")
async def new(visit: Signed) -> Response:
    """The form, under the address one would guess."""
    return RedirectResponse(f"/{visit.language}/imports/new/list", 303)


@router.get("/{lang}/imports/template.csv")
async def template(visit: Signed, kind: str = "authorities") -> Response:
    """An empty list with its headings in the page's language, and one row that shows what a cell may hold."""
    found = await visit.desk.get("contacts", "/import-columns", kind=kind)
    require(found)
    head = [column["headings"][visit.language] for column in found.items]
    return await visit.file("template", [head, [column["example"] for column in found.items]])


@router.get("/{lang}/imports/{import_id}/errors.csv")
async def errors_file(visit: Signed, import_id: Id) -> Response:
    """What cannot be in which row, to mend the list by."""
    about, found = await asyncio.gather(
        visit.thing("contacts", f"/imports/{import_id}"), visit.desk.everything("contacts", f"/imports/{import_id}/faults")
    )
    for reply in (about, found):
        require(reply)
    headings = await _headings(visit, about.body)
    head = [visit.wording.say(title) for title in ("Row", "Column", "What is wrong")]
    rows = [[row["row"], headings.get(row["column"], row["column"]), visit.wording.told(row["reason"])] for row in found.items]
    return await visit.file("errors", [head, *rows])


@router.get("/{lang}/imports/{import_id}")
async def imported(visit: Signed, import_id: Id) -> Response:
    """How far it is, what it would make or made of the directory, and what is wrong with it."""
    after = visit.request.query_params.get("after")
    said, faults, stream = await asyncio.gather(
        visit.thing("contacts", f"/imports/{import_id}"),
        visit.desk.get("contacts", f"/imports/{import_id}/faults", limit=SHOWN, after=after),
        visit.stream(),
    )
    return visit.page(
        "import.html",
        row=said.body,
        title=title_of(visit.wording, said.body),
        working=said.body["state"] in WORKING,
        problem=visit.wording.told(said.body["problem"] or ""),
        faults=faults,
        headings=await _headings(visit, said.body),
        told=visit.wording.told,
        steps=_steps(visit, said.body),
        who_may=visit.who_may("contacts.apply_import"),
        done=IMPORT.done(visit),
        after=after,
        stream=stream,
    )


def _steps(visit: Visit, row: Json) -> list[tuple[str, str, bool]]:
    """What can be done now: (form, what it does in words, whether these roles may)."""
    offered = ("rest" if row["failed"] else "apply", "discard")
    named = [(name, IMPORT.forms[name]) for name in offered]
    return [(name, visit.wording.say(form.title), visit.may(form.operation)) for name, form in named if form.possible(row)]


async def _headings(visit: Visit, row: Json) -> dict[str, str]:
    """Column -> its heading in the page's language."""
    found: Reply = await visit.desk.get("contacts", "/import-columns", kind=row["kind"])
    return {column["name"]: column["headings"][visit.language] for column in found.items}


router.include_router(IMPORT.router())
