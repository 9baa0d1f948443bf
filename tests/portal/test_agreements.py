"""What a meeting needs and agrees, by form and without script; the tasks that follow, by those whose they are, up to their files and facts."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.test_looks import faultless
from tests.portal.world import World, cookies, opened, rows

CONVENOR, OWNER, ELSEWHERE = "coordinator", "contact-point", "national-editor"
"""Of all countries; of Tunisia alone; of Albania alone."""
HELD = {"country": "NL", "kind": "coordination_case", "started": "2026-03-02T08:00:00Z", "ended": "2026-03-02T10:00:00Z"}


def here(page: Page, region: str) -> Any:
    return page.get_by_role("region", name=region, exact=True)


async def send(page: Page, link: str, button: str, **fields: str) -> None:
    """Open a step of the thing, fill what it asks, send it, and be told that it is done."""
    await here(page, "What can be done now").get_by_role("link", name=link, exact=True).click()
    for label, value in fields.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if await field.evaluate("element => element.tagName") == "SELECT":
            await field.select_option(label=value)
        else:
            await field.fill(value)
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()


async def lines(world: World, state: Any, path: str) -> list[dict[str, str]]:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(state)) as http:
        answer = await http.get(path)
    assert answer.headers["content-type"].startswith("text/csv"), answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def held(world: World, title: str) -> str:
    return str((await world.house.told("meetings", "POST", "/held-meetings", json={**HELD, "title": {"en": title}}))["id"])


async def decided(world: World, meeting: str, **text: str) -> str:
    body = {"kind": "action", "text": text or {"en": "The accounts are frozen"}}
    return str((await world.house.told("meetings", "POST", f"/meetings/{meeting}/decisions", json=body))["decisions"][-1]["id"])


async def given(world: World, meeting: str, decision: str, **more: Any) -> dict[str, Any]:
    body = {"country": "TN", "text": {"en": "Freeze the accounts"}, "due": "2026-03-20", **more}
    return dict(await world.house.told("meetings", "POST", f"/meetings/{meeting}/decisions/{decision}/action-items", json=body))


@pytest.fixture(scope="module")
async def office(world: World) -> str:
    """An authority of Tunisia that can be found by a part of its name."""
    body = {"reference": "tn-zaituna", "name": {"en": "Bureau Zaituna"}, "kind": "fiu", "country": "TN", "zone": "Africa/Tunis"}
    return str((await world.house.told("contacts", "POST", "/authorities", json=body))["id"])


async def test_support_is_asked_for_and_confirmed_in_part_with_its_cost(world: World, browser: Browser, signed_in: Any) -> None:
    body = {"country": "NL", "kind": "coordination_case", "title": {"en": "Four languages"}}
    meeting = (await world.house.told("meetings", "POST", "/meetings", json=body))["id"]
    async with opened(browser, world, signed_in[CONVENOR], java_script_enabled=False) as page:
        await page.goto(f"/en/meetings/{meeting}")
        await expect(here(page, "Support")).to_contain_text("has been asked for")
        await here(page, "What can be done now").get_by_role("link", name="Ask for support").click()
        await page.get_by_label("Kind").select_option(label="Interpretation")
        pairs = page.get_by_label("Language pairs")
        for wrong, said in (
            ("albanian to english", "Write one pair a line"),
            ("sq > sq", "two different"),
            ("", "needs at least one pair"),
        ):
            await pairs.fill(wrong)
            await page.get_by_role("button", name="Ask for this").click()
            await expect(pairs).to_have_accessible_description(re.compile(said))
            await expect(pairs).to_have_value(wrong)
        await pairs.fill("sq > en\nen > fr > SQ\n")
        await page.get_by_label("Booths").fill("2")
        await page.get_by_label("Note").fill("All day")
        await page.get_by_role("button", name="Ask for this").click()
        row = rows(page, "Support")
        await expect(row).to_contain_text(
            re.compile(r"Albanian into English\s*English into Albanian by way of French\s*2 booths\s*All day")
        )
        await expect(row).to_contain_text(re.compile(r"not yet.*not known", re.DOTALL))
        await confirm(page)
        told = here(page, "How it came about").locator("b")
        await expect(told).to_have_text(["Support confirmed", "Support asked for", "Proposed"])
    (line,) = await lines(world, signed_in[CONVENOR], f"/en/meetings/{meeting}/support.csv")
    assert (line["Confirmed pairs"], line["Cost"], line["Currency"]) == ("Albanian into English", "840.50", "EUR")
    kept = (await world.house.told("meetings", "GET", f"/meetings/{meeting}"))["support"][0]
    assert kept["pairs"] == [{"source": "sq", "target": "en", "relay": None}, {"source": "en", "target": "sq", "relay": "fr"}]
    assert kept["cost"] == {"amount_minor": 84050, "currency": "EUR", "exponent": 2}


async def confirm(page: Page) -> None:
    """One pair of two; the cost in whole units, first without its currency and then with more decimals than that has."""
    await rows(page, "Support").get_by_role("link", name="Confirm").click()
    pairs, cost = page.get_by_label("Language pairs"), page.get_by_label("Cost")
    await expect(pairs).to_have_value("sq > en\nen > fr > sq")
    await pairs.fill("sq > de")
    await page.get_by_role("button", name="Confirm this").click()
    await expect(pairs).to_have_accessible_description(re.compile("only pairs that were asked for"))
    await pairs.fill("sq > en")
    await cost.fill("840,505")
    await page.get_by_role("button", name="Confirm this").click()
    await expect(cost).to_have_accessible_description(re.compile("Choose the currency, too."))
    await page.get_by_label("Currency").select_option(label="Euro (EUR)")
    await page.get_by_role("button", name="Confirm this").click()
    await expect(cost).to_have_accessible_description(re.compile("no more decimals"))
    await cost.fill("840,50")
    await page.get_by_role("button", name="Confirm this").click()
    await expect(rows(page, "Support")).to_contain_text(re.compile(r"Albanian into English\s*€840\.50\s*$"))
    await rows(page, "Support").get_by_role("link", name="Confirm anew").click()
    await expect(pairs).to_have_value("sq > en")
    await expect(cost).to_have_value("840.50")
    await page.get_by_role("button", name="Confirm this").click()
    await expect(page.get_by_role("alert")).to_contain_text("It is confirmed like this already.")
    await page.get_by_role("link", name="Cancel").click()


async def test_a_decision_is_adopted_in_two_languages_amended_and_superseded(world: World, browser: Browser, signed_in: Any) -> None:
    meeting = await held(world, "Decisions in two languages")
    async with opened(browser, world, signed_in[CONVENOR], java_script_enabled=False) as page:
        await page.goto(f"/fr/meetings/{meeting}")
        await page.get_by_role("link", name="Adopter une décision").click()
        await page.get_by_label("Type", exact=True).select_option(label="Question juridique")
        await page.get_by_role("button", name="Enregistrer cette décision").click()
        await expect(page.get_by_role("group", name="Ce qui a été convenu")).to_have_accessible_description(re.compile("remplir"))
        await page.get_by_label("français").fill("Une autorité poursuit.\nLes autres aident.")
        await page.get_by_label("anglais").fill("One authority prosecutes.")
        await page.get_by_role("button", name="Enregistrer cette décision").click()
        await expect(rows(page, "Décisions")).to_contain_text(
            re.compile(r"Une autorité poursuit\.\s+Les autres aident\.\s*anglais\s*One auth")
        )
        await page.goto(f"/en/meetings/{meeting}")
        await rows(page, "Decisions").get_by_role("link", name="Put in other words – Decision 1").click()
        await expect(page.get_by_label("French")).to_have_value("Une autorité poursuit.\nLes autres aident.")
        await page.get_by_role("button", name="Record these words").click()
        await expect(page.get_by_role("alert")).to_contain_text("It says so already.")
        await page.get_by_label("English").fill("One authority leads.")
        await page.get_by_role("button", name="Record these words").click()
        await expect(rows(page, "Decisions")).to_contain_text(re.compile(r"One authority leads\.\s*French\s*Une autorité"))
        await here(page, "What can be done now").get_by_role("link", name="Adopt a decision").click()
        await page.get_by_label("Kind").select_option(label="Measure to apply")
        await page.get_by_label("English").fill("Two authorities lead.")
        await page.get_by_label("In place of").select_option(label="Legal issue: One authority leads.")
        await page.get_by_role("button", name="Record this decision").click()
        first, second = rows(page, "Decisions").nth(0), rows(page, "Decisions").nth(1)
        await expect(first).to_contain_text(re.compile(r"Superseded\s*by decision 2"))
        await expect(second).to_contain_text("In force")
        await expect(first.get_by_role("link", name=re.compile("Give a task|other words"))).to_have_count(0)
        await expect(here(page, "Where it counts").get_by_role("link", name="Decisions fulfilled", exact=True)).to_be_visible()
        told = here(page, "How it came about").locator("b")
        steps = ["A decision replaced", "A decision adopted", "A decision put in other words", "A decision adopted", "Held"]
        await expect(told).to_have_text(steps)
        await world.house.settled()
        await here(page, "How it came about").get_by_role("link", name="Event").first.click()
        await expect(page.get_by_role("main").get_by_role("link", name="Decisions in two languages")).to_be_visible()
    found = await lines(world, signed_in[CONVENOR], f"/en/meetings/{meeting}/decisions.csv")
    assert [line["What was agreed"] for line in found if line["Language"] == "en"] == ["One authority leads.", "Two authorities lead."]
    assert found[0]["Superseded by"] == found[-1]["Identifier"]


async def test_a_task_goes_from_the_decision_to_its_owner_and_back(world: World, browser: Browser, signed_in: Any, office: str) -> None:
    planned = {"country": "NL", "kind": "coordination_case", "title": {"en": "Accounts abroad"}}
    meeting = (await world.house.told("meetings", "POST", "/meetings", json=planned))["id"]
    slot = {"start": HELD["started"], "end": HELD["ended"], "zone": "UTC"}
    await world.house.told("meetings", "POST", f"/meetings/{meeting}/schedule", json=slot)
    async with opened(browser, world, signed_in[CONVENOR], java_script_enabled=False) as page:
        await page.goto(f"/en/meetings/{meeting}")
        await expect(page.get_by_role("link", name="Adopt a decision")).to_have_count(0)
        await send(page, "It took place", "Record that it took place")
        await expect(here(page, "Decisions")).to_contain_text("Nothing is recorded yet that was agreed.")
        await send(page, "Adopt a decision", "Record this decision", Kind="Action to take", English="The accounts are frozen")
        await rows(page, "Decisions").get_by_role("link", name="Give a task").click()
        await page.get_by_label("English").fill("Freeze the accounts at Zaituna")
        await expect(page.get_by_text("Choose the country first, then find who is to do it there.")).to_be_visible()
        await page.get_by_label("Whose task").select_option(label="Tunisia")
        await page.get_by_label("A part of its name").fill("zaitu")
        await page.get_by_role("button", name="Find").click()
        await expect(page.get_by_label("English")).to_have_value("Freeze the accounts at Zaituna")
        await page.get_by_label("Authority: Bureau Zaituna").check()
        await page.get_by_label("Due").fill("1850-03-20")
        await page.get_by_role("button", name="Give this task").click()
        await expect(page.get_by_label("Due")).to_have_accessible_description(re.compile("This is not a date."))
        await expect(page.get_by_label("English")).to_have_value("Freeze the accounts at Zaituna")
        await expect(page.get_by_label("Authority: Bureau Zaituna")).to_be_checked()
        await page.get_by_label("Due").fill("2026-03-20")
        await page.get_by_role("button", name="Give this task").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Task of Tunisia")
        await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()
        address = page.url.split("?")[0]
        await expect(page.get_by_role("main")).to_contain_text(re.compile(r"Assigned\s*Overdue"))
        await expect(page.get_by_role("link", name="Bureau Zaituna")).to_have_attribute("href", f"/en/authorities/{office}")
        await send(page, "Set another day", "Record this day", Due="2199-01-01", **{"Why?": "It waits for others"})
        await expect(page.get_by_role("main")).to_contain_text("first agreed: 20 Mar 2026")
        await expect(page.get_by_role("main")).not_to_contain_text("Overdue")
    await by_its_owner(world, browser, signed_in, address)
    async with opened(browser, world, signed_in[CONVENOR], java_script_enabled=False) as page:
        await page.goto(address)
        await send(page, "It is seen to be done", "Record that it is seen to be done")
        await expect(here(page, "What can be done now")).to_have_count(0)
        steps = ["Seen to be done", "Done", "Under way", "Taken on", "Another day set", "Assigned"]
        await expect(here(page, "How it came about").locator("b")).to_have_text(steps)
        await expect(here(page, "How it came about")).to_contain_text("Another day set · It waits for others")
        await world.house.settled()
        await here(page, "How it came about").get_by_role("link", name="Event").first.click()
        await page.get_by_role("main").get_by_role("link", name="Freeze the accounts at Zaituna").click()
        assert page.url.split("?")[0] == address, "its facts lead back to it"
        await page.get_by_role("link", name="The decision on the page of its meeting").click()
        await expect(rows(page, "Decisions")).to_contain_text(
            re.compile(r"Freeze the accounts at Zaituna.*Tunisia.*Verified.*first agreed")
        )
        await rows(page, "Decisions").get_by_role("link", name="Freeze the accounts at Zaituna").click()
        assert page.url == address


async def by_its_owner(world: World, browser: Browser, signed_in: Any, address: str) -> None:
    """Takes it on, says how far it is, calls it done; what is the convenor's is not offered."""
    async with opened(browser, world, signed_in[OWNER], java_script_enabled=False) as page:
        await page.goto(address)
        offered = here(page, "What can be done now").get_by_role("link")
        await expect(offered).to_have_text(["Take it on", "It is done"])
        await send(page, "Take it on", "Take it on")
        await here(page, "What can be done now").get_by_role("link", name="Say how much is done").click()
        await page.get_by_label("Percent").fill("100")
        await page.get_by_role("button", name="Record how much is done").click()
        await expect(page.get_by_label("Percent")).to_have_accessible_description(re.compile("from 0 to 99"))
        await expect(page.get_by_label("Percent")).to_have_value("100")
        await page.get_by_label("Percent").fill("60")
        await page.get_by_role("button", name="Record how much is done").click()
        await expect(page.get_by_role("main")).to_contain_text(re.compile(r"Done so far\s*60%"))
        await here(page, "What can be done now").get_by_role("link", name="It is done").click()
        await page.get_by_label("Done on").fill(f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}")
        await page.get_by_role("button", name="Record that it is done").click()
        await expect(page.get_by_label("Done on")).to_have_accessible_description(re.compile("lies in the future"))
        await page.get_by_label("Done on").fill("2026-04-02")
        await page.get_by_role("button", name="Record that it is done").click()
        await expect(page.get_by_role("main")).to_contain_text(re.compile(r"Done on\s*2 Apr 2026"))


