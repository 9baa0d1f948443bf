"""Spreadsheets that come in, as rows of text: CSV in UTF-8 (comma, semicolon or tab), and XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import IO

import python_calamine as calamine

from services.contacts.domain.lists import MOST_ROWS, Unreadable
from shared.sheets import Form

ZIP = b"PK\x03\x04"
OTHER = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"<!DOCTYPE", b"<html", b"<?xml")
"""How files begin that people take for a list: pages, letters, pictures, and spreadsheets of the time before XLSX."""
UNPACKED = 400 * 2**20
"""Bytes that the parts of an XLSX may have when unpacked: a small file can hold endless zeros."""
LONGEST = 10_000
"""Characters in one cell."""
Row = tuple[int, list[str]]
"""The number of a row as a spreadsheet shows it, and its cells."""


def format_of(head: bytes) -> Form:
    """What a file is, by its first bytes and not by its name. Raises `Unreadable` for what is neither."""
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(OTHER) or b"\0" in head[:4096]:
        raise Unreadable("is neither CSV in UTF-8 nor XLSX")
    return "csv"


def rows(file: IO[bytes], kind: Form) -> Iterator[Row]:
    """Every row that is not empty, the headings first. Raises `Unreadable`."""
    found = False
    for number, cells in _xlsx(file) if kind == "xlsx" else _csv(file):
        if any(cells):
            found = True
            yield number, cells
        if number > MOST_ROWS + 1:
            raise Unreadable(f"a list may have {MOST_ROWS} rows")
    if not found:
        raise Unreadable("the file is empty")


def _csv(file: IO[bytes]) -> Iterator[Row]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.field_size_limit(LONGEST)
    try:
        first = text.readline()
        separator = max(",;\t", key=first.count)
        for number, cells in enumerate(csv.reader(chain([first], text), delimiter=separator, strict=True), 1):
            yield number, [_plain(cell) for cell in cells]
    except UnicodeDecodeError as error:
        raise Unreadable("the text is not in UTF-8") from error
    except csv.Error as error:
        raise Unreadable(f"the text is no CSV: {error}") from error
    finally:
        text.detach()


def _xlsx(file: IO[bytes]) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise Unreadable("the spreadsheet is too large when unpacked")
        file.seek(0)
        sheet = calamine.load_workbook(file).get_sheet_by_index(0)
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(cell) for cell in cells]
    except (zipfile.BadZipFile, calamine.CalamineError, ValueError, OSError) as error:
        raise Unreadable("this is no XLSX that can be read") from error


def _text(cell: object) -> str:
    """A cell as it would be typed: whole numbers without a point, days in ISO 8601."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return _plain(str(cell))


def _plain(cell: str) -> str:
    """Without the blanks around it, and without the sign that our own files put before what a spreadsheet would run."""
    cell = cell.strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell
