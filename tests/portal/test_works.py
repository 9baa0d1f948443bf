"""What coordinators set up: a network and its link with another, a tool. Last of all pages' tests: they change what others count."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, expect

from tests.portal.world import World, opened, rows


async def test_a_network_is_founded_set_to_work_and_linked_until_it_is_no_longer(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/networks")
        await page.get_by_role("link", name="Found a network").click()
        await page.get_by_label("Reference").fill("Forest Rangers")
        await page.get_by_label("Name").fill("Forest prosecutors")
        await page.get_by_label("Kind").select_option(index=1)
        await page.get_by_label("Level").select_option(label="Regional")
        await page.get_by_label("How often it is to meet").select_option(label="every three months")
        await page.get_by_role("button", name="Record that it is founded").click()
        await expect(page.get_by_label("Reference")).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Reference").fill("forest-prosecutors")
        await page.get_by_role("button", name="Record that it is founded").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Forest prosecutors")
        await page.get_by_role("link", name="It is at work").click()
        await page.get_by_role("button", name="Record that it is at work").click()
        await page.get_by_role("link", name="It works with another network").click()
        await page.get_by_label("Other network").select_option(label="National Asset Recovery Offices")
        await page.get_by_label("What for?").select_option(index=1)
        await page.get_by_role("button", name="Record this link").click()
        linked = page.get_by_role("region", name="Works with").get_by_role("link", name="National Asset Recovery Offices")
        await expect(linked).to_be_visible()
        await page.get_by_role("link", name="It works with another network").click()
        await expect(page.get_by_label("Other network").get_by_role("option", name="National Asset Recovery Offices")).to_have_count(0)
        await page.go_back()
        await page.get_by_role("link", name="It works with a network no longer").click()
        await page.get_by_label("Other network").select_option(label="National Asset Recovery Offices")
        await page.get_by_role("button", name="Record the end of this link").click()
        await expect(linked).to_have_count(0)
        await expect(page.get_by_role("region", name="How it came about").get_by_role("listitem")).to_have_count(4)


async def test_a_tool_is_published_and_found_again(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/tools")
        await page.get_by_role("link", name="Publish a tool").click()
        await page.get_by_label("Reference", exact=True).fill("forest-handbook")
        await page.get_by_label("Title").fill("Handbook on forest crime")
        await page.get_by_label("Kind").select_option(label="Handbook")
        await page.get_by_label("French").check()
        await page.get_by_label("Published on").fill("2099-01-01")
        await page.get_by_role("button", name="Publish it").click()
        await expect(page.get_by_label("Published on")).to_have_accessible_description("This lies in the future. Leave it empty for today.")
        await page.get_by_label("Published on").fill("2024-03-01")
        await page.get_by_role("button", name="Publish it").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
        await page.goto("/en/tools?q=forest")
        await expect(rows(page, "Tools and who uses them")).to_contain_text(["Handbook on forest crime"])


async def test_a_centre_is_planned_opened_counted_and_taken_back(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/operations")
        await page.get_by_role("link", name="Coordination centres").click()
        await page.get_by_role("link", name="Plan a coordination centre").click()
        await page.get_by_label("Title").fill("Centre for a day of searches")
        await page.get_by_label("Countries taking part").select_option(label=["Netherlands", "Albania"])
        await page.get_by_label("Opens").fill("2026-03-30T08:00")
        await page.get_by_role("button", name="Plan it").click()
        counts = page.get_by_role("region", name="Where it counts")
        await expect(counts).to_contain_text("In no figure")
        await page.get_by_role("link", name="It is open").click()
        await page.get_by_label("Opened").fill("2099-03-30T08:00")
        await page.get_by_role("button", name="Record its opening").click()
        await expect(page.get_by_label("Opened")).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Opened").fill("2026-03-30T08:00")
        await page.get_by_role("button", name="Record its opening").click()
        await expect(counts.get_by_role("link", name="Coordination centres").first).to_have_attribute(
            "href", "/en/results/iEJ5?period=2026"
        )
        await page.get_by_role("link", name="It is closed").click()
        await page.get_by_label("Closed").fill("2026-03-30T18:00")
        await page.get_by_role("button", name="Record its end").click()
        await page.get_by_role("link", name="Take it back").click()
        await page.get_by_label("Why?").select_option(label="Duplicate")
        await page.get_by_role("button", name="Take it back").click()
        await expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()
        await expect(page.get_by_role("region", name="How it came about").get_by_role("listitem")).to_have_count(4)


async def test_a_priority_is_set_served_by_an_operation_and_withdrawn(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/operations")
        await page.get_by_role("link", name="Intelligence priorities").click()
        await page.get_by_role("link", name="Set a priority").click()
        await page.get_by_label("Title").fill("Fraud on the elderly")
        await page.get_by_label("First day").fill("2026-03-01")
        await page.get_by_label("Last day").fill("2026-02-01")
        await page.get_by_role("button", name="Set it").click()
        await expect(page.get_by_label("Last day")).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Last day").fill("")
        await page.get_by_role("button", name="Set it").click()
        await expect(page.get_by_role("region", name="Operations that serve it")).to_contain_text("No operation serves it yet")
        priority = page.url.partition("?")[0]
        await page.goto("/en/operations/new/propose")
        await page.get_by_label("Title").fill("Doorstep")
        await page.get_by_label("Kind").select_option(label="Task force")
        await page.get_by_role("button", name="Propose it").click()
        await page.get_by_role("link", name="Say which priorities it serves").click()
        await page.get_by_role("checkbox", name="Fraud on the elderly").check()
        await page.get_by_role("button", name="Record these").click()
        await page.get_by_role("link", name="Fraud on the elderly").click()
        await expect(page.get_by_role("region", name="Operations that serve it").get_by_role("link")).to_have_text(["Doorstep"])
        await page.get_by_role("link", name="Set it anew").click()
        await expect(page.get_by_label("Title")).to_have_value("Fraud on the elderly")
        await page.get_by_label("Last day").fill("2026-12-31")
        await page.get_by_role("button", name="Record the change").click()
        await page.goto("/en/priorities?on=2027-01-01&q=elderly")
        await expect(page.get_by_role("heading", name="No priority matches")).to_be_visible()
        await page.goto(priority)
        await page.get_by_role("link", name="Withdraw it").click()
        await page.get_by_label("Why?").select_option(label="Duplicate")
        await page.get_by_role("button", name="Record that it was none").click()
        await expect(page.get_by_role("region", name="How it came about").get_by_role("listitem")).to_have_count(3)


async def test_a_seat_names_who_is_written_to(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/meetings")
        await page.get_by_role("link", name="Propose a meeting").click()
        await page.get_by_label("Title").fill("Seats by name")
        await page.get_by_label("Kind").select_option(label="National coordination")
        await page.get_by_role("button", name="Propose it").click()
        await page.get_by_role("link", name="Add a delegation").click()
        await expect(page.get_by_text("Choose the country first, then find who is written to there.")).to_be_visible()
        await page.get_by_label("Country").select_option(label="Albania")
        written = page.get_by_role("group", name="Who is written to")
        await expect(written).to_have_accessible_description("Left open, the country's designated contact points are written to.")
        await expect(written.get_by_role("radio", name="none")).to_be_checked()
        await written.get_by_role("button", name="Find").click()
        await expect(page.get_by_label("Country")).to_have_value("AL")
        offered = written.get_by_role("radio").nth(1)
        await offered.check()
        chosen = await offered.input_value()
        await page.get_by_role("button", name="Give these seats").click()
        await expect(rows(page, "Delegations")).to_contain_text(["Albania"])
        meeting = await world.house.ask("meetings", "GET", f"/meetings/{page.url.split('/')[-1].split('?')[0]}", "coordinator")
        assert [seats["contact_point"] for seats in meeting.json()["delegations"]] == [chosen]


async def test_a_link_is_alive_where_members_and_meetings_are_shared_and_weak_where_not(
    world: World, browser: Browser, signed_in: Any
) -> None:
    told = world.house.told
    body = {"kind": "expert_group", "level": "regional", "domain": ["document-fraud"]}
    made = [
        await told("contacts", "POST", "/networks", json=body | {"reference": f"ties-{name}", "name": {"en": f"Timber {name}"}})
        for name in ("prosecutors", "police", "customs", "inspectors")
    ]
    one, police, customs, _ = (each["id"] for each in made)
    for each in made:
        await told("contacts", "POST", f"/networks/{each['id']}/activate", json={})
    office = (await told("contacts", "GET", "/authorities?country=MK"))["items"][0]["id"]
    for network in (one, police):
        member = {"member_ref": office, "role": "member", "valid_from": "2024-01-01"}
        await told("contacts", "POST", f"/networks/{network}/grant-membership", json=member)
    for other in (police, customs):
        link = {"other_network": other, "purpose": "judicial_cooperation", "basis": "protocol"}
        await told("contacts", "POST", f"/networks/{one}/interconnect", json=link)
    started = datetime.now(UTC) - timedelta(days=40)
    held = {"kind": "coordination_case", "title": {"en": "Timber"}, "countries": ["AL"], "networks": [one, police]}
    times = {"started": started.isoformat(), "ended": (started + timedelta(hours=1)).isoformat()}
    await told("meetings", "POST", "/held-meetings", json={**held, **times})
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(f"/en/networks/{one}")
        ties = rows(page, "How alive the links are")
        await expect(ties).to_have_count(3)
        await expect(ties.filter(has_text="Timber police")).to_contain_text("Alive")
        weak = ties.filter(has_text="Timber customs")
        await expect(weak).to_contain_text("Weak link")
        await expect(weak).to_contain_text("no member belongs to both, no joint meeting in twelve months")
        await expect(ties.filter(has_text="Timber inspectors")).to_contain_text("No link")
        await expect(page.locator(".ties .node")).to_have_count(3)
        file = await page.request.get(f"/fr/networks/{one}/links.csv")
        assert [line.split(",")[0] for line in (await file.text()).splitlines()[1:]] == [
            "Timber customs",
            "Timber police",
            "Timber inspectors",
        ]
        await page.locator(".ties a").filter(has_text="Timber customs").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Timber customs")
        await page.goto("/en/networks")
        await page.get_by_role("link", name="How all networks are linked").click()
        await page.get_by_label("Crime type").select_option(label="Document fraud")
        await page.get_by_role("button", name="Apply filters").click()
        pairs = rows(page, "The same in words: two by two")
        await expect(pairs).to_have_count(6)
        for both, strength in (("customs.*prosecutors", "Weak link"), ("inspectors.*police", "No link"), ("police.*prosecutors", "Alive")):
            await expect(pairs.filter(has_text=re.compile(f"Timber {both}", re.DOTALL))).to_contain_text(strength)
        drawn = page.get_by_role("region", name="The picture")
        await expect(drawn.locator(".ties .node")).to_have_count(4)
        await expect(drawn.locator(".ties .tie-alive")).to_have_count(1)
        await expect(drawn.get_by_role("list")).to_contain_text(re.compile(r"Alive \(1\).*Weak link \(1\).*No link \(4\)", re.DOTALL))
        await page.get_by_label("Link", exact=True).select_option(label="Weak link")
        await page.get_by_role("button", name="Apply filters").click()
        await expect(pairs).to_have_count(1)
        query = urlsplit(page.url).query
        assert parse_qs(query) == {"domain": ["document-fraud"], "strength": ["weak"]}, "an address that can be sent on"
        file = await page.request.get(f"/fr/networks/interconnections.csv?{query}")
        assert [line.split(",")[:3:2] for line in (await file.text()).splitlines()[1:]] == [["Timber customs", "Timber prosecutors"]]
        await page.goto("/en/networks/interconnections?strength=steel")
        await expect(page.get_by_role("alert")).to_contain_text("Choose one of the list.")
