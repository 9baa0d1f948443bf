"""A year at a glance: by month and type, what is assumed, and what was published beside it."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.load.years import centres
from shared.codes import LISTS
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
        assert all("assumed" in row for row in told), "a year was published, none of its months"
        types = rows(page, "Coordination meetings by crime type")
        await expect(types.filter(has_text="assumed").get_by_role("rowheader")).to_contain_text(["Organised crime", "Terrorism"])
        await expect(page.get_by_role("main")).to_contain_text("reconstructed from published totals")
        files = {name: await page.request.get(f"/en/results/iEJ1/{name}.csv?period=2024") for name in ("months", "crime-types")}
        lines = {name: (await answer.text()).splitlines()[1:] for name, answer in files.items()}
        assert lines["months"] == []
        assert {line.split(",")[1] for line in lines["crime-types"]} >= {"Swindling and fraud", "Cybercrime"}
        assert not {line.split(",")[1] for line in lines["crime-types"]} & {"Organised crime", "Terrorism"}
        await months.first.get_by_role("link").click()
        await expect(page.get_by_role("region", name="What it counts")).to_contain_text("12 of 12 events shown")


async def codes_in(page: Page, path: str) -> set[str]:
    """The indicators that a file tells of."""
    file = (await (await page.request.get(path)).body()).decode("utf-8-sig")
    return {line["Code"] for line in csv.DictReader(io.StringIO(file)) if line["Value"]}


async def test_what_is_published_in_all_is_neither_of_a_month_nor_of_a_country(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        assert "iEJ1" in await codes_in(page, "/en/results.csv?period=2024")
        for asked in ("period=2024-01", "period=2024&country=NL"):
            assert not {"iEJ1", "iEJ5"} & await codes_in(page, f"/en/results.csv?{asked}"), asked
        figure = page.get_by_role("region", name="The figure")
        await page.goto("/en/results/iEJ1?period=2024-01")
        await expect(figure).to_contain_text(re.compile(r"\b12\b.*assumed", re.DOTALL))
        await page.goto("/en/results/iEJ3?period=2024")
        await expect(page.get_by_role("region", name="By crime type")).to_contain_text(re.compile(r"each counted once: \d+\. assumed"))
        for path in ("results/iEJ1?period=2024&country=NL", "results/iEJ5?period=2024&country=NL", "results/iP8?country=FR"):
            await page.goto(f"/en/{path}")
            await expect(figure).to_contain_text("Not covered")
        await page.goto("/en/results/iP8?country=AL")
        await expect(figure).to_contain_text(re.compile(r"\b1\b.*Taken over from a publication", re.DOTALL))
        await page.goto("/en/scoreboard?period=2024&country=NL")
        await expect(page.get_by_role("row").filter(has=page.get_by_role("link", name="Countries within reach"))).to_contain_text(
            "Not covered"
        )


async def test_of_what_is_assumed_the_scoreboard_file_says_only_that_it_is(world: World, browser: Browser, signed_in: Any) -> None:
    assumed = {"indicator": "iA1", "start": "1999-01-01", "end": "2000-01-01", "complete": True, "basis": "assumed", "origin": "a test"}
    await world.house.told("reporting", "POST", "/coverage", json=assumed)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/scoreboard?period=1999")
        told = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="National coordination meetings")).first
        await expect(told).to_contain_text(re.compile(r"\b0\b.*Assumed, not recorded", re.DOTALL))
        file = (await (await page.request.get("/en/scoreboard.csv?period=1999")).body()).decode("utf-8-sig")
        line = next(line for line in csv.DictReader(io.StringIO(file)) if line["Indicator"] == "iA1")
        assert [line[name] for name in ("Value", "Numerator", "Reason", "Basis")] == ["", "", "assumed", "assumed"]


@pytest.mark.parametrize("path", ["results", "results/iK4", "scoreboard", "ask", "enquiries", "meetings/new/propose", "campaigns"])
async def test_no_page_offers_a_country_that_no_service_takes(world: World, browser: Browser, signed_in: Any, path: str) -> None:
    async with opened(browser, world, signed_in["national-editor"], java_script_enabled=False) as page:
        answer = await page.goto(f"/en/{path}")
        assert answer is not None
        assert answer.ok
        offered = await page.locator("option").evaluate_all("options => options.map(option => [option.value, option.text])")
        places = {value for value, words in offered if re.fullmatch("[A-Z]{2}", value) and value != words}
        assert len(places) > 5
        assert places <= LISTS["country"].codes.keys()
        away = await page.goto("/en/atlas/IC")
        assert away is not None
        assert away.status == 404


async def test_a_published_sentence_stands_beside_the_figure_as_it_was_published(world: World, browser: Browser, signed_in: Any) -> None:
    said = next(entry.body for entry in centres() if entry.body.get("statement"))
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/ar/results?period=2024")
        quoted = page.get_by_role("region", name="لمحة سريعة").get_by_text(said["statement"])
        await expect(quoted).to_have_attribute("lang", "en")


KEPT = {
    "en": "Enquiry between countries that you do not act for: it is not shown to you",
    "fr": "Demande entre des pays pour lesquels vous n’agissez pas : elle ne vous est pas montrée",
    "ar": "استفسار بين دول لا تتصرف باسمها: لا يُعرض عليك",
}


@pytest.fixture(scope="module")
async def year(world: World) -> str:
    """This year, in which all enquiries are said to be known."""
    year = str(datetime.now(UTC).year)
    coverage = {"event_family": "contacts.enquiry", "start": f"{year}-01-01", "complete": True, "basis": "recorded", "origin": "the desk"}
    await world.house.told("reporting", "POST", "/coverage", json=coverage)
    return year


async def test_an_enquiry_of_others_counts_and_is_not_shown(world: World, browser: Browser, signed_in: Any, year: str) -> None:
    told = world.house.told
    network = next(row for row in (await told("contacts", "GET", "/networks"))["items"] if row["country"] is None)
    asked = {"to_country": "CY", "measure": "hear_witness", "channel": "interpol", "addressee_ref": network["id"]}
    others, own = [await told("contacts", "POST", "/enquiries", json={"country": country, **asked}) for country in ("LI", "AL")]
    await world.house.settled()
    path = f"results/iK2u?period={year}&country=CY&part=denominator"
    for role, seen in (("national-editor", 1), ("contact-point", 0)):
        async with opened(browser, world, signed_in[role], java_script_enabled=False) as page:
            for language, words in KEPT.items():
                await page.goto(f"/{language}/{path}")
                row = page.get_by_role("row").filter(has_text=others["id"])
                await expect(row.get_by_role("rowheader")).to_contain_text(words)
                await expect(page.get_by_role("link", name=words)).to_have_count(0)
                await expect(page.locator(f"a[href='/{language}/enquiries/{own['id']}']")).to_have_count(seen)
            await row.get_by_role("link", name="contacts.enquiry.opened.v1").click()
            await expect(page.get_by_role("main")).to_contain_text(KEPT["ar"])
            file = (await (await page.request.get(f"/en/{path.replace('?', '/evidence.csv?')}")).body()).decode("utf-8-sig")
            told_of = {line["Identifier"]: line["Subject"] for line in csv.DictReader(io.StringIO(file))}
            assert told_of[others["id"]] == KEPT["en"]
            assert told_of[own["id"]] == ("Enquiry from Albania to Cyprus" if seen else KEPT["en"])


async def test_how_two_countries_answer_each_other_is_a_table_and_a_file(world: World, browser: Browser, signed_in: Any, year: str) -> None:
    told = world.house.told
    network = next(row for row in (await told("contacts", "GET", "/networks"))["items"] if row["country"] is None)
    for step in ("answer", "answer", "acknowledge"):
        asked = {
            "country": "IS",
            "to_country": "MT",
            "measure": "hear_witness",
            "channel": "ejn_secretariat",
            "addressee_ref": network["id"],
        }
        made = await told("contacts", "POST", "/enquiries", json=asked)
        await told("contacts", "POST", f"/enquiries/{made['id']}/{step}", json={})
    await world.house.settled()
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(f"/en/results/iK4?period={year}")
        pairs = rows(page, "By pair of countries")
        await expect(pairs.filter(has=page.get_by_role("link", name="Malta – Iceland"))).to_contain_text("+2")
        await expect(pairs.filter(has=page.get_by_role("link", name="Iceland – Malta"))).to_contain_text("-2")
        await pairs.get_by_role("link", name="Malta – Iceland").click()
        await expect(page.get_by_role("region", name="The figure")).to_contain_text("+2")
        items = page.get_by_role("region", name="What it counts")
        await expect(items).to_contain_text("2 of 2 events shown")
        asked = items.get_by_role("link", name="Enquiry from Iceland to Malta", exact=True)
        await expect(asked).to_have_count(2)
        await asked.first.click()
        await expect(page).to_have_url(re.compile("/en/enquiries/[0-9a-f-]{36}$"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Enquiry from Iceland to Malta")
        await page.goto(f"/en/results/iK2u?period={year}&country=MT&participant=IS")
        await expect(page.get_by_role("region", name="The figure")).to_contain_text("33.3%")
        lines = (await (await page.request.get(f"/en/results/iK2u/pairs.csv?period={year}&country=MT")).text()).splitlines()
        assert [line.split(",")[:5] for line in lines[1:]] == [["iK2u", "MT", "IS", "0.333333", "share"]]
        file = (await (await page.request.get(f"/fr/scoreboard.csv?period={year}&country=MT")).body()).decode("utf-8-sig")
        by = {line["Indicateur"]: line["Canal"] for line in csv.DictReader(io.StringIO(file)) if line["Canal"]}
        assert by == dict.fromkeys(("iK1", "iK2"), "Secrétariat du Réseau judiciaire européen")
        await page.goto(f"/en/scoreboard?period={year}&country=MT")
        await page.get_by_role("link", name="Time to answer – EJN access").click()
        await expect(page.get_by_role("region", name="The figure")).to_contain_text("hours")
        assert "channel=ejn_secretariat" in page.url
        secretariat = "Secretariat of the European Judicial Network"
        await expect(page.get_by_role("main").get_by_role("link", name=f"Channel: {secretariat}")).to_be_visible()
        await expect(page.get_by_label("Channel")).to_have_value("ejn_secretariat")
        await page.get_by_label("Channel").select_option(label="Interpol")
        await page.get_by_role("button", name="Apply filters").click()
        assert "channel=interpol" in page.url
        assert f"period={year}" in page.url
        await page.goto("/fr/results/iK2?channel=ejn_secretariat")
        await expect(page.get_by_role("main")).to_contain_text("Secrétariat du Réseau judiciaire européen")
        await page.goto(f"/en/results/iEJ1?period={year}")
        await expect(page.get_by_label("Crime type")).to_be_visible()
        await expect(page.get_by_label("Channel")).to_have_count(0)
        await page.goto("/en/results/iK2?channel=pigeon")
        await expect(page.get_by_label("Channel")).to_have_attribute("aria-invalid", "true")
        partner = next(row for row in await partners(world) if row["country"] == "IS")
        await page.goto(f"/en/partners/{partner['id']}")
        await expect(rows(page, f"Asked and answered in {year}").filter(has_text="Malta")).to_contain_text(
            re.compile(r"2 of 3.*0 of 0.*\+2", re.DOTALL)
        )
        file = await (await page.request.get(f"/en/partners/{partner['id']}/reciprocity.csv")).text()
        assert [line.split(",")[:8] for line in file.splitlines()[1:]] == [["IS", "MT", year, "2", "3", "0", "0", "2"]]
        await page.goto(f"/en/partners/{partner['id']}?on=2024-03-01")
        before = str(int(year) - 1)
        await page.get_by_role("navigation", name="Year").get_by_role("link", name=before).click()
        earlier = page.get_by_role("region", name=f"Asked and answered in {before}")
        await expect(earlier).to_contain_text("No enquiry of this year")
        await expect(earlier.get_by_role("link", name=before)).to_have_attribute("aria-current", "true")
        assert "on=2024-03-01" in page.url, "what else was asked stays"
        await earlier.get_by_role("link", name=year).click()
        await expect(rows(page, f"Asked and answered in {year}").filter(has_text="Malta")).to_be_visible()
        for wrong in ("2024-03", "0000", "<b>"):
            await page.goto(f"/en/partners/{partner['id']}?{urlencode({'year': wrong})}")
            await expect(page.get_by_text(f"“{wrong}” cannot be asked about. Choose a year above.")).to_be_visible()
            file = await page.request.get(f"/en/partners/{partner['id']}/reciprocity.csv?{urlencode({'year': wrong})}")
            assert file.status == 422, "half a file would mislead"
        await page.goto(f"/en/results?period={year}")
        await expect(page.get_by_role("heading", name="Enquiries between countries")).to_be_visible()


async def partners(world: World) -> list[Any]:
    return list((await world.house.told("partners", "GET", "/partners", params={"limit": 500}))["items"])
