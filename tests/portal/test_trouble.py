"""What goes wrong, said on the page: an owner away, a right missing, a letter that cannot be read, a form from elsewhere."""

import csv
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import python_calamine as calamine
from aiokafka import AIOKafkaProducer
from playwright.async_api import Browser, Page, expect

from deploy.local import kafka
from services.portal import client
from services.portal.pages.imports import UPLOADS
from services.reporting.views import indicators
from shared.sheets import MEDIA
from tests.portal.test_looks import faultless
from tests.portal.world import World, cookies, opened, rows, tile, well
from tests.system.world import ready

[UPLOADS_END] = UPLOADS.values()
"""Bytes that are taken where most are."""


async def test_without_reporting_the_rest_goes_on(world: World, browser: Browser, signed_in: Any) -> None:
    reporting = world.house["reporting"]
    reporting.child.stop()
    try:
        async with opened(browser, world, signed_in["operator"]) as page:
            await page.goto("/en/results")
            await expect(page.get_by_role("main")).to_contain_text("This part is missing: Reporting does not answer.")
            await page.goto("/en/partners")
            await expect(rows(page, "Partners and what was agreed").filter(has_text="Albania")).to_have_count(1)
            await expect(page.get_by_role("main")).to_contain_text("Reporting does not answer, so nobody knows how many events wait.")
            await page.goto("/en/atlas/AL")
            await expect(page.get_by_role("main")).to_contain_text("Allowed")
            await page.goto("/en/health")
            await expect(page.get_by_role("main")).to_contain_text("Something needs attention.")
            await expect(health_of(page, "Reporting")).to_contain_text("Does not answer")
            await expect(health_of(page, "Partners")).to_contain_text("Ready")
            answer = await page.goto("/en/results/iP1/evidence.csv")
            assert answer is not None
            assert (answer.status, answer.headers["content-type"]) == (503, "text/html; charset=utf-8"), "no half file"
    finally:
        reporting.child.start()
        await ready(reporting.url)
        await world.house.settled()
    async with opened(browser, world, signed_in["operator"]) as page:
        await well(page)


def health_of(page: Page, service: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=service, exact=True))


async def test_an_address_without_a_page_keeps_the_menu(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["visitor"]) as page:
        for path in ("/en/no/such/page", "/en/partners/00000000-0000-0000-0000-000000000000", "/en/results/iZ99", "/en/atlas/QQ"):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 404, path
            await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
            await expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Atlas")).to_be_visible()


async def test_a_missing_right_is_named_with_who_has_it(world: World, browser: Browser, signed_in: Any) -> None:
    instrument = (await world.house.told("partners", "GET", "/instruments"))["items"][0]
    async with opened(browser, world, signed_in["visitor"]) as page:
        await page.goto("/en/atlas/AL")
        await expect(page.get_by_role("main")).to_contain_text("Your roles do not show this part. It is for:")
        await expect(page.get_by_role("main")).to_contain_text("ILECU Albania")
        await page.goto(f"/en/instruments/{instrument['id']}/advance")
        await expect(page.get_by_role("main")).to_contain_text("changing it is for: Coordinator, Administrator and Importer.")
        await expect(page.get_by_role("button", name="Record this step")).to_be_disabled()
        await page.goto(f"/en/partners/{instrument['partner_id']}")
        await expect(page.get_by_role("link", name="Next step")).to_have_count(0)


async def test_what_the_owner_refuses_stands_beside_its_field(world: World, browser: Browser, signed_in: Any) -> None:
    instrument = (await world.house.told("partners", "GET", "/instruments", params={"state": "in_force"}))["items"][0]
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto(f"/en/instruments/{instrument['id']}/advance")
        await page.get_by_label("New state").select_option(label="Suspended")
        await page.get_by_label("Since").fill("2026-01-01")
        await page.get_by_label("Valid to").fill("2025-01-01")
        await page.get_by_role("button", name="Record this step").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_label("Valid to")).to_have_accessible_description(re.compile("This lies before the step takes effect."))
        await expect(page.get_by_label("New state")).to_have_value("suspended")
    after = await world.house.told("partners", "GET", f"/instruments/{instrument['id']}")
    assert after["version"] == instrument["version"], "nothing was changed"