async def test_who_acts_for_neither_country_can_read_and_is_told_whose_it_is(world: World, browser: Browser, signed_in: Any) -> None:
    meeting = await held(world, "Seen from outside")
    decision = await decided(world, meeting)
    item = await given(world, meeting, decision, country="MK")
    await given(world, meeting, decision, country="XK")
    for person, told in ((OWNER, "what comes next is for: North Macedonia."), (ELSEWHERE, "changing it is for: Contact point,")):
        async with opened(browser, world, signed_in[person], java_script_enabled=False) as page:
            await page.goto(f"/en/action-items/{item['id']}")
            await expect(here(page, "What can be done now").get_by_role("link")).to_have_count(0)
            await expect(here(page, "What can be done now")).to_contain_text(told)
            await page.goto(f"/en/action-items/{item['id']}/accept")
            await expect(page.get_by_role("button", name="Take it on")).to_be_disabled()
            await page.goto(f"/en/meetings/{meeting}")
            await expect(rows(page, "Decisions").get_by_role("link", name="Give a task")).to_have_count(0)
            await expect(page.get_by_role("complementary", name="Footnotes")).to_be_visible()
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in[OWNER])) as http:
        page_of_it = (await http.get(f"/en/action-items/{item['id']}/accept")).text
    assert "You may not act for this country." in page_of_it


