"""Tables as files: what a spreadsheet shows is what was meant, and nothing of it runs."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import python_calamine as calamine

from shared.sheets import cell, written

ROW = ["=1+1", "-12.5", "+cmd", "@x", "a,b", None, datetime(2026, 11, 25, 6, tzinfo=UTC)]


def read(content: bytes) -> list[list[object]]:
    return calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def test_a_csv_file_runs_nothing_and_says_when_with_its_zone() -> None:
    said = written([ROW], "csv").decode("utf-8")
    assert said == "\ufeff'=1+1,-12.5,'+cmd,'@x,\"a,b\",,2026-11-25T06:00:00+00:00\r\n"


def test_a_phone_stays_a_phone() -> None:
    assert cell("+3554000000") == "'+3554000000", "a spreadsheet would drop the sign"


def test_an_xlsx_file_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    content = written([["A"] * 7, ROW, [7, "0.25", Decimal("1e3"), "007", "1234567890123456", True, "x" * 40_000]], "xlsx")
    _, said, more = read(content)
    assert said == ["=1+1", -12.5, "+cmd", "@x", "a,b", "", "2026-11-25T06:00:00+00:00"]
    assert more[:6] == [7, 0.25, "1E+3", "007", "1234567890123456", "True"], "no zero and no digit is lost"
    assert len(str(more[6])) == 32_767
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet, "no formula"


@pytest.mark.parametrize(("rightward", "turned"), [(True, 0), (False, 1)])
def test_a_sheet_runs_as_its_language_does(rightward: bool, turned: int) -> None:
    sheet = zipfile.ZipFile(io.BytesIO(written([["مرحبا"]], "xlsx", rightward=rightward))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count('rightToLeft="1"') == turned