async def test_a_change_made_meanwhile_is_shown_before_one_decides_again(world: World, browser: Browser, signed_in: Any) -> None:
    partner = (await world.house.told("partners", "GET", "/partners?country=JO"))["items"][0]
    path = f"/instruments/{partner['instruments'][0]['id']}"
    async with opened(browser, world, signed_in["coordinator"]) as page:
        await page.goto(f"/en{path}/advance")
        await world.house.told("partners", "POST", f"{path}/advance", json={"state": "negotiating"})
        await page.get_by_label("New state").select_option(label="Rejected")
        await page.get_by_role("button", name="Record this step").click()
        await expect(page.get_by_role("alert")).to_contain_text("Somebody changed it while you were deciding.")
        await expect(page.get_by_role("main")).to_contain_text("In negotiation")
    after = await world.house.told("partners", "GET", path)
    assert after["state"] == "negotiating"
    step = next(step for step in after["history"] if step["state"] == "negotiating")
    await world.house.told("partners", "POST", f"{path}/retract", json={"corrects": step["event_id"], "reason": "other"})
    await world.house.settled()


async def test_a_letter_that_cannot_be_read_waits_for_a_decision_and_gets_one(world: World, browser: Browser, signed_in: Any) -> None:
    async with AIOKafkaProducer(bootstrap_servers=world.house.servers) as producer:
        await producer.send_and_wait("partners.instrument.v1", b"", key=b"x")
    await world.house.settled()
    async with opened(browser, world, signed_in["operator"], java_script_enabled=False) as page:
        await page.goto("/en/health")
        await expect(page.get_by_role("main")).to_contain_text("1 dead letter waits for a decision.")
        letters = page.get_by_role("region", name="Dead letters")
        await expect(letters).to_contain_text("value is empty")
        await letters.get_by_role("button", name="Leave aside").click()
        await expect(letters.get_by_label("Reason")).to_have_accessible_description("Say why it may be left aside.")
        await letters.get_by_label("Reason").fill("sent by a test")
        await letters.get_by_role("button", name="Leave aside").click()
        await expect(page.get_by_role("status").filter(has_text="It was left aside")).to_be_visible()
        await expect(letters).to_contain_text("sent by a test")
        await expect(letters.get_by_role("button")).to_have_count(0)
        await page.goto("/en/results")
        await expect(tile(page, "Agreements in force")).to_contain_text(re.compile(r"\b13\b"))


FILES = {
    "results.csv": len(indicators.ALL),
    "scoreboard.csv?period=2024": 34,
    "results/iP1/evidence.csv": 13,
    "results/iP1/evidence.csv?country=AL": 1,
    "meetings.csv?state=held&since=2024-01-01&until=2024-01-04": 7,
    "partners.csv?status=agreement": 13,
    "networks.csv": 18,
    "structures.csv?party=AL": 1,
    "tools.csv?measure=B": 11,
    "atlas.csv?status=agreement": 13,
    "atlas/XK/authorities.csv": 6,
    "atlas/XK/contact-points.csv": 1,
    "health/topics.csv": len([name for name in kafka.declared() if ".personal." not in name]),
}