async def test_a_form_that_is_refused_is_as_good_to_read_in_each_language(world: World, browser: Browser, signed_in: Any) -> None:
    prepared = {"country": "NL", "kind": "coordination_case", "title": {"en": "Next steps"}}
    asked = (await world.house.told("meetings", "POST", "/meetings", json=prepared))["id"]
    agreed = await held(world, "Words kept")
    await decided(world, agreed, en="The accounts are frozen", de="Die Konten sind gesperrt")
    async with opened(browser, world, signed_in[CONVENOR], bypass_csp=True) as page:
        for language, path in product(("en", "fr", "ar"), (f"{asked}/support", f"{agreed}/decide", f"{agreed}/amend")):
            await page.goto(f"/{language}/meetings/{path}")
            if "decide" in path or "support" in path:
                await page.locator("select[name=kind]").select_option(index=2)
            await page.get_by_role("main").locator("button.primary").click()
            await expect(page.get_by_role("alert")).to_be_focused()
            await faultless(page, language, True)
        await page.goto(f"/en/meetings/{agreed}/amend")
        await expect(page.get_by_label("German")).to_have_value("Die Konten sind gesperrt")
        await page.get_by_label("English").fill("The accounts stay frozen")
        await page.get_by_role("button", name="Record these words").click()
    kept = (await world.house.told("meetings", "GET", f"/meetings/{agreed}"))["decisions"][0]["text"]
    assert kept == {"en": "The accounts stay frozen", "de": "Die Konten sind gesperrt"}, "no translation is lost"


