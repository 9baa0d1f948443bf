"""Meetings by form: every step of one, what is refused beside its field, what changed meanwhile, and what is sent twice."""

import re
from typing import Any

import httpx
from playwright.async_api import Browser, Page, expect

from tests.portal.world import World, cookies, opened, rows


async def test_a_meeting_is_taken_from_its_proposal_to_its_correction(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/meetings")
        await page.get_by_role("link", name="Propose a meeting").click()
        await page.get_by_label("Title").fill("Joint check of border crossings")
        await page.get_by_label("Kind").select_option(label="National coordination")
        await page.get_by_label("Drug trafficking").check()
        await page.get_by_label("Convened by").select_option(label="Netherlands")
        await page.get_by_label("Countries taking part").select_option(label=["Netherlands", "Albania"])
        await page.get_by_label("Duration in minutes").fill("soon")
        await page.get_by_role("button", name="Propose it").click()
        await expect(page.get_by_label("Duration in minutes")).to_have_accessible_description("Give a whole number of minutes, at least 5.")
        await expect(page.get_by_label("Drug trafficking")).to_be_checked()
        await page.get_by_label("Duration in minutes").fill("120")
        await page.get_by_role("button", name="Propose it").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()
        await expect(rows(page, "Delegations")).to_have_count(2)
        await schedule(page)
        await hold(page)
        await correct_and_retract(page)


async def schedule(page: Page) -> None:
    """On another clock than the reader's, first at a time that this clock skips."""
    await page.get_by_role("link", name="Set a time").click()
    await page.get_by_label("On whose clock").select_option("Europe/Athens")
    for begin, end in (("2026-03-29T03:30", "2026-03-29T05:30"), ("2026-03-30T11:00", "2026-03-30T09:00")):
        await page.get_by_label("Begins").fill(begin)
        await page.get_by_label("Ends").fill(end)
        await page.get_by_role("button", name="Set this time").click()
    await expect(page.get_by_label("Ends")).to_have_accessible_description("This must lie after the beginning.")
    await page.get_by_label("Begins").fill("2026-03-29T03:30")
    await page.get_by_role("button", name="Set this time").click()
    await expect(page.get_by_label("Begins")).to_have_accessible_description(re.compile("Clocks there skip this time."))
    await page.get_by_label("Begins").fill("2026-03-30T11:00")
    await page.get_by_label("Ends").fill("2026-03-30T13:00")
    await page.get_by_role("button", name="Set this time").click()
    await expect(page.get_by_role("main")).to_contain_text("30 Mar 2026 10:00 CEST", use_inner_text=True)
    await expect(page.get_by_role("main")).to_contain_text("On the host’s clock: 30 Mar 2026 11:00 (Europe/Athens)")


async def hold(page: Page) -> None:
    """As it was planned, with nothing typed again."""
    await page.get_by_role("link", name="It took place").click()
    await expect(page.get_by_label("Began")).to_have_value("2026-03-30T11:00")
    await page.get_by_role("button", name="Record that it took place").click()
    await expect(
        page.get_by_role("region", name="Where it counts").get_by_role("link", name="National coordination meetings")
    ).to_be_visible()
    await page.get_by_role("link", name="Who was there").click()
    await page.get_by_label("Judges").fill("2")
    await page.get_by_label("Liaison").fill("many")
    await page.get_by_role("button", name="Record who was there").click()
    await expect(page.get_by_role("group", name="How many of each profession")).to_have_accessible_description("Give whole numbers.")
    await page.get_by_label("Liaison").fill("1")
    await page.get_by_role("button", name="Record who was there").click()
    await expect(page.get_by_role("region", name="Where it counts")).to_contain_text(re.compile(r"Judges\s*2"))


async def correct_and_retract(page: Page) -> None:
    await page.get_by_role("link", name="Say it right").click()
    await page.get_by_label("Finished").fill("2026-03-30T14:00")
    await page.get_by_label("Why?").select_option(label="Typing error")
    await page.get_by_role("button", name="Record the correction").click()
    await page.get_by_role("link", name="Take it back").click()
    await page.get_by_label("Why?").select_option(label="Duplicate")
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()
    told = page.get_by_role("region", name="How it came about").get_by_role("listitem")
    steps = ["Taken back · Duplicate", "Said right · Typing error", "Attendance recorded", "Held", "Time set", "Proposed"]
    assert [(await step.locator("p").nth(1).inner_text()) for step in await told.all()] == steps


async def test_who_changed_it_meanwhile_is_not_overwritten_and_a_form_sent_twice_counts_once(
    world: World, browser: Browser, signed_in: Any
) -> None:
    meeting = await world.house.told("meetings", "POST", "/meetings", json={"kind": "technical", "title": {"en": "Interfaces"}})
    path, slot = f"/meetings/{meeting['id']}", {"start": "2027-01-11T09:00:00Z", "end": "2027-01-11T10:00:00Z", "zone": "UTC"}
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(f"/en{path}/cancel")
        sent = {
            name: await page.get_by_role("main").locator(f"input[name={name}]").input_value() for name in ("form_token", "version", "key")
        }
        await world.house.told("meetings", "POST", f"{path}/schedule", json=slot)
        await page.get_by_label("Why?").select_option(label="No date was found")
        await page.get_by_role("button", name="Cancel this meeting").click()
        await expect(page.get_by_role("alert")).to_contain_text("Somebody changed it while you were deciding.")
        await expect(page.get_by_role("main")).to_contain_text("Scheduled")
        sent |= {name: await page.get_by_role("main").locator(f"input[name={name}]").input_value() for name in ("version", "key")}
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        answers = [await http.post(f"/en{path}/cancel", data={**sent, "reason": "no_date_found"}) for _ in range(2)]
        other = await http.post(f"/en{path}/cancel", data={**sent, "reason": "other"})
        late = await http.get(f"/en{path}/hold")
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, f"/en{path}?done=cancel")] * 2
    assert (other.status_code, "This form was sent before and recorded then." in other.text) == (422, True)
    assert (late.status_code, "Its present state does not allow this." in late.text) == (422, True)
    after = await world.house.told("meetings", "GET", path)
    assert (after["state"], after["version"]) == ("cancelled", 3)


