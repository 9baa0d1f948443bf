"""The way of a visitor through every page, with script and without: everything is found as a person finds it, by role and name."""

import re
from itertools import product
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.world import FIGURES, World, opened, rows, tile, well

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
TERMINATED = "Switzerland"


@BOTH
async def test_one_signs_in_by_choosing_a_person_and_out_again(world: World, browser: Browser, script: bool) -> None:
    async with opened(browser, world, java_script_enabled=script) as page:
        await page.goto("/en/partners?kind=network")
        await expect(page.get_by_role("heading", name="Sign in to Concord")).to_be_visible()
        await page.get_by_role("link", name="Sign in", exact=True).click()
        await expect(page.get_by_role("heading", name="Who are you today?")).to_be_visible()
        await page.get_by_role("button", name="Nora Lindqvist").click()
        assert page.url == f"{world.url}/en/partners?kind=network", "back to the page that was wanted"
        await expect(page.get_by_role("banner")).to_contain_text("Nora Lindqvist")
        cookies = [cookie for cookie in await page.context.cookies() if cookie["name"] == "concord"]
        assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [(True, "Lax")]
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in to Concord")).to_be_visible()
        await page.goto("/en/results")
        assert "/en/sign-in" in page.url


@pytest.mark.parametrize(("title", "script"), [*product(FIGURES, [True]), ("Agreements in force", False)])
async def test_a_figure_leads_to_its_rows_and_each_to_its_event(
    world: World, browser: Browser, signed_in: Any, title: str, script: bool
) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto("/en/results")
        await expect(tile(page, title)).to_contain_text(re.compile(rf"\b{FIGURES[title]}\b"))
        await tile(page, title).get_by_role("link").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        contributing = rows(page, "What it counts").filter(has_text=re.compile(r"\byes\b"))
        await expect(contributing).to_have_count(FIGURES[title])
        subject, event = await contributing.first.get_by_role("link").all()
        name = await subject.inner_text()
        await event.click()
        await shows_the_event(world, page, name)


async def shows_the_event(world: World, page: Page, name: str) -> None:
    id_ = page.url.split("/facts/")[1].split("?")[0]
    fact = await world.house.told("reporting", "GET", f"/facts/{id_}", "auditor")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(fact["type"])
    await expect(page.get_by_role("link", name=name)).to_be_visible()
    attributes, data = page.get_by_role("region", name="Attributes"), page.get_by_role("region", name="Data")
    await expect(attributes.get_by_role("row", name="id " + id_)).to_be_visible()
    await expect(attributes.get_by_role("row", name=f"subject {fact['subject']}")).to_be_visible()
    await expect(data.get_by_role("row", name=f"reference {fact['data']['reference']}")).to_be_visible()


@BOTH
async def test_a_country_is_asked_for_as_each_figure_wants(world: World, browser: Browser, signed_in: Any, script: bool) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto("/en/results")
        await page.get_by_label("Country").select_option(label="Albania")
        await page.get_by_role("button", name="Apply filters").click()
        await page.wait_for_url("**country=AL**")
        await expect(tile(page, "Agreements in force")).to_contain_text(re.compile(r"\b1\b"))
        await expect(tile(page, "Mandates to negotiate")).to_contain_text(re.compile(r"\b0\b"))
        await tile(page, "Agreements in force").get_by_role("link").click()
        await expect(rows(page, "What it counts")).to_have_count(1)
        await expect(page.get_by_role("link", name="Albania – International agreement", exact=True)).to_be_visible()


async def test_what_cannot_be_asked_is_said_beside_its_field(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        answer = await page.goto("/en/results?period=soon")
        assert answer is not None
        assert answer.status == 422
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_label("Period")).to_have_accessible_description(re.compile("a year, a month or a day"))
        await page.get_by_role("alert").get_by_role("link").click()
        await expect(page.get_by_label("Period")).to_be_focused()


@BOTH
async def test_partners_are_filtered_and_asked_what_may_be_exchanged(world: World, browser: Browser, signed_in: Any, script: bool) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto("/en/partners")
        everybody = rows(page, "Partners and what was agreed")
        await expect(everybody).to_have_count(76)
        names = [text.split("\n")[0] for text in await everybody.get_by_role("rowheader").all_inner_texts()]
        assert names == sorted(names, key=str.casefold)
        await page.get_by_label("Status").select_option(label="Agreement in force")
        await page.get_by_role("button", name="Apply filters").click()
        await page.wait_for_url("**status=agreement**")
        await expect(everybody).to_have_count(FIGURES["Agreements in force"])
        await page.get_by_role("link", name="Albania").click()
        await expect(page.get_by_role("region", name="What may be exchanged?")).to_contain_text("Allowed")
        await page.get_by_label("On").fill("2020-01-01")
        await page.get_by_role("button", name="Ask").click()
        await page.wait_for_url("**on=2020-01-01**")
        await expect(page.get_by_role("region", name="What may be exchanged?")).to_contain_text(
            "nothing is known of an instrument on that day"
        )
        await page.get_by_label("Data").select_option(label="Contact details of officials")
        await page.get_by_role("button", name="Ask").click()
        await expect(page.get_by_label("Data")).to_have_value("contact_duty")