@pytest.mark.parametrize("address", FILES)
async def test_a_file_holds_every_row(world: World, signed_in: Any, address: str) -> None:
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        answer = await http.get(f"/fr/{address}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == FILES[address] + 1
    assert {len(line) for line in lines} == {len(lines[0])}, "as many cells as names"


async def test_a_file_comes_as_a_spreadsheet_too(world: World, signed_in: Any) -> None:
    places = [address for address in FILES if address.startswith(("results/", "meetings", "atlas/XK/c", "health"))]
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        for address in places:
            answer = await http.get(f"/ar/{address.replace('.csv', '.xlsx')}")
            assert answer.headers["content-type"] == MEDIA["xlsx"]
            assert ".xlsx" in answer.headers["content-disposition"]
            lines = calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
            assert len(lines) == FILES[address] + 1, address
        assert (await http.get("/en/nothing.xlsx")).status_code == 404
    async with httpx.AsyncClient(base_url=world.url) as http:
        assert (await http.get("/en/meetings.xlsx")).headers["location"].endswith("return=%2Fen%2Fmeetings.xlsx")


@pytest.mark.parametrize(("pages", "status", "rows"), [(5, client.TOO_MANY, 0), (6, 200, 6)])
async def test_a_list_is_read_whole_or_not_at_all(world: World, monkeypatch: Any, pages: int, status: int, rows: int) -> None:
    monkeypatch.setattr(client, "PAGE", 1)
    monkeypatch.setattr(client, "ENOUGH", pages)
    async with httpx.AsyncClient() as http:
        desk = client.Desk(http, {"contacts": world.house["contacts"].url}, world.house.token("coordinator"))
        found = await desk.everything("contacts", "/authorities", country="XK")
    assert (found.status, len(found.items)) == (status, rows)


async def test_each_table_has_its_file(world: World, browser: Browser, signed_in: Any) -> None:
    partner = (await world.house.told("partners", "GET", "/partners?country=AL"))["items"][0]
    event = (await world.house.told("reporting", "GET", "/indicators/iP1/evidence", "auditor"))["items"][0]
    known = ["results", "results/iP1", "partners?status=agreement", "atlas?status=agreement", "atlas/XK", "health"]
    places = [*known, f"partners/{partner['id']}", f"facts/{event['event_id']}"]
    async with opened(browser, world, signed_in["coordinator"]) as page:
        for place in places:
            await page.goto(f"/en/{place}")
            assert await page.get_by_role("table").count()
            for form in ("CSV", "XLSX"):
                for link in await page.get_by_role("link", name=form).all():
                    assert (await page.request.get(str(await link.get_attribute("href")))).ok
                assert await page.get_by_role("link", name=form).count(), place


async def test_a_form_from_elsewhere_changes_nothing(world: World, signed_in: Any) -> None:
    instrument = (await world.house.told("partners", "GET", "/instruments", params={"state": "in_force"}))["items"][0]
    form = {"state": "terminated", "version": str(instrument["version"]), "key": "k", "form_token": "guessed"}
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"])) as http:
        answer = await http.post(f"/en/instruments/{instrument['id']}/advance", data=form)
        assert answer.status_code == 403
        assert "This form is not from your session" in answer.text
        assert (await http.post("/en/sign-out", data={})).status_code == 403
        assert (await http.get("/en/results")).status_code == 200, "still signed in"
    after = await world.house.told("partners", "GET", f"/instruments/{instrument['id']}")
    assert after["version"] == instrument["version"]


async def test_a_sign_in_that_was_not_begun_here_opens_nothing(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.url) as http:
        forged = await http.get("/signed-in", params={"state": "x", "code": "y"})
        assert (forged.status_code, "set-cookie" in forged.headers) == (403, False)
        begun = await http.get("/fr/sign-in/begin", params={"return": "https://elsewhere.example/"})
        assert begun.headers["location"].startswith(f"{world.issuer}/authorize?")
        for query in (
            {"state": "another", "code": "y"},
            {"state": httpx.URL(begun.headers["location"]).params["state"], "code": "made up"},
        ):
            refused = await http.get("/signed-in", params=query)
            assert refused.status_code == 403
            assert "concord=" not in refused.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("language", "title", "limit"),
    [("en", "This is too large", "100 MiB"), ("fr", "C’est trop volumineux", "100 Mio"), ("ar", "هذا كبير جدًا", "100 ميبيبايت")],
)
async def test_what_is_too_large_to_be_sent_is_told_on_a_page(
    world: World, browser: Browser, signed_in: Any, tmp_path: Path, language: str, title: str, limit: str
) -> None:
    with (tmp_path / "list.csv").open("wb") as file:
        file.truncate(UPLOADS_END + 1)
    async with opened(browser, world, signed_in["coordinator"], bypass_csp=True) as page:
        await page.goto(f"/{language}/imports/new/list")
        await page.locator("#f-kind").select_option("authorities")
        await page.locator("#f-file").set_input_files(tmp_path / "list.csv")
        async with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await page.locator("#main button").click()
        answer = await answered.value
        assert (answer.status, "default-src 'none'" in answer.headers["content-security-policy"]) == (413, True)
        await expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        await expect(page.get_by_role("main")).to_contain_text(limit)
        await expect(page.get_by_role("banner")).to_contain_text("Nora Lindqvist")
        await faultless(page, language, True)


async def test_too_large_is_a_problem_for_a_program_and_a_page_however_it_comes(world: World, signed_in: Any) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'--X\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(UPLOADS_END // 2**20 + 1):
            yield bytes(2**20)

    form, reads = {"Content-Type": "multipart/form-data; boundary=X"}, {"Accept": "text/html"}
    async with httpx.AsyncClient(base_url=world.url, cookies=cookies(signed_in["coordinator"]), timeout=60) as http:
        shown = await http.post("/en/imports/new/list", content=chunks(), headers=form | reads)
        assert (shown.status_code, "100 MiB" in shown.text) == (413, True), "it did not say how long it would be"
        shown = await http.post("/en/packs/new/build", content=b"x" * (256 * 1024 + 1), headers=reads)
        assert (shown.status_code, "256 KiB" in shown.text) == (413, True)
        told = await http.post("/en/packs/new/build", content=b"x" * (256 * 1024 + 1))
        assert (told.status_code, told.headers["content-type"]) == (413, "application/problem+json")
        assert (told.json()["type"], told.json()["detail"]) == ("urn:concord:problem:too-large", "A body may have 262144 bytes")