async def test_an_exercise_says_so_on_its_page_and_in_the_list(world: World, browser: Browser, signed_in: Any) -> None:
    told = {"country": "NL", "kind": "coordination_case", "title": {"en": "Dry run at the border"}, "countries": ["NL", "AL"]}
    told |= {"started": "2026-03-02T09:00:00Z", "ended": "2026-03-02T10:00:00Z"}
    exercise: dict[str, Any] = {"headers": {"Concord-Mode": "exercise"}}
    made = await world.house.told("meetings", "POST", "/held-meetings", json=told, **exercise)
    path, agreed = f"/meetings/{made['id']}/decisions", {"kind": "action", "text": {"en": "Try the phone tree"}}
    made = await world.house.told("meetings", "POST", path, json=agreed, **exercise)
    task, path = (
        {"country": "AL", "text": {"en": "Call everybody"}, "due": "2026-03-20"},
        f"{path}/{made['decisions'][0]['id']}/action-items",
    )
    item = await world.house.told("meetings", "POST", path, json=task, **exercise)
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto(f"/en/meetings/{made['id']}")
        await expect(page.get_by_role("main")).to_contain_text("This is an exercise: it changes no figure.")
        await expect(page.get_by_role("region", name="Where it counts")).to_contain_text("In no figure")
        await page.goto("/en/meetings?q=dry+run")
        await expect(rows(page, "Meetings, the latest first")).to_contain_text(["Exercise"])
        await page.goto(f"/en/action-items/{item['id']}")
        await expect(page.get_by_role("main")).to_contain_text("This is an exercise: it changes no figure.")
        await page.goto("/en/action-items?q=call+everybody")
        await expect(rows(page, "Action items, the soonest due first")).to_contain_text(["Exercise"])