@BOTH
async def test_the_atlas_finds_a_country_and_who_answers_there(world: World, browser: Browser, signed_in: Any, script: bool) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto("/en/atlas")
        assert await rows(page, "Countries").count() > 40
        await page.get_by_label("Find a country").fill("kosovo")
        await page.get_by_role("button", name="Apply filters").click()
        await page.wait_for_url("**q=kosovo**")
        await expect(rows(page, "Countries")).to_have_count(1)
        await expect(page.get_by_role("complementary", name="Footnotes")).to_contain_text("UNSCR 1244/1999")
        await page.get_by_role("link", name="Kosovo*").click()
        await expect(page.get_by_role("heading", name="Kosovo*")).to_be_visible()
        await expect(rows(page, "Contact points")).to_have_count(1)
        await expect(page.get_by_role("region", name="Authorities").get_by_role("listitem")).to_have_count(6)
        await page.goto("/en/atlas/NL")
        await expect(page.get_by_role("main")).to_contain_text("This country is no registered partner")
        await expect(page.get_by_role("main")).to_contain_text("Nobody has been nominated for this country yet.")


async def test_meetings_are_found_by_what_they_were_about_and_when(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/meetings?state=held")
        await page.get_by_label("Crime type").select_option(label="Swindling and fraud")
        await page.get_by_role("button", name="Apply filters").click()
        assert "crime_type=swindling-and-fraud" in page.url
        found = rows(page, "Meetings, the latest first")
        expected = await world.house.told("meetings", "GET", "/meetings?state=held&crime_type=swindling-and-fraud")
        titles = [row["title"]["en"] for row in expected["items"]]
        assert 0 < len(titles) == await found.count()
        assert [text.split("\n")[0] for text in await found.get_by_role("rowheader").all_inner_texts()] == titles
        await page.get_by_label("From", exact=True).fill("2024-01-02")
        await page.get_by_label("To", exact=True).fill("2024-01-02")
        await page.get_by_role("button", name="Apply filters").click()
        days = [row["at"][:10] for row in expected["items"]]
        await expect(found).to_have_count(days.count("2024-01-02"))


async def test_a_meeting_counts_where_its_page_says(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/meetings?crime_type=terrorism&state=held")
        title = await rows(page, "Meetings, the latest first").first.get_by_role("link").inner_text()
        await page.get_by_role("link", name=title).click()
        counted = page.get_by_role("region", name="Where it counts").get_by_role("link", name="by crime type: Terrorism")
        await counted.click()
        await page.get_by_role("region", name="What it counts").get_by_role("link", name=title, exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        await page.get_by_role("region", name="How it came about").get_by_role("link", name="Event").first.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("meetings.meeting.held.v1")


async def test_a_network_is_found_by_its_crime_type_and_leads_to_what_it_counts_in(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/networks?state=active")
        await page.get_by_label("Crime type").select_option(label="Money laundering")
        await page.get_by_role("button", name="Apply filters").click()
        assert "domain=money-laundering" in page.url
        await expect(rows(page, "Networks and what they are for")).to_have_count(2)
        await page.get_by_role("link", name="National Financial Intelligence Units").click()
        await expect(
            page.get_by_role("region", name="Works with").get_by_role("link", name="National Asset Recovery Offices")
        ).to_be_visible()
        await expect(page.get_by_role("region", name="How it came about").get_by_role("listitem")).to_have_count(2)
        await page.get_by_role("link", name="Networks for priority domains").click()
        await expect(page.get_by_role("main")).to_contain_text("50%")
        await expect(page.get_by_role("main")).to_contain_text("3 events shown for 2 counted")
        await expect(
            page.get_by_role("main").get_by_role("link", name="Special intervention units of Member States", exact=True)
        ).to_be_visible()
        await page.goto("/en/networks")
        await page.get_by_role("link", name="Structures through which countries coordinate").click()
        await page.get_by_role("link", name="International Law Enforcement Coordination Units").click()
        await expect(page.get_by_role("region", name="Parties").get_by_role("link")).to_have_count(10)


async def test_a_tool_that_a_country_uses_is_scored_once_somebody_answers_for_it(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/tools")
        await page.get_by_label("Measure").select_option(label="Handbook")
        await page.get_by_role("button", name="Apply filters").click()
        await rows(page, "Tools and who uses them").get_by_role("link", name="EuroMed Handbook on judicial cooperation").click()
        address = page.url
        await expect(page.get_by_role("region", name="Countries that use it")).to_contain_text("No country has said that it uses it.")
        await page.get_by_role("link", name="A country uses it").click()
        await page.get_by_label("Country").select_option(label="Netherlands")
        await page.get_by_label("Since").fill("2099-02-01")
        await page.get_by_role("button", name="Record that it uses it").click()
        await expect(page.get_by_label("Since")).to_have_accessible_description("This lies in the future.")
        await page.get_by_label("Since").fill("2024-02-01")
        await page.get_by_role("button", name="Record that it uses it").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
        assert page.url.startswith(address)
        await expect(rows(page, "Countries that use it")).to_contain_text(["Netherlands"])
        board = "/en/scoreboard?period=2024&country=NL"
        await page.goto(board)
        practical = page.get_by_role("region", name="Practical tools in use").first
        await expect(practical).to_contain_text("Not covered")
        answered = {"indicator": "iB1", "country": "NL", "start": "2024-01-01", "complete": True, "basis": "recorded", "origin": "a test"}
        await world.house.told("reporting", "POST", "/coverage", json=answered)
        await world.house.settled()
        await page.goto(board)
        await expect(practical).to_contain_text("1 of 8")
        await expect(page.get_by_role("region", name="Capacity building").first).to_contain_text("Not covered")
        await practical.get_by_role("link", name="Tools in use").first.click()
        await expect(page.get_by_role("main")).to_contain_text("12.5%")


async def test_health_is_told_in_words(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await well(page)
        await expect(page.get_by_role("main")).to_contain_text("Everything is well.")
        for service in ("Portal", "Partners", "Contacts", "Reporting", "Sign-in service"):
            await expect(page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=service))).to_contain_text("Ready")
        topics = rows(page, "Topics as Reporting reads them")
        await expect(topics.filter(has_text="partners.instrument.v1")).to_contain_text("up to date")
        assert await topics.count() == len([name for name in world.house.topics if ".personal." not in name])
        await expect(page.get_by_role("region", name="Dead letters")).to_contain_text("It is for: Administrator, Auditor, Operator.")


async def test_filters_are_chips_that_can_be_taken_off(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/partners?q=zzzz&kind=country")
        await expect(page.get_by_role("heading", name="No partner matches")).to_be_visible()
        await page.get_by_role("link", name="Search by name: zzzz").click()
        await page.wait_for_url("**/en/partners?kind=country")
        await expect(rows(page, "Partners and what was agreed").filter(has_text="Albania")).to_have_count(1)


async def test_a_terminated_agreement_counts_for_whoever_asks_before_it_was_known(world: World, browser: Browser, signed_in: Any) -> None:
    """The last of the walk: it changes what the others count."""
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/partners?status=agreement")
        await page.get_by_role("link", name=TERMINATED).click()
        await page.get_by_role("link", name="Next step").click()
        await page.get_by_label("New state").select_option(label="Terminated")
        await page.get_by_role("button", name="Record this step").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()
        await expect(rows(page, "Instruments")).to_contain_text("Terminated")
        await world.house.settled()
        await page.goto("/en/results")
        await expect(tile(page, "Agreements in force")).to_contain_text(re.compile(r"\b12\b"))
        await page.goto(f"/en/results?asof={world.loaded}")
        await expect(tile(page, "Agreements in force")).to_contain_text(re.compile(r"\b13\b"))
        await tile(page, "Agreements in force").get_by_role("link").click()
        await expect(rows(page, "What it counts")).to_have_count(13)
        await page.goto("/en/results/iP1")
        await expect(rows(page, "What it counts")).to_have_count(12)
        await expect(page.get_by_role("link", name=TERMINATED)).to_have_count(0)


@BOTH
async def test_a_name_is_found_in_spite_of_its_spelling_and_what_was_meant_is_offered(
    world: World, browser: Browser, signed_in: Any, script: bool
) -> None:
    named = {"name": {"en": "Kreshnik Tribunal", "ar": "محكمة الاستئناف"}, "country": "AL", "zone": "Europe/Tirane", "kind": "court"}
    reference = f"walk:search:{'script' if script else 'none'}"
    await world.house.told("contacts", "POST", "/authorities", "national_editor", json={**named, "reference": reference})
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto("/en/atlas")
        if script:
            await page.keyboard.press("/")
        else:
            await page.get_by_label("Search for an office, a function or a speciality").focus()
        await page.keyboard.type("kreshnk tribunl")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Search in the Atlas")
        await expect(rows(page, "Matches").first).to_contain_text("Kreshnik Tribunal")
        await page.get_by_role("link", name="kreshnik tribunal", exact=True).click()
        await expect(page.get_by_label("Search", exact=True)).to_have_value("kreshnik tribunal")
        await page.goto("/ar/search?q=محكمه الإستئناف&country=AL")
        await expect(page.get_by_role("rowheader").first).to_contain_text("محكمة الاستئناف")
        file = await page.request.get("/en/search.csv?q=kreshnik")
        assert "Kreshnik Tribunal" in await file.text()
