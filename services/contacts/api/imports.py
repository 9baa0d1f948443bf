"""Lists come in: sent as a file, looked through row by row, then taken in as a whole or not at all (XC-11)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from services.contacts import commands, store, views
from services.contacts.api.rows import CODED
from services.contacts.domain.lists import COLUMNS, PERSONAL, Column, Import, Kind
from shared import sheets, web
from shared.codes import LISTS
from shared.db import Tx
from shared.errors import Invalid, Untaken
from shared.sheets import Form
from shared.web import MADE, SHOWN, Asker, Caused, Expected, Page, Paging, Whole
from shared.web.values import Flag, Id

router = web.router("", "imports")
whole = Whole(views.imports.one_import, "/imports")
LARGEST = 20 * 1024 * 1024
"""Bytes that a list may have."""
UPLOADS = {"/imports": LARGEST + 64 * 1024}
"""With what a form adds to the file."""
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            sheets.MEDIA["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "A table for spreadsheets",
    }
}
_SENT = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "properties": {
                        "kind": {"type": "string", "enum": list(COLUMNS)},
                        "file": {"type": "string", "format": "binary", "description": "CSV in UTF-8, or XLSX; up to 20 MiB"},
                    },
                }
            }
        },
    }
}


class ColumnRow(BaseModel):
    """A column that a list may have: how it may be headed, and what its cells may hold."""

    name: str
    headings: dict[str, str]
    needed: bool
    personal: bool
    """About a person: sealed as soon as it is read."""
    example: str
    family: str | None
    """The list of codes that its cells are taken from."""
    codes: list[str]


class Columns(BaseModel):
    """Those of one kind of list, in the order of the template."""

    kind: Kind
    items: list[ColumnRow]


class Decision(BaseModel):
    """Whether rows with errors are left out; else there must be none."""

    leave_out_failed: Flag = False


async def _import(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Import:
    found = await store.imports.import_locked(tx, id)
    _, covers = await store.imports.sender(tx, id)
    # Of which no row can be taken in, or none yet, belongs to those who could have sent it.
    for country in found.countries or covers:
        asker.require_country(country if country not in ("", "*") else None)
    return found


async def _disposable(id: Annotated[Id, Path()], tx: Tx, asker: Asker) -> Import:
    """Whoever sent it may take it back, whatever it names."""
    actor, _ = await store.imports.sender(tx, id)
    return await store.imports.import_locked(tx, id) if actor == asker.actor else await _import(id, tx, asker)


# Loaded before the body is judged: what does not exist is 404, whatever was sent.
Loaded = Annotated[Import, Depends(_import)]
Disposable = Annotated[Import, Depends(_disposable)]


@router.post("/imports", status_code=201, responses=MADE, openapi_extra=_SENT)
async def start_import(request: Request, tx: Tx, asker: Asker, origin: Caused, response: Response) -> views.imports.ImportRow:
    """A list of authorities or contact points is sent; it is looked through at once, and nothing is changed by that."""
    kind, file = await _sent(request)
    id_ = await commands.imports.begin(tx, origin, kind, _parts(file), asker.countries)
    return await whole.made(tx, id_, response)


@router.get("/imports")
async def list_imports(tx: Tx, paging: Paging, kind: Kind | None = None) -> Page[views.imports.ImportRow]:
    """Lists that came in, the newest first."""
    return await views.imports.imports_page(tx, limit=paging.limit, after=paging.after, kind=kind)


@router.get("/imports/{id}", responses=SHOWN)
async def get_import(id: Id, tx: Tx, response: Response) -> views.imports.ImportRow:
    """One of them, and how far it is."""
    return await whole.shown(tx, id, response)


@router.get("/imports/{id}/faults")
async def list_faults(id: Id, tx: Tx, paging: Paging) -> Page[views.imports.FaultRow]:
    """What cannot be in which row, in the order of the file. No reason quotes a cell."""
    return await views.imports.faults(tx, id, limit=paging.limit, after=paging.after)


@router.get("/imports/{id}/faults.{form}", responses=_FILE, response_class=Response)
async def get_faults_file(id: Id, form: Form, tx: Tx) -> Response:
    """The same as a file, to mend the list by."""
    found = await views.imports.all_faults(tx, id)
    return await _file("errors", [("row", "column", "reason"), *found], form)


@router.post("/imports/{id}/apply", responses=SHOWN)
async def apply_import(
    given: Loaded, tx: Tx, origin: Caused, expected: Expected, decision: Decision, response: Response
) -> views.imports.ImportRow:
    """Take it in: every row without error, in one transaction."""
    await expected.hold(given.version, lambda: views.imports.one_import(tx, given.id))
    await commands.imports.apply(tx, origin, given, leave_out_failed=decision.leave_out_failed)
    return await whole.shown(tx, given.id, response)


@router.post("/imports/{id}/cancel", responses=SHOWN)
async def cancel_import(given: Disposable, tx: Tx, origin: Caused, expected: Expected, response: Response) -> views.imports.ImportRow:
    """Take nothing of it in, not even what is being taken in just now."""
    await expected.hold(given.version, lambda: views.imports.one_import(tx, given.id))
    await commands.imports.cancel(tx, given, origin.now)
    return await whole.shown(tx, given.id, response)


@router.get("/import-template", responses=_FILE, response_class=Response)
async def get_import_template(
    kind: Kind,
    lang: Annotated[Literal["en", "fr", "ar"], Query(description="In which the headings are")] = "en",
    form: Annotated[Form, Query(description="Which file it shall be")] = "csv",
) -> Response:
    """An empty list with its headings, and one row that shows what a cell may hold."""
    columns = COLUMNS[kind]
    rows = [[column.headings[lang] for column in columns], [column.example for column in columns]]
    return await _file(kind, rows, form, rightward=lang != "ar")


@router.get("/import-columns")
async def list_import_columns(kind: Kind) -> Columns:
    """What a list may hold, column by column. The order of the columns is free, and others are left aside."""
    return Columns(kind=kind, items=[_told(column) for column in COLUMNS[kind]])


def _told(column: Column) -> ColumnRow:
    family = CODED.get(column.name) if column.name not in {"languages", "country"} else None
    return ColumnRow(
        name=column.name,
        headings=dict(column.headings),
        needed=column.needed,
        personal=column.name in PERSONAL,
        example=column.example,
        family=family,
        codes=list(LISTS[family].codes) if family else [],
    )


async def _sent(request: Request) -> tuple[Kind, UploadFile]:
    """The form's two fields; the file lies on the disk from a mebibyte on, wherever the form is read."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Untaken("Send a form, multipart/form-data, with kind and file: the list as CSV in UTF-8 or XLSX")
    try:
        form = await request.form(max_files=1, max_fields=8)
    except HTTPException as error:
        raise Invalid("body", str(error.detail)) from error
    kind, file = form.get("kind"), form.get("file")
    if kind not in COLUMNS:
        raise Invalid("kind", f"is one of {', '.join(COLUMNS)}")
    if not isinstance(file, UploadFile):
        raise Invalid("file", "is missing")
    if (file.size or 0) > LARGEST:
        raise Invalid("file", f"may have {LARGEST} bytes")
    return kind, file  # type: ignore[return-value]  # a key of COLUMNS


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(commands.imports.PART):
        yield part


async def _file(name: str, rows: list[Any], form: Form, *, rightward: bool = True) -> Response:
    content = await asyncio.to_thread(sheets.written, rows, form, rightward=rightward)
    return web.attached(content, f"{name}.{form}", sheets.MEDIA[form])
