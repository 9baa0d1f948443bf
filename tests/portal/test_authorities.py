"""What authorities are competent for, by form and without script: declared, withdrawn, taken back, as it was on a day, and as a file."""

import csv
import io
from typing import Any

import httpx
from playwright.async_api import Browser, Page, expect

from tests.portal.test_contact_points import fill
from tests.portal.world import World, cookies, opened, rows

TABLE = "What it is competent for"


async def office(world: World) -> str:
    body = {"reference": "ee:fiu", "name": {"en": "Bureau of money flows"}, "kind": "fiu", "country": "EE", "zone": "Europe/Tallinn"}
    return str((await world.house.told("contacts", "POST", "/authorities", json=body))["id"])


async def declare(page: Page, since: str, *ticked: str, **fields: str) -> None:
    await page.get_by_role("link", name="Declare a competence").click()
    for words in ticked:
        await page.get_by_label(words, exact=True).check()
    await fill(page, First_day=since, **fields)
    await page.get_by_role("button", name="Declare it").click()


async def lines(world: World, state: Any, path: str) -> list[dict[str, str]]:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(state)) as http:
        answer = await http.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_a_competence_is_declared_withdrawn_taken_back_and_remembered(world: World, browser: Browser, signed_in: Any) -> None:
    at = f"/en/authorities/{await office(world)}"
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(at)
        await expect(page.get_by_text("It has declared no competence yet.")).to_be_visible()
        await declare(page, "2025-01-01", "Cybercrime", "Freeze assets", Territory="LV-11")
        await expect(page.get_by_role("alert")).to_contain_text("This lies in another country.")
        await fill(page, Territory="EE-37, EE-79", Stage_of_proceedings="Trial")
        await page.get_by_role("button", name="Declare it").click()
        await expect(rows(page, TABLE)).to_contain_text("Cybercrime")
        await expect(rows(page, TABLE)).to_contain_text("EE-37, EE-79")
        await expect(rows(page, TABLE)).to_contain_text("since 1 Jan 2025")
        await rows(page, TABLE).get_by_role("link", name="Withdraw").click()
        await fill(page, First_day_without_it="2024-12-01")
        await page.get_by_role("button", name="Withdraw the competence").click()
        await expect(page.get_by_role("alert")).to_contain_text("First day without it")
        await fill(page, First_day_without_it="2025-07-01")
        await page.get_by_role("button", name="Withdraw the competence").click()
        await expect(rows(page, TABLE)).to_contain_text("until 1 Jul 2025")
        await declare(page, "2025-06-01", "Terrorism")
        await expect(rows(page, TABLE)).to_have_count(2)
        await rows(page, TABLE).nth(1).get_by_role("link", name="Take back").click()
        await fill(page, **{"Why?": "Wrong date"})
        await page.get_by_role("button", name="Take the newest step back").click()
        history = page.get_by_role("region", name="How it came about").get_by_role("listitem")
        await expect(history.first).to_contain_text("Competence taken back")
        await expect(history.last).to_contain_text("Registered")
        await page.get_by_label("As it was on").fill("2025-06-15")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(rows(page, TABLE)).to_have_count(1)
        await page.get_by_label("As it was on").fill("2025-07-01")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("It had no competence on that day.")).to_be_visible()
    told = await lines(world, signed_in["visitor"], f"{at}/competences.csv")
    assert [(row["Crime types"], row["Territory"], row["First day"], row["State"]) for row in told] == [
        ("Cybercrime", "EE-37; EE-79", "2025-01-01", "Withdrawn"),
        ("Terrorism", "", "2025-06-01", "Taken back"),
    ]
    assert [row["Event"] for row in await lines(world, signed_in["visitor"], f"{at}/history.csv")] == [
        "Registered",
        "Competence declared",
        "Competence withdrawn",
        "Competence declared",
        "Competence taken back",
    ]


async def test_who_may_not_declare_reads_who_may(world: World, browser: Browser, signed_in: Any) -> None:
    found = (await world.house.told("contacts", "GET", "/authorities?country=MK"))["items"][0]
    async with opened(browser, world, signed_in["visitor"], java_script_enabled=False) as page:
        await page.goto(f"/en/authorities/{found['id']}")
        await expect(page.get_by_role("link", name="Declare a competence")).to_have_count(0)
        await expect(page.get_by_role("region", name=TABLE)).to_contain_text("An administrator can grant the role.")
        await page.goto(f"/en/authorities/{found['id']}/declare")
        await expect(page.get_by_role("button", name="Declare it")).to_be_disabled()
