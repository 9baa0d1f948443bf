"""Contact points by form, without script: nominated to ended, seen as they were; details for a purpose alone, logged, and erased."""

import re
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, expect

from tests.portal.world import World, cookies, opened, rows

NAME = "Zenda-Rassendyll"


async def send(page: Page, link: str, button: str, **fields: str) -> None:
    """Open a step, fill what it asks, send it, and be told that it is done."""
    await page.get_by_role("link", name=link, exact=True).first.click()
    await fill(page, **fields)
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_role("status").filter(has_text=re.compile("Recorded|Taken back"))).to_be_visible()


async def fill(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        if await (group := page.get_by_role("group", name=label.replace("_", " "), exact=True)).count():
            await group.get_by_role("radio", name=value).check()
            continue
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if await field.evaluate("element => element.tagName") == "SELECT":
            await field.select_option(label=value)
        else:
            await field.fill(value)


async def nominated(page: Page) -> None:
    """A contact point of Belgium at an authority that is there already, by the forms alone."""
    await page.goto("/en/atlas/BE")
    await page.get_by_role("link", name="Nominate a contact point").click()
    await fill(page, Country="Belgium", Languages="nl native; en fluent", Nominated_on="2026-01-10")
    await fill(page, Family_name=NAME, Given_name="Rudolf", Mail_address="desk@office.example", Phone="+32 2 000 0000")
    await page.get_by_role("button", name="Nominate it").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Belgium")


async def office(world: World) -> str:
    body = {"reference": "be:board", "name": {"en": "Board of prosecutors"}, "kind": "prosecutor_general", "country": "BE"}
    found = (await world.house.told("contacts", "GET", "/authorities?country=BE&q=board"))["items"]
    made = found[0] if found else await world.house.told("contacts", "POST", "/authorities", json=body | {"zone": "Europe/Brussels"})
    return str(made["id"])


async def test_a_contact_point_is_taken_through_its_life_and_shown_as_it_was(world: World, browser: Browser, signed_in: Any) -> None:
    await office(world)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await nominated(page)
        await send(
            page,
            "Designate it",
            "Designate it",
            Authority="Board of prosecutors",
            From="2026-01-20",
            Duty="Office hours",
            End_of_the_term="2199-12-31",
        )
        await expect(page.get_by_role("region", name="Where it serves")).to_contain_text("Board of prosecutors")
        await send(page, "Verify it", "Record the verification", **{"How?": "By a call"}, Verified_on="2026-03-01")
        await send(page, "Note an absence", "Note the absence", First_day="2026-01-21", Last_day="2199-12-30")
        await expect(page.get_by_text(re.compile("Away from 21 Jan 2026"))).to_be_visible()
        await send(page, "Change its post", "Record the post", Languages="nl native; en fluent; fr working")
        await expect(page.get_by_text("French").first).to_be_visible()
        await page.get_by_label("As it was on").fill("2026-01-25")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_role("status").filter(has_text="As it was on 25 Jan 2026")).to_be_visible()
        await expect(page.get_by_text("Never verified")).to_be_visible()
        await expect(page.get_by_text("French")).to_have_count(0)
        await page.get_by_label("As it was on").fill("2025-01-25")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_role("heading", name="It was not there yet")).to_be_visible()
        await page.get_by_role("link", name="Show it as it is now").click()
        await page.get_by_role("link", name="End it", exact=True).click()
        await fill(page, First_day_without_it="2026-01-01", **{"Why?": "Resigned"})
        await page.get_by_role("button", name="End it").click()
        await expect(page.get_by_role("alert")).to_contain_text("First day without it")
        await fill(page, First_day_without_it="2026-05-01")
        await page.get_by_role("button", name="End it").click()
        await expect(page.get_by_role("region", name="How it came about").get_by_role("listitem").first).to_contain_text("Ended")
        await page.goto("/en/atlas/BE")
        await expect(rows(page, "Contact points").get_by_role("link", name="Board of prosecutors").first).to_be_visible()
        vacant = page.get_by_role("listitem").filter(has_text="Prosecutor general")
        await expect(vacant.get_by_role("link", name="vacant since 1 May 2026")).to_be_visible()
        await page.goto("/en/atlas?q=Belgium")
        await expect(rows(page, "Countries")).to_contain_text("3 of 3 seats vacant")
        assert NAME not in await page.content()


