"""Operations by form, without script: planned, acted, reported, certified, completed, corrected; the figure follows, an exercise does not."""

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.portal.world import World, opened, rows

ARRESTS = {"period": "2026", "measure_kind": "arrest"}


async def send(page: Page, link: str, button: str, **fields: str) -> None:
    """Open a step, fill what it asks, send it, and be told that it is done."""
    await page.get_by_role("link", name=link).first.click()
    for label, value in fields.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if await field.evaluate("element => element.tagName") == "SELECT":
            await field.select_option(label=re.compile(value) if value.startswith("^") else value)
        else:
            await field.fill(value)
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_role("status").filter(has_text=re.compile("Recorded|Taken back"))).to_be_visible()


async def test_an_operation_is_taken_from_its_proposal_to_a_correction_that_lowers_a_figure(
    world: World, browser: Browser, signed_in: Any
) -> None:
    coverage = {"indicator": "iD4", "start": "2026-01-01", "complete": True, "basis": "recorded", "origin": "the desk's own records"}
    await world.house.told("reporting", "POST", "/coverage", json=coverage)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/operations")
        await page.get_by_role("link", name="Propose an operation").click()
        await page.get_by_label("Countries taking part").select_option(label=["Albania", "Netherlands"])
        await page.get_by_label("Mandate from").fill("2026-01-10")
        await page.get_by_label("Title").fill("North wind")
        await page.get_by_label("Kind").select_option(label="Task force")
        await page.get_by_label("Led by").select_option(label="Netherlands")
        await page.get_by_role("button", name="Propose it").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("North wind")
        await send(page, "Approve it", "Approve this operation")
        await send(page, "Launch it", "Record the launch", Launched="2026-01-12T09:00")
        await send(page, "Plan an action day", "Plan it", Title="First day", All_act_at="2026-02-03T05:00")
        for country in ("Albania", "Netherlands"):
            await send(page, "Confirm readiness", "Confirm that it is ready", Country=country)
        await send(page, "It began", "Record that it began")
        await expect(rows(page, "Action days")).to_contain_text(["Running"])
        await send(page, "Report a result", "Report this total", Country="Netherlands", Measure="Arrests", How_many_in_all="12")
        await expect(rows(page, "Results by country")).to_contain_text("not yet")
        await send(page, "Certify results", "Certify all that this country reported", Country="Netherlands")
        await send(page, "It is over", "Record that it is over", Ended="2026-02-10T09:00")
        await expect(
            page.get_by_role("region", name="Where it counts").get_by_role("link", name="Certified results: Arrests")
        ).to_be_visible()
        await world.house.settled()
        assert await world.house.value("iD4", **ARRESTS) == "12"
        await page.get_by_role("link", name="Correct a certified result").click()
        await page.get_by_label("Result").select_option(label="Netherlands – Arrests (12)")
        await page.get_by_label("How many in all").fill("few")
        await page.get_by_label("Why?").select_option(label="Duplicate")
        await page.get_by_role("button", name="Record the correction").click()
        await expect(page.get_by_label("How many in all")).to_have_accessible_description(re.compile("Give a whole number, 0 or more."))
        await page.get_by_label("How many in all").fill("10")
        await page.get_by_role("button", name="Record the correction").click()
        await expect(rows(page, "Results by country")).to_contain_text(re.compile(r"Arrests\s*10\s*10"))
        await world.house.settled()
        assert await world.house.value("iD4", **ARRESTS) == "10"
        await page.get_by_role("region", name="Where it counts").get_by_role("link", name="Certified results: Arrests").click()
        await expect(page.get_by_role("region", name="The figure")).to_contain_text(re.compile(r"The figure\s*10\s"))
        await expect(rows(page, "What it counts")).to_have_text(re.compile(r"North wind.*10\s*$", re.DOTALL))
        await page.goto("/en/results/iD4?period=2026")
        await page.get_by_role("region", name="The figure").get_by_role("link", name="Arrests").click()
        await expect(page.get_by_role("region", name="The figure")).to_contain_text(re.compile(r"The figure\s*10\s"))


async def test_an_exercise_says_so_on_its_page_and_counts_nowhere(world: World, browser: Browser, signed_in: Any) -> None:
    body = {
        "country": "NL",
        "kind": "joint",
        "title": {"en": "Dry run"},
        "launched": "2026-03-01T09:00:00Z",
        "ended": "2026-03-02T09:00:00Z",
    }
    told = [{"country": "NL", "measure_kind": "arrest", "total": 500}]
    made = await world.house.told(
        "operations", "POST", "/recorded-operations", json={**body, "results": told}, headers={"Concord-Mode": "exercise"}
    )
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto(f"/en/operations/{made['id']}")
        await expect(page.get_by_role("main")).to_contain_text("This is an exercise: it changes no figure.")
        await expect(page.get_by_role("region", name="Where it counts")).to_contain_text("In no figure")
        await page.goto("/en/operations?q=dry")
        await expect(rows(page, "Operations, the latest first")).to_contain_text(["Exercise"])
    await world.house.settled()
    assert int(await world.house.value("iD4", **ARRESTS) or 0) < 500
