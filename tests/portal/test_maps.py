"""The two maps in a browser: the world as the legal status allows, and networks with what they are linked with."""

from typing import Any

import httpx
from playwright.async_api import Browser, expect

from tests.portal.world import World, cookies, opened, rows


async def test_the_map_shows_what_the_list_says_and_leads_to_the_same_places(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/atlas")
        listed = await rows(page, "Countries").count()
        drawn = page.locator(".world a")
        assert await drawn.count() == listed > 20, "each country of the list is on the map"
        albania = page.locator(".world use[href$='#AL']")
        assert (await albania.bounding_box() or {})["width"] > 3, "what is in another file is drawn"
        arrangement = page.locator(".world-arrangement").first
        assert "url" in await arrangement.evaluate("at => getComputedStyle(at).fill"), "hatched"
        await page.get_by_role("navigation", name="Part of the map").get_by_role("link", name="Western Balkans").click()
        assert page.url.endswith("/en/atlas?view=balkans")
        near = (await albania.bounding_box() or {})["width"]
        assert near > 60, "seen from nearer"
        await albania.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Albania")
        await page.goto("/en/atlas?status=working_arrangement&view=nowhere")
        assert await drawn.count() == await rows(page, "Countries").count() == await page.locator(".world-arrangement").count()


async def test_no_key_stops_on_the_map_and_a_filter_keeps_its_part(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto("/en/atlas?view=med")
        stops = page.locator(".world a[href]")
        assert await stops.evaluate_all(
            "all => all.length > 20 && all.every(each => each.tabIndex === -1 && each.closest('[aria-hidden=true]'))"
        )
        await page.get_by_label("Status", exact=True).select_option("agreement")
        await page.wait_for_url("**status=agreement**")
        await expect(page.get_by_role("navigation", name="Part of the map").get_by_role("link", name="Mediterranean")).to_have_attribute(
            "aria-current", "true"
        )


async def test_the_map_is_one_file_that_is_kept(world: World, signed_in: Any) -> None:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        shown = (await http.get("/ar/atlas")).text
        address = shown.split('<use class="world-land" href="', 1)[1].split("#", 1)[0]
        await http.get(address)
        served = await http.get(address)
    assert served.headers["content-type"] == "image/svg+xml"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["content-encoding"] == "gzip"
    assert 'id="XK"' in served.text