async def test_one_of_many_offices_is_found_by_its_name_with_the_keyboard_alone(world: World, browser: Browser, signed_in: Any) -> None:
    told, body = world.house.told, {"kind": "court", "country": "CY", "zone": "Asia/Nicosia"}
    for number in range(25):
        name = "Court of Ruritania" if number == 24 else f"Court {number}"
        await told("contacts", "POST", "/authorities", json=body | {"reference": f"cy:court-{number:02}", "name": {"en": name}})
    point = await told("contacts", "POST", "/contact-points", json={"country": "CY", "appointing_kind": "country"})
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(f"/en/contact-points/{point['id']}/designate")
        offices = page.get_by_role("group", name="Authority")
        await expect(offices.get_by_role("radio")).to_have_count(10)
        await expect(offices).to_contain_text("These are the first of 25.")
        await page.get_by_label("From").fill("2026-01-20")
        await offices.get_by_role("searchbox").focus()
        await page.keyboard.type("RURITANIA")
        await page.keyboard.press("Enter")
        await expect(offices.get_by_role("radio")).to_have_count(1)
        await expect(page.get_by_label("From")).to_have_value("2026-01-20")
        assert (await told("contacts", "GET", f"/contact-points/{point['id']}"))["state"] == "nominated", "looking sends nothing"
        await page.keyboard.press("Tab")
        for key in ("Tab", "Tab", "Tab"):
            if await offices.get_by_role("radio", name="Court of Ruritania").evaluate("radio => radio === document.activeElement"):
                break
            await page.keyboard.press(key)
        await page.keyboard.press("Space")
        await expect(offices.get_by_role("radio", name="Court of Ruritania")).to_be_checked()
        await offices.get_by_role("searchbox").fill("nowhere")
        await offices.get_by_role("button", name="Find").click()
        await expect(offices).to_contain_text("Nothing is found by this name.")
        await expect(offices.get_by_role("radio", name="Court of Ruritania")).to_be_checked()
        await page.get_by_label("Duty").select_option(label="Office hours")
        await page.get_by_label("End of the term").fill("2020-01-01")
        await page.get_by_role("button", name="Designate it").click()
        await expect(page.get_by_role("alert")).to_contain_text("End of the term")
        await expect(offices.get_by_role("radio", name="Court of Ruritania")).to_be_checked()
        await page.get_by_label("End of the term").fill("")
        await page.get_by_role("button", name="Designate it").click()
        await expect(page.get_by_role("region", name="Where it serves")).to_contain_text("Court of Ruritania")


async def test_details_are_shown_for_a_purpose_logged_and_erased_in_two_forms(world: World, browser: Browser, signed_in: Any) -> None:
    await office(world)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await nominated(page)
        assert NAME not in await page.content()
        address = page.url.split("?")[0]
        await page.get_by_role("link", name="Read the details").click()
        assert NAME not in await page.content()
        await page.get_by_label("Purpose").select_option(label="Contact")
        await page.get_by_role("button", name="Read the details").click()
        details = page.get_by_role("region", name="Person")
        await expect(details).to_contain_text(NAME)
        await expect(details.get_by_role("link", name="desk@office.example")).to_be_visible()
        assert NAME not in page.url
        async with page.expect_download() as taken:
            await details.get_by_role("button", name="Download as a vCard").click()
        assert f"N:{NAME};Rudolf;;;" in Path(await (await taken.value).path()).read_text(encoding="utf-8")
        await page.goto(f"{address}/erase")
        await expect(page.get_by_role("button", name="Go on")).to_be_disabled()
    async with opened(browser, world, signed_in["auditor"], java_script_enabled=False) as page:
        await page.goto(address)
        await page.get_by_role("link", name="Who read them").click()
        await expect(rows(page, "Readings, the newest first")).to_have_count(2)
        await expect(rows(page, "Readings, the newest first").first).to_contain_text("Contact")
        await page.get_by_label("Purpose").select_option(label="Audit")
        await page.get_by_role("button", name="Apply filters").click()
        await expect(page.get_by_role("heading", name="No reading matches")).to_be_visible()
        file = page.get_by_role("link", name="Download CSV")
        path = str(await file.get_attribute("href")).replace("purpose=audit", "purpose=contact")
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["auditor"])) as http:
        text = (await http.get(path)).text
        assert "Contact" in text
        assert NAME not in text
    async with opened(browser, world, signed_in["administrator"], java_script_enabled=False) as page:
        await page.goto(address)
        await page.get_by_role("link", name="Erase the person").click()
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_role("alert")).to_contain_text("Do you really want")
        await page.get_by_role("button", name="Yes, erase for ever").click()
        await expect(page.get_by_role("status").filter(has_text="Every count stays")).to_be_visible()
        await expect(page.get_by_role("region", name="Person")).to_contain_text("The person was erased")
        await expect(page.get_by_text("Details were erased: do not ask it")).to_be_visible()
        await expect(page.get_by_text("End it, and nominate who follows.")).to_be_visible()
