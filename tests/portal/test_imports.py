"""Lists by the pages alone: sent, found wanting, mended by the file of errors, taken in, and on the pages; and what no list is."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import python_calamine as calamine
from playwright.async_api import Browser, Locator, Page, expect

from services.portal.pages.imports import LARGEST
from tests.portal.world import World, cookies, opened, rows

HEAD = ["Reference", "Name in English", "Kind of authority", "Country code", "Time zone", "Fax"]
RIGHT = ["mt:court", "Court of Appeal of Malta", "court", "MT", "Europe/Malta", ""]
WRONG = ["mt:office", "Office of the Attorney General", "prosecutor", "MT", "Malta Time", ""]
MORE = 51
"""So that they do not all stand on one page."""
MENDED = [*WRONG[:2], "prosecutor_general", "MT", "Europe/Malta", ""]


def listed(path: Path, *lines: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *lines])
    return path


async def send(page: Page, file: Path | dict[str, Any], kind: str = "Authorities") -> None:
    """By the form that the list of lists leads to."""
    await page.goto("/en/imports")
    await page.get_by_role("link", name="Send a list").click()
    await page.get_by_label("Kind of list").select_option(label=kind)
    await page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Send it and have it looked through").click()


async def reloaded(page: Page, there: Locator) -> None:
    """Without script the number moves by reloading, which is what the link does."""
    for _ in range(60):
        if await there.count():
            return
        await page.get_by_role("link", name="Show how far it is now").click()
        await page.wait_for_timeout(200)
    await expect(there).to_be_visible()


async def test_a_list_with_an_error_is_mended_by_its_file_and_taken_in(
    world: World, browser: Browser, signed_in: Any, tmp_path: Path
) -> None:
    sent = listed(tmp_path / "offices.csv", RIGHT, WRONG)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await send(page, sent)
        await reloaded(page, page.get_by_text("1 row has errors."))
        await expect(page.get_by_role("main")).to_contain_text("Columns that nobody knows were left aside: F")
        found = [await row.inner_text() for row in await rows(page, "What is wrong").all()]
        assert [re.split(r"\s*\t\s*", row) for row in found] == [
            ["3", "Kind of authority", "is not in code list institution_kind; prosecution may be meant"],
            ["3", "Time zone", "is no IANA time zone such as Europe/Tirane"],
        ]
        async with page.expect_download() as taken:
            await page.get_by_role("link", name="CSV – What is wrong", exact=True).click()
        file = tmp_path / "errors.csv"
        await (await taken.value).save_as(file)
        lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        assert [line[:2] for line in lines] == [["Row", "Column"], ["3", "Kind of authority"], ["3", "Time zone"]]
        await page.get_by_role("link", name="Discard it").click()
        await page.get_by_role("button", name="Discard it").click()
        await expect(page.get_by_role("status").first).to_contain_text("Nothing of it was taken in.")
        await page.goto("/en/atlas/MT")
        await expect(page.get_by_role("link", name=RIGHT[1])).to_have_count(0)
    more = [[f"mt:police:{number:02}", f"Police station {number}", "police", "MT", "Europe/Malta", ""] for number in range(MORE)]
    await _taken_in(world, browser, signed_in, listed(sent, RIGHT, MENDED, *more))


async def _taken_in(world: World, browser: Browser, signed_in: Any, mended: Path) -> None:
    """With script the number moves by itself."""
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await send(page, mended)
        await expect(page.get_by_text("Every row can be taken in.")).to_be_visible()
        await page.get_by_role("link", name="Take it in").click()
        await expect(page.get_by_role("main")).to_contain_text("All rows are taken in together, or none of them.")
        await page.get_by_role("button", name="Take it in").click()
        await expect(page.get_by_text(f"{MORE + 2} rows were taken in.")).to_be_visible()
        await page.goto("/en/atlas/MT")
        for name in (RIGHT[1], MENDED[1]):
            await expect(page.get_by_role("link", name=name)).to_be_visible()
        offices = page.get_by_role("region", name="Authorities")
        await expect(offices).to_contain_text(f"50 of {MORE + 2} shown")
        await offices.get_by_role("link", name="Next page").click()
        await expect(offices.get_by_role("listitem").filter(has_text="Police station")).to_have_count(MORE - 48)
        lines = (await (await page.request.get("/en/atlas/MT/authorities.csv")).text()).splitlines()
        assert len(lines) == MORE + 3, "the file holds every one"
        await page.goto("/en/imports?kind=authorities")
        newest = rows(page, "Lists, the newest first").first
        await expect(newest).to_contain_text("Taken in")
        await expect(newest).to_contain_text("user:")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 x", "This is neither CSV in UTF-8 nor XLSX. Save the list as one of them."),
        (b"x" * (LARGEST + 1), "The file is too large: it may have 20 MiB."),
    ],
    ids=["empty", "pdf", "large"],
)
async def test_what_no_list_is_is_said_beside_the_file(
    world: World, browser: Browser, signed_in: Any, tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await send(page, tmp_path / "list.csv")
        await expect(page.get_by_label("File", exact=True)).to_have_accessible_description(re.compile(re.escape(why)))
        await expect(page.get_by_role("alert")).to_contain_text(why)
        await expect(page.get_by_label("Kind of list")).to_have_value("authorities")


async def test_what_cannot_be_read_says_why_in_the_language_of_the_page(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await send(page, {"name": "list.csv", "mimeType": "text/csv", "buffer": b"Reference,Fax\nx,y"})
        await expect(page.get_by_text("Columns are missing: kind, zone.")).to_be_visible()
        await page.goto(page.url.replace("/en/", "/fr/"))
        await expect(page.get_by_text("Il manque des colonnes : kind, zone.")).to_be_visible()


async def test_a_template_is_an_empty_list_in_the_language_of_the_page(world: World, signed_in: Any) -> None:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        found = await http.get("/ar/imports/template.xlsx?kind=authorities")
        head, example = calamine.load_workbook(io.BytesIO(found.content)).get_sheet_by_index(0).to_python()
        assert (head[0], example[0], example[10]) == ("المرجع", "office:al:moj", "+355 4 000 0000")


async def test_who_may_not_send_one_is_told_who_may(world: World, signed_in: Any) -> None:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["visitor"])) as http:
        for path in ("imports", "imports/new/list"):
            assert "National editor" in (await http.get(f"/en/{path}")).text
