"""A year at a glance: by month and type, what is assumed, and what was published beside it."""

import re
from typing import Any

from playwright.async_api import Browser, expect

from deploy.local.load.years import centres
from tests.portal.world import World, opened, rows, tile


async def test_a_year_is_told_by_month_and_type_and_what_is_assumed_stays_out_of_the_file(
    world: World, browser: Browser, signed_in: Any
) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/results")
        await expect(page.get_by_role("heading", name="At a glance: 2024, the latest year that is covered")).to_be_visible()
        counted = tile(page, "Coordination meetings")
        await expect(counted).to_contain_text(re.compile(r"\b12\b.*2023 is not covered: no growth is claimed\.", re.DOTALL))
        months = rows(page, "Coordination meetings by month")
        told = [re.split(r"\s+", text.strip()) for text in await months.all_inner_texts()]
        assert [row[0] for row in told][:2] == ["January", "February"]
        assert [int(row[-1]) for row in told] == [12] + 11 * [0]
        types = rows(page, "Coordination meetings by crime type")
        await expect(types.filter(has_text="assumed").get_by_role("rowheader")).to_contain_text(["Organised crime", "Terrorism"])
        await expect(page.get_by_role("main")).to_contain_text("reconstructed from published totals")
        files = {name: await page.request.get(f"/en/results/iEJ1/{name}.csv?period=2024") for name in ("months", "crime-types")}
        lines = {name: (await answer.text()).splitlines()[1:] for name, answer in files.items()}
        assert [line.split(",")[1:3] for line in lines["months"]][0] == ["2024-01", "12"]
        assert {line.split(",")[1] for line in lines["crime-types"]} >= {"Swindling and fraud", "Cybercrime"}
        assert not {line.split(",")[1] for line in lines["crime-types"]} & {"Organised crime", "Terrorism"}
        await months.first.get_by_role("link").click()
        await expect(page.get_by_role("region", name="What it counts")).to_contain_text("12 of 12 events shown")


async def test_a_published_sentence_stands_beside_the_figure_as_it_was_published(world: World, browser: Browser, signed_in: Any) -> None:
    said = next(entry.body for entry in centres() if entry.body.get("statement"))
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/ar/results?period=2024")
        quoted = page.get_by_role("region", name="لمحة سريعة").get_by_text(said["statement"])
        await expect(quoted).to_have_attribute("lang", "en")
