"""Flow P1, steps 4 to 6, without script: asked from the answer card, acknowledged, answered and closed by the two sides."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import python_calamine as calamine
from playwright.async_api import Browser, Page, expect

from services.contacts.domain import diplomatic_channel
from services.portal.domain import turn
from tests.portal.world import LATE, World, cookies, opened, rows
from tests.system.world import sql

ASKER, ASKED = "national-editor", "contact-point"
"""Of Albania alone, and of Tunisia alone."""
OFFICES = {"unit": "Unit for cooperation", "bench": "Bench of appeal"}


@pytest.fixture(scope="module")
async def offices(world: World) -> dict[str, str]:
    """In Tunisia a contact point of each of two offices, the first of them asked first."""
    made = {}
    for key, name in OFFICES.items():
        office = {"reference": f"tn-{key}", "name": {"en": name}, "kind": "prosecutor_general", "country": "TN", "zone": "Africa/Tunis"}
        authority = await world.house.told("contacts", "POST", "/authorities", json=office)
        types = ["hijacking"] if key == "unit" else []
        body = {"country": "TN", "appointing_kind": "country", "specialisations": types}
        point = await world.house.told("contacts", "POST", "/contact-points", json=body)
        serves = {"valid_from": "2026-01-01", "authority_ref": authority["id"], "duty": "office_hours"}
        for step, told in (("designate", serves), ("verify", {"method": "call"})):
            await world.house.told("contacts", "POST", f"/contact-points/{point['id']}/{step}", json=told)
        made[key] = str(point["id"])
    return made


async def asked(world: World, **more: Any) -> dict[str, Any]:
    body = {"country": "AL", "to_country": "TN", "measure": "obtain_data", "crime_types": ["hijacking"]}
    return await world.house.told("contacts", "POST", "/enquiries", json=body | more)


def here(page: Page, region: str) -> Any:
    return page.get_by_role("region", name=region, exact=True)


async def step(page: Page, link: str, button: str) -> None:
    await here(page, "What can be done now").get_by_role("link", name=link, exact=True).click()
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()


async def test_asked_from_the_answer_card_and_answered_by_the_other_side(
    world: World, browser: Browser, signed_in: Any, offices: dict[str, str]
) -> None:
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto("/en/ask?country=TN&measure=obtain_data&crime_type=hijacking&urgency=urgent")
        await here(page, "First choice in Tunisia").get_by_role("link", name=f"Ask – {OFFICES['unit']}").click()
        await expect(page.get_by_label("Who asks")).to_have_value("AL")
        await expect(page.get_by_label("What for?")).to_have_value("obtain_data")
        await expect(page.get_by_label("Hijacking")).to_be_checked()
        await expect(page.get_by_label("How urgent?")).to_have_value("urgent")
        await expect(page.get_by_label("Who is asked")).to_have_value(offices["unit"])
        await page.get_by_label("Reference of the case").fill("a case of many words")
        await page.get_by_role("button", name="Send it").click()
        await expect(page.get_by_label("Reference of the case")).to_have_accessible_description(re.compile("at most 60"))
        await expect(page.get_by_label("Who is asked")).to_have_value(offices["unit"])
        await page.get_by_label("Reference of the case").fill("AL/26-7")
        await page.get_by_role("button", name="Send it").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Enquiry from Albania to Tunisia")
        address = page.url.split("?")[0]
        await expect(page.get_by_role("main")).to_contain_text(re.compile(r"Tunisia: acknowledge it"))
        await expect(here(page, "To whom it went")).to_contain_text(re.compile(r"On the addressee’s clock: .*\(Africa/Tunis\)"))
        await expect(here(page, "What is asked")).to_contain_text("AL/26-7")
        await expect(here(page, "What can be done now").get_by_role("link", name="Withdraw the enquiry")).to_be_visible()
    async with opened(browser, world, signed_in[ASKED], java_script_enabled=False) as page:
        await page.goto("/en/enquiries")
        await page.get_by_label("To us or from us").select_option(label="Asked of us")
        await page.get_by_role("button", name="Apply filters").click()
        assert "direction=asked" in page.url
        await rows(page, "Enquiries, the newest first").filter(has_text="Urgent").get_by_role("link", name="Obtain stored").click()
        assert page.url == address
        await expect(here(page, "What can be done now").get_by_role("link", name="Withdraw the enquiry")).to_have_count(0)
        await step(page, "Acknowledge it", "It is in hand")
        await expect(page.get_by_role("main")).to_contain_text("Tunisia: answer it")
        await step(page, "It is answered", "Record the answer")
        await expect(here(page, "To whom it went")).to_contain_text("Answered")
        await expect(page.get_by_role("button", name="Yes, it helped")).to_have_count(0)
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto(address)
        await here(page, "Did it help?").get_by_role("button", name="Yes, it helped").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded.")).to_be_visible()
        await expect(here(page, "What is asked")).to_contain_text(re.compile(r"Did it help\?\s*Yes, it helped"))
        told = here(page, "How it came about").get_by_role("listitem")
        steps = ["Closed", "Answered", "Acknowledged", "Sent", "Opened"]
        assert [await each.locator("b").inner_text() for each in await told.all()] == steps
        await step_back(page)


async def step_back(page: Page) -> None:
    await here(page, "What can be done now").get_by_role("link", name="Take it back").click()
    await page.get_by_label("Why?").select_option(label="Typing error")
    await page.get_by_role("button", name="Take the newest step back").click()
    await expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()
    await expect(here(page, "Did it help?")).to_be_visible()


async def test_what_nobody_acknowledged_in_time_is_proposed_to_the_next_and_refused_with_a_reason(
    world: World, browser: Browser, signed_in: Any, offices: dict[str, str]
) -> None:
    made = await asked(world, addressee_ref=offices["unit"], urgency="emergency")
    await sql(world.house["contacts"].dsn, LATE, made["id"])
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto("/en/enquiries?clock=overdue&urgency=emergency")
        row = rows(page, "Enquiries, the newest first")
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text(re.compile("Albania: send it to the next, or wait"))
        await row.get_by_role("rowheader").get_by_role("link").click()
        await expect(here(page, "Next step proposed")).to_contain_text(OFFICES["bench"])
        await here(page, "Next step proposed").get_by_role("link", name="Send it there").click()
        await expect(page.get_by_label("Who is asked")).to_have_value(offices["bench"])
        await page.get_by_role("button", name="Send it on").click()
        await expect(here(page, "To whom it went").get_by_role("listitem")).to_have_count(2)
        await expect(here(page, "Next step proposed")).to_have_count(0)
    async with opened(browser, world, signed_in[ASKED], java_script_enabled=False) as page:
        await page.goto(f"/en/enquiries/{made['id']}")
        await here(page, "What can be done now").get_by_role("link", name="Refuse it").click()
        await page.get_by_label("Why?").select_option(label="Another reason")
        await page.get_by_role("button", name="Record the refusal").click()
        await expect(page.get_by_label("In words")).to_have_accessible_description(re.compile("Say in a few words"))
        await page.get_by_label("In words").fill("Not before May")
        await page.get_by_role("button", name="Record the refusal").click()
        await expect(here(page, "What is asked")).to_contain_text("Not before May")
        await expect(here(page, "What can be done now").get_by_role("link")).to_have_count(1)


async def test_the_chain_of_the_card_is_asked_to_its_end(world: World, browser: Browser, signed_in: Any) -> None:
    posting = {"country": "AL", "kind": "magistrate", "host": "NR", "valid_from": "2024-03-01", "reference": "al-at-nr"}
    liaison = await world.house.told("contacts", "POST", "/liaisons", json=posting)
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto("/en/ask?country=NR&measure=obtain_data")
        await here(page, "Whom next").get_by_role("link", name="Ask – Diplomatic channel").click()
        await expect(page.get_by_label("Who is asked")).to_have_value(str(diplomatic_channel("NR")))
        await expect(page.get_by_label("By which way?")).to_have_value("diplomatic")
        await page.goto("/en/ask?country=NR&measure=obtain_data")
        await here(page, "First choice in Nauru").get_by_role("link", name="Ask – Liaison magistrate: Albania").click()
        await expect(page.get_by_label("Who is asked")).to_have_value(liaison["id"])
        await expect(page.get_by_label("By which way?")).to_have_value("liaison")
        await page.get_by_role("button", name="Send it").click()
        sent = here(page, "To whom it went").get_by_role("listitem")
        await expect(sent.get_by_role("link", name="Liaison magistrate: Albania")).to_have_attribute(
            "href", f"/en/liaisons/{liaison['id']}"
        )
        await expect(here(page, "Next step proposed")).to_have_count(0)
        address = page.url.split("?")[0]
        await sql(world.house["contacts"].dsn, LATE, address.rpartition("/")[2])
        await page.goto(address)
        await expect(here(page, "Next step proposed")).to_contain_text("Diplomatic channel")
        await here(page, "Next step proposed").get_by_role("link", name="Send it there").click()
        await expect(page.get_by_label("Who is asked")).to_have_value(str(diplomatic_channel("NR")))
        await page.get_by_role("button", name="Send it on").click()
        await expect(sent).to_have_count(2)
        await expect(sent.last).to_contain_text("Diplomatic channel")
        await expect(sent.last.get_by_role("link")).to_have_count(0)
        await sql(world.house["contacts"].dsn, LATE, address.rpartition("/")[2])
        await page.goto(address)
        await expect(here(page, "Next step proposed")).to_have_count(0)


async def test_the_list_is_narrowed_to_an_addressee_by_name_and_so_is_its_file(
    world: World, browser: Browser, signed_in: Any, offices: dict[str, str]
) -> None:
    for office in ("unit", "bench"):
        await asked(world, addressee_ref=offices[office], measure="confiscation")
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto("/en/enquiries?measure=confiscation")
        row = rows(page, "Enquiries, the newest first")
        await expect(row).to_have_count(2)
        await page.get_by_label("Addressee").select_option(label=f"{OFFICES['unit']} – Tunisia")
        await page.get_by_role("button", name="Apply filters").click()
        assert f"addressee={offices['unit']}" in page.url
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text(OFFICES["unit"])
        await expect(page.get_by_label("Addressee")).to_have_value(offices["unit"])
        await expect(
            page.get_by_role("main").get_by_role("link", name=re.compile(f"Addressee.*{OFFICES['unit']} – Tunisia"))
        ).to_be_visible()
        file = await page.request.get(page.url.replace("/enquiries?", "/enquiries.csv?"))
        lines = list(csv.DictReader(io.StringIO((await file.text()).removeprefix("\ufeff"))))
        assert [(line["Addressee"], line["State"]) for line in lines] == [(OFFICES["unit"], "Sent")]
        sheet = await page.request.get(page.url.replace("/enquiries?", "/enquiries.xlsx?"))
        cells = calamine.load_workbook(io.BytesIO(await sheet.body())).get_sheet_by_index(0).to_python()
        assert [line[8] for line in cells] == ["Addressee", OFFICES["unit"]]
        await page.goto("/en/enquiries?addressee=nobody")
        await expect(page.get_by_label("Addressee")).to_have_attribute("aria-invalid", "true")


async def test_a_form_sent_twice_opens_one_enquiry_and_without_an_addressee_it_waits(
    world: World, browser: Browser, signed_in: Any, offices: dict[str, str]
) -> None:
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto("/en/contact-points/" + offices["bench"])
        await page.get_by_role("link", name="Ask this contact point").click()
        await expect(page.get_by_label("Who is asked")).to_have_value(offices["bench"])
        await page.goto("/en/atlas/TN")
        await page.get_by_role("link", name="Send an enquiry").click()
        form = {name: await page.get_by_role("main").locator(f"input[name={name}]").input_value() for name in ("form_token", "key")}
    described = {"country": "AL", "to_country": "TN", "measure": "protection", "urgency": "normal", "channel": "ejn_secretariat"}
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in[ASKER])) as http:
        sent = [await http.post("/en/enquiries/new/open", data=form | described) for _ in range(2)]
        itself = await http.post("/en/enquiries/new/open", data=form | described | {"to_country": "AL", "key": "another"})
        file = await http.get("/en/enquiries.csv?measure=protection")
    assert {answer.status_code for answer in sent} == {303}
    assert len({answer.headers["location"] for answer in sent}) == 1
    assert (itself.status_code, "This is who asks: choose another." in itself.text) == (422, True)
    lines = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [(line["State"], line["Whose turn"], line["What is next"], line["Addressee"]) for line in lines] == [
        ("Not sent yet", "AL", "send it to somebody", "")
    ]
    async with opened(browser, world, signed_in[ASKER], java_script_enabled=False) as page:
        await page.goto(sent[0].headers["location"])
        await expect(page.get_by_role("main")).to_contain_text("To nobody yet: no clock runs before it is sent.")
        await expect(page.get_by_role("main")).to_contain_text("Secretariat of the European Judicial Network")
        await here(page, "Next step proposed").get_by_role("link", name="Send it there").click()
        await page.get_by_role("button", name="Send it").click()
        await expect(here(page, "To whom it went").get_by_role("listitem")).to_have_count(1)


async def test_whoever_has_no_right_is_told_who_has_it(world: World, browser: Browser, signed_in: Any, offices: dict[str, str]) -> None:
    made = await asked(world, addressee_ref=offices["unit"])
    foreign = await world.house.told("contacts", "POST", "/enquiries", json={"country": "FR", "to_country": "BR", "measure": "other"})
    async with opened(browser, world, signed_in["visitor"], java_script_enabled=False) as page:
        await page.goto("/en/enquiries")
        await expect(page.get_by_role("main")).to_contain_text(
            "Your roles do not show this part. It is for: Administrator, Approver, Auditor, Contact point,"
        )
    async with opened(browser, world, signed_in["auditor"], java_script_enabled=False) as page:
        await page.goto(f"/en/enquiries/{made['id']}")
        await expect(here(page, "What can be done now")).to_contain_text("changing it is for: Contact point, National editor,")
        await expect(here(page, "What can be done now").get_by_role("link")).to_have_count(0)
        await page.goto(f"/en/enquiries/{made['id']}/refuse")
        await expect(page.get_by_role("button", name="Record the refusal")).to_be_disabled()
    async with opened(browser, world, signed_in[ASKED], java_script_enabled=False) as page:
        answer = await page.goto(f"/en/enquiries/{foreign['id']}")
        assert answer is not None
        assert answer.status == 403
        await page.goto("/en/enquiries?to_country=BR")
        await expect(page.get_by_role("heading", name="No enquiry matches")).to_be_visible()


SOON = (datetime(2026, 5, 8, tzinfo=UTC) + timedelta(hours=4)).isoformat()


@pytest.mark.parametrize(
    ("state", "overdue", "whose"),
    [
        ("opened", False, ("AL", "send", None)),
        ("routed", False, ("TN", "acknowledge", SOON)),
        ("escalated", True, ("AL", "pass_on", SOON)),
        ("acknowledged", False, ("TN", "answer", None)),
        ("answered", False, ("AL", "close", None)),
        ("refused", False, ("AL", "decide", None)),
        ("closed", False, None),
        ("withdrawn", False, None),
        ("retracted", False, None),
    ],
)
def test_whose_turn_it_is(state: str, overdue: bool, whose: tuple[str, str, str | None] | None) -> None:
    found = turn({"country": "AL", "to_country": "TN", "state": state, "overdue": overdue, "acknowledge_by": SOON})
    assert (found and (found.country, found.act, found.until)) == whose
