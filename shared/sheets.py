"""Tables as files for spreadsheets: nothing in them is run as a formula, and every time stands in ISO 8601 with its offset."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import xlsxwriter

Form = Literal["csv", "xlsx"]
MEDIA: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet takes for a formula."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_EXACT = 15
"""Decimal digits that a spreadsheet keeps of a number."""
_WIDEST, _NARROWEST = 60, 9
"""Characters of a column."""
_LONGEST = 32_767
"""Characters that a cell of XLSX may hold."""


def written(rows: Iterable[Sequence[object]], form: Form, *, rightward: bool = True) -> bytes:
    """Rows as a file, the column titles first; `rightward` False: the columns run from right to left, as Arabic does."""
    return _xlsx(rows, rightward=rightward) if form == "xlsx" else _csv(rows)


def cell(value: object) -> str:
    """A value as text: nothing for None, times in ISO 8601 with offset, and a mark before what a spreadsheet would run."""
    text = _text(value)
    return f"'{text}" if text.startswith(_RUN) and not _NUMBER.fullmatch(text) else text


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    """With the byte order mark by which spreadsheets see UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[object]], *, rightward: bool) -> bytes:
    """Row by row, so that a long list is not held cell by cell; texts stay texts, whatever they look like."""
    out, widths = io.BytesIO(), dict[int, int]()
    told = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, told) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        if not rightward:
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                text = _text(value)[:_LONGEST]
                widths[place] = max(widths.get(place, _NARROWEST), min(len(text), _WIDEST))
                if _counts(value):
                    sheet.write_number(number, place, float(text))
                elif text:
                    sheet.write_string(number, place, text, None if number else bold)
        for place, width in widths.items():
            sheet.set_column(place, place, width + 1)
    return out.getvalue()


def _counts(value: object) -> bool:
    """Is it a number, or the decimal string of one, of which a spreadsheet loses no digit?"""
    text = str(value) if isinstance(value, (int, float, Decimal, str)) and not isinstance(value, bool) else ""
    return bool(_NUMBER.fullmatch(text)) and sum(sign.isdigit() for sign in text) <= _EXACT