async def test_tasks_are_listed_narrowed_paged_and_taken_along_as_a_file(world: World, browser: Browser, signed_in: Any) -> None:
    meeting = await held(world, "Many tasks at once")
    decision = await decided(world, meeting)
    late = await given(world, meeting, decision, text={"en": "Late in the day"})
    for number in range(52):
        await given(world, meeting, decision, due="2199-01-01", country="MK", text={"en": f"Task {number}"})
    async with opened(browser, world, signed_in[CONVENOR], java_script_enabled=False) as page:
        await page.goto("/en/meetings")
        await page.get_by_role("main").get_by_role("link", name="Action items").click()
        await page.goto(f"/en/meetings/{meeting}")
        await page.get_by_role("link", name="Action items as a list").click()
        await expect(page.get_by_label("Meeting")).to_have_value(meeting)
        await expect(page.get_by_text("50 of 53 action items shown")).to_be_visible()
        await expect(rows(page, "Action items, the soonest due first").first).to_contain_text(
            re.compile(r"Late in the day.*Overdue", re.DOTALL)
        )
        await page.get_by_role("link", name="Next page").click()
        await expect(page.get_by_text("3 of 53 action items shown")).to_be_visible()
        await page.get_by_label("In time or overdue").select_option(label="Overdue")
        await page.get_by_label("Whose task").select_option(label="Tunisia")
        await page.get_by_label("State").select_option(label="Assigned")
        await page.get_by_label("Search").fill("late IN")
        await page.get_by_role("button", name="Apply filters").click()
        row = rows(page, "Action items, the soonest due first")
        await expect(row).to_have_count(1)
        asked = page.url.partition("?")[2]
        assert "overdue=true" in asked
        await page.get_by_label("Search").fill("nothing like it")
        await page.get_by_role("button", name="Apply filters").click()
        await expect(page.get_by_role("heading", name="No action item matches")).to_be_visible()
        await page.goto("/en/action-items?overdue=maybe&meeting=soon")
        await expect(page.get_by_role("alert")).to_contain_text("Choose one of the list.")
    (line,) = await lines(world, signed_in[CONVENOR], f"/en/action-items.csv?{asked}")
    assert (line["Identifier"], line["Whose task"], line["Due"], line["Overdue"]) == (late["id"], "TN", "2026-03-20", "True")
    assert len(await lines(world, signed_in[CONVENOR], f"/fr/action-items.csv?meeting={meeting}")) == 53
