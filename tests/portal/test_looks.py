"""Every page for everybody: axe finds nothing, nothing runs off the side, Arabic runs from the right, the keyboard is enough."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.conftest import PROOF
from tests.portal.world import LATE, World, opened
from tests.system.world import sql

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES, WIDTHS, SCHEMES = ("en", "fr", "ar"), (390, 1280), ("light", "dark")
PAGES = {
    "results": "results",
    "evidence": "results/iP1",
    "a figure without value": "results/iA8",
    "event": "facts/{event}",
    "meetings": "meetings?crime_type=cybercrime",
    "meeting": "meetings/{meeting}",
    "propose": "meetings/new/propose",
    "correct": "meetings/{meeting}/correct",
    "seats for a country": "meetings/{planned}/delegations",
    "attendance": "meetings/{meeting}/attendance",
    "operations": "operations?kind=task_force",
    "operation": "operations/{operation}",
    "centres": "centres?state=closed",
    "record a centre": "centres/new/record",
    "priorities": "priorities",
    "set a priority": "priorities/new/set",
    "propose an operation": "operations/new/propose",
    "correct a result": "operations/{operation}/correct-result",
    "a filter nobody can read": "meetings?since=soon",
    "partners": "partners?status=working_arrangement",
    "no partner matches": "partners?q=zzzz&kind=country",
    "partner": "partners/{partner}",
    "next step": "instruments/{instrument}/advance",
    "take back": "instruments/{instrument}/retract",
    "networks": "networks?domain=terrorism",
    "network": "networks/{network}",
    "all networks": "networks/interconnections",
    "networks of one kind without links": "networks/interconnections?strength=alive&kind=expert_group&country=NL",
    "structures": "structures?party=AL",
    "structure": "structures/{structure}",
    "liaison postings": "liaisons?kind=officer",
    "liaison posting": "liaisons/{liaison}",
    "new posting": "liaisons/new/post",
    "end of a posting": "liaisons/{liaison}/end",
    "tools": "tools?measure=B",
    "tool": "tools/{tool}",
    "adopt": "tools/{tool}/adopt",
    "network at work": "networks/{network}/flag-silent",
    "found a network": "networks/new/found",
    "link networks": "networks/{network}/interconnect",
    "publish a tool": "tools/new/publish",
    "scoreboard": "scoreboard?period=2024&country=AL",
    "pairs of countries": "results/iK2?period={year}",
    "atlas": "atlas?status=working_arrangement",
    "ask": "ask?country=AL&urgency=urgent",
    "ask anew": "ask",
    "enquiries": "enquiries?clock=overdue",
    "no enquiry matches": "enquiries?q=zzqqxx",
    "enquiry": "enquiries/{enquiry}",
    "enquiry that was answered": "enquiries/{answered}",
    "send an enquiry": "enquiries/new/open?to_country=MK&measure=freezing&addressee_ref={point}",
    "send it to the next": "enquiries/{enquiry}/escalate",
    "refuse": "enquiries/{enquiry}/refuse",
    "search": "search?q=ministri",
    "search for nothing": "search",
    "nothing matches": "search?q=zzqqxx&country=AL",
    "country": "atlas/XK",
    "country nobody knows": "atlas/NL",
    "contact point": "contact-points/{point}",
    "contact point as it was": "contact-points/{point}?on=2026-02-01",
    "contact point before it was": "contact-points/{point}?on=2020-02-01",
    "nominate": "contact-points/new/nominate",
    "update a contact point": "contact-points/{point}/update",
    "end a contact point": "contact-points/{point}/end",
    "correct a contact point": "contact-points/{point}/correct",
    "why a person": "contact-points/{point}/person",
    "erase a person": "contact-points/{point}/erase",
    "authority": "authorities/{authority}",
    "declare a competence": "authorities/{authority}/declare",
    "withdraw a competence": "authorities/{authority}/withdraw",
    "log of readings": "access-log?purpose=contact",
    "campaigns": "campaigns",
    "open a campaign": "campaigns/new/open",
    "log of readings without right": "access-log",
    "imports": "imports",
    "send a list": "imports/new/list",
    "import": "imports/{import}",
    "take in a list": "imports/{import}/rest",
    "packs": "packs",
    "make a pack": "packs/new/build",
    "make a pack with persons": "packs/new/personal",
    "pack": "packs/{pack}",
    "pack that a newer one follows": "packs/{older}",
    "health": "health",
    "accessibility": "accessibility",
    "no such page": "nothing",
    "question that cannot be answered": "results?period=soon",
    "map": "atlas?view=balkans",
    "meeting that decided": "meetings/{decided}",
    "meeting that is prepared": "meetings/{prepared}",
    "ask for support": "meetings/{prepared}/support",
    "confirm support": "meetings/{prepared}/confirm-support",
    "adopt a decision": "meetings/{decided}/decide",
    "amend a decision": "meetings/{decided}/amend",
    "give a task": "meetings/{decided}/assign",
    "action items": "action-items?overdue=true",
    "no action item matches": "action-items?q=zzqqxx",
    "action item": "action-items/{task}",
    "take a task on": "action-items/{task}/accept",
    "task that is done": "action-items/{done}",
    "how much of a task is done": "action-items/{done}/progress",
    "a task is done": "action-items/{task}/complete",
    "a task is seen to be done": "action-items/{done}/verify",
    "another day for a task": "action-items/{task}/change-due",
    "cancel a task": "action-items/{task}/cancel",
    "a task that is impossible now": "action-items/{task}/verify",
}


@pytest.fixture(scope="module")
async def ids(world: World) -> dict[str, str]:
    """What the addresses above name."""
    partner = (await world.house.told("partners", "GET", "/partners?country=AL"))["items"][0]
    event = (await world.house.told("reporting", "GET", "/indicators/iP1/evidence", "auditor"))["items"][0]
    network = (await world.house.told("contacts", "GET", "/networks?q=fiu"))["items"][0]
    structure = (await world.house.told("contacts", "GET", "/structures?q=ilecu"))["items"][0]
    tool = (await world.house.told("capacity", "GET", "/tools?q=handbook"))["items"][0]
    meeting = (await world.house.told("meetings", "GET", "/meetings?state=held&crime_type=terrorism"))["items"][0]
    next_one = {"country": "NL", "kind": "coordination_case", "title": {"en": "Next steps"}}
    planned = await world.house.told("meetings", "POST", "/meetings", json=next_one)
    authority = (await world.house.told("contacts", "GET", "/authorities?country=MK"))["items"][0]
    held = {"crime_types": ["terrorism"], "measures": ["freezing"], "territory": ["MK-85"], "valid_from": "2025-01-01"}
    await world.house.told("contacts", "POST", f"/authorities/{authority['id']}/competences", json=held)
    person = {"family_name": "Rassendyll", "given_name": "Rudolf", "email": "desk@office.example", "phone": "+389 2 000 0000"}
    body = {"country": "MK", "appointing_kind": "country", "person": person, "on": "2026-01-10"}
    point = await world.house.told("contacts", "POST", "/contact-points", json=body | {"specialisations": ["terrorism"]})
    post = {"valid_from": "2026-01-15", "authority_ref": authority["id"], "duty": "24x7", "term_to": "2026-12-31"}
    await world.house.told("contacts", "POST", f"/contact-points/{point['id']}/designate", json=post)
    away = {"absent_from": "2026-01-20", "absent_to": "2199-12-31"}
    await world.house.told("contacts", "POST", f"/contact-points/{point['id']}/note-absence", json=away)
    named = {"point": point["id"], "authority": authority["id"]}
    named |= {
        "meeting": meeting["id"],
        "planned": planned["id"],
        "network": network["id"],
        "structure": structure["id"],
        "tool": tool["id"],
    }
    acted = {"country": "NL", "kind": "joint", "title": {"en": "South wind"}, "countries": ["AL"], "launched": "2025-05-01T09:00:00Z"}
    results = [{"country": "AL", "measure_kind": "search", "total": 7}, {"country": "NL", "measure_kind": "arrest", "total": 3}]
    operation = await world.house.told("operations", "POST", "/recorded-operations", json={**acted, "results": results})
    sent = {"reference": "liaison-looks", "country": "AL", "kind": "officer", "host": "europol", "valid_from": "2024-01-01"}
    liaison = await world.house.told("contacts", "POST", "/liaisons", json=sent)
    lines = "reference,name_en,kind,country,zone\nmk:looks,Office,court,MK,Europe/Skopje\nmk:looks,Office,,MK,x"
    form = {"data": {"kind": "authorities"}, "files": {"file": ("list.csv", lines, "text/csv")}}
    listed = await world.house.told("contacts", "POST", "/imports", **form)
    packs = [await world.house.told("contacts", "POST", "/packs", json={"countries": ["MK"]}) for _ in range(2)]
    await world.house.reached("contacts", f"/packs/{packs[1]['id']}", "ready")
    named["year"] = str(datetime.now(UTC).year)
    covered = {"event_family": "contacts.enquiry", "start": f"{named['year']}-01-01", "complete": True, "basis": "recorded", "origin": "x"}
    await world.house.told("reporting", "POST", "/coverage", json=covered)
    above = next(row for row in (await world.house.told("contacts", "GET", "/networks"))["items"] if row["country"] is None)
    asked = {"country": "NO", "to_country": "AL", "measure": "obtain_data", "addressee_ref": above["id"]}
    enquiry = await world.house.told("contacts", "POST", "/enquiries", json=asked)
    await world.house.told("contacts", "POST", f"/enquiries/{enquiry['id']}/answer", json={})
    await world.house.settled()
    named |= await enquiries(world, authority["id"])
    named |= await agreements(world, authority["id"])
    return named | {
        "import": listed["id"],
        "older": packs[0]["id"],
        "pack": packs[1]["id"],
        "liaison": liaison["id"],
        "operation": operation["id"],
        "partner": partner["id"],
        "instrument": partner["instruments"][0]["id"],
        "event": event["event_id"],
    }


async def enquiries(world: World, authority: str) -> dict[str, str]:
    """One that nobody acknowledged in time, and one that is answered."""
    body = {"country": "AL", "to_country": "MK", "measure": "freezing", "crime_types": ["terrorism"], "addressee_ref": authority}
    late, answered = [(await world.house.told("contacts", "POST", "/enquiries", json=body))["id"] for _ in range(2)]
    await world.house.told("contacts", "POST", f"/enquiries/{answered}/answer", json={})
    await sql(world.house["contacts"].dsn, LATE, late)
    return {"enquiry": late, "answered": answered}


async def agreements(world: World, authority: str) -> dict[str, str]:
    """A meeting whose first decision a second replaced, with a task that is overdue and one that is done; and one that needs support."""
    told = world.house.told
    meeting = {"country": "NL", "kind": "network", "title": {"en": "Agreed", "ar": "اتفاق"}}
    took_place = {"started": "2026-03-02T08:00:00Z", "ended": "2026-03-02T10:00:00Z"}
    decided = (await told("meetings", "POST", "/held-meetings", json=meeting | took_place))["id"]
    path = f"/meetings/{decided}/decisions"
    text = {"en": "The accounts are frozen", "fr": "Les comptes sont gelés\net signalés", "de": "Die Konten sind gesperrt"}
    first = (await told("meetings", "POST", path, json={"kind": "action", "text": text}))["decisions"][0]["id"]
    task = {"country": "MK", "text": {"fr": "Geler les comptes"}, "due": "2026-03-20", "owner_ref": authority}
    late, done = [(await told("meetings", "POST", f"{path}/{first}/action-items", json=task))["id"] for _ in range(2)]
    await told("meetings", "POST", f"/action-items/{done}/change-due", json={"due": "2026-04-20", "reason": "more_work"})
    await told("meetings", "POST", f"/action-items/{done}/complete", json={"completed": "2026-04-01"})
    await told("meetings", "POST", path, json={"kind": "measure", "text": {"en": "They stay frozen"}, "supersedes": first})
    prepared = (await told("meetings", "POST", "/meetings", json=meeting))["id"]
    pairs = [{"source": "sq", "target": "en"}, {"source": "en", "target": "sq", "relay": "fr"}]
    asked = {"kind": "interpretation", "pairs": pairs, "booths": 2, "note": "All day"}
    support = (await told("meetings", "POST", f"/meetings/{prepared}/support", json=asked))["support"][0]["id"]
    confirmed = {"pairs": pairs[:1], "cost": {"amount_minor": 84050, "currency": "EUR"}}
    await told("meetings", "POST", f"/meetings/{prepared}/support/{support}/confirm", json=confirmed)
    await told("meetings", "POST", f"/meetings/{prepared}/support", json={"kind": "room"})
    return {"decided": decided, "prepared": prepared, "task": late, "done": done}


STATUS = {
    "a filter nobody can read": 422,
    "question that cannot be answered": 422,
    "contact point before it was": 404,
    "no such page": 404,
    "a task that is impossible now": 422,
}
"""What is answered where it is not the page that was meant."""
WHO = {"health": "operator", "log of readings": "auditor", "erase a person": "administrator"}
"""Whoever looks where it is not the coordinator."""


def looks(name: str) -> list[tuple[str, int, str, bool]]:
    """Each language, width and scheme, and whether axe looks; a quick run takes turns, so that what is left out is met on another page."""
    every = list(product(LANGUAGES, WIDTHS, SCHEMES))
    if PROOF:
        return [(*each, True) for each in every]
    turn = list(PAGES).index(name) if name in PAGES else len(PAGES)
    languages = [turn % 3, (turn + 1) % 3]
    return [(*every[4 * language + (turn + language) % 4], place == turn % 2) for place, language in enumerate(languages)]


async def faultless(page: Page, language: str, looked_at: bool) -> None:
    if looked_at:
        found = await Axe().run(page, options={"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, found.generate_report()
    root = page.locator("html")
    assert await root.get_attribute("lang") == language
    assert await root.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "no sideways scroll"
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("name", PAGES)
async def test_page(world: World, browser: Browser, signed_in: Any, ids: dict[str, str], name: str) -> None:
    async with opened(browser, world, signed_in[WHO.get(name, "coordinator")], bypass_csp=True) as page:
        for language, width, scheme, looked_at in looks(name):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            answer = await page.goto(f"/{language}/{PAGES[name].format(**ids)}")
            assert answer is not None
            assert answer.status == STATUS.get(name, 200)
            await faultless(page, language, looked_at)


async def test_pages_of_nobody(world: World, browser: Browser) -> None:
    async with opened(browser, world, bypass_csp=True) as page:
        for language, width, scheme, looked_at in looks("sign-in"):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            await page.goto(f"/{language}/results")
            await faultless(page, language, looked_at)
            await page.get_by_role("main").get_by_role("link").click()
            await page.get_by_role("button", name="Nora Lindqvist").wait_for()
            await faultless(page, language, looked_at)


async def test_the_keyboard_is_enough(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto("/en/partners")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        await expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("main")).to_be_focused()
        await page.keyboard.press("Tab")
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "the focus can be seen"
        await page.keyboard.press("/")
        await expect(page.get_by_label("Search by name")).to_be_focused()
        await page.keyboard.type("albania")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**q=albania**")
        await expect(page.get_by_label("Search by name")).to_be_focused()
        await expect(page.get_by_text("1 of 1 partner shown").first).to_be_visible()


async def test_focus_is_seen_on_whatever_takes_it(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto("/en/results")
        for _ in range(30):
            await page.keyboard.press("Tab")
            seen = await page.evaluate(
                """() => { let at = document.activeElement, seen = false
                for (; at && !seen; at = at.parentElement) seen = getComputedStyle(at).outlineStyle !== "none"
                return seen }"""
            )
            assert seen, await page.evaluate("document.activeElement.outerHTML")


async def test_a_filter_says_what_it_found_and_the_files_follow_it(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto("/en/partners")
        await page.get_by_label("Kind").select_option(label="Network")
        await page.wait_for_url("**kind=network**")
        await expect(page.get_by_role("status").filter(has_text="partners shown")).to_have_count(1)
        for link in (page.get_by_role("link", name="Download CSV"), page.get_by_role("link", name="Français")):
            assert "kind=network" in str(await link.get_attribute("href"))
        await page.go_back()
        await expect(page.get_by_label("Kind")).to_have_value("")


async def test_the_language_is_changed_where_one_is(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto("/en/partners?status=agreement")
        await page.get_by_role("link", name="العربية").click()
        assert page.url.endswith("/ar/partners?status=agreement")
        await expect(page.get_by_role("link", name="ألبانيا")).to_be_visible()


async def test_paper_is_white_and_carries_no_menu(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], color_scheme="dark") as page:
        await page.goto("/ar/results/iP1")
        await page.emulate_media(media="print", color_scheme="dark")
        for place in (page.locator("body"), page.get_by_role("heading", level=1)):
            assert await place.evaluate("at => getComputedStyle(at).color") == "rgb(21, 32, 46)", "dark ink"
        await expect(page.get_by_role("navigation", name="الرئيسية")).to_be_hidden()
        await expect(page.get_by_role("button")).to_have_count(0)
