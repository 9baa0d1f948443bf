"""Packs by the pages: made, listed, downloaded, and proved by the command line with the key that the page hands out."""

import re
import sys
from asyncio import create_subprocess_exec, subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from playwright.async_api import Browser, Page, expect

from services.contacts.store import leads
from services.portal.domain import LANGUAGES
from tests.portal.test_imports import reloaded
from tests.portal.test_looks import faultless
from tests.portal.world import World, opened, rows
from tests.system.world import ROOT, sql


async def verified(file: Path, key: Path) -> tuple[int, str]:
    return await command("verify", file, "--key", key)


async def command(*words: object) -> tuple[int, str]:
    told = [sys.executable, "-m", "services.contacts", "pack", *map(str, words)]
    child = await create_subprocess_exec(*told, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = await child.communicate()
    return child.returncode or 0, said.decode()


async def saved(page: Page, link: Any, path: Path) -> Path:
    async with page.expect_download() as taken:
        await link.click()
    await (await taken.value).save_as(path)
    return path


@asynccontextmanager
async def unbuilt(world: World) -> AsyncIterator[None]:
    """Meanwhile no process builds packs."""
    held = await asyncpg.connect(world.house["contacts"].dsn, timeout=5)
    try:
        await held.execute("SELECT pg_advisory_lock($1)", leads.PACKS)
        yield
    finally:
        await held.close(timeout=2)


async def asked_for(page: Page, country: str) -> None:
    """By the form that the list of packs leads to."""
    await page.goto("/en/packs")
    await page.get_by_role("link", name="Make a pack", exact=True).click()
    await page.get_by_label("Countries").select_option(label=country)
    await page.get_by_label("For how many days does it hold?").fill("7")
    await page.get_by_role("button", name="Make it").click()


async def test_a_pack_is_made_downloaded_and_proved(world: World, browser: Browser, signed_in: Any, tmp_path: Path) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/atlas")
        await page.get_by_role("link", name="Packs to take along").click()
        await page.get_by_role("link", name="Make a pack", exact=True).click()
        await page.get_by_label("For how many days does it hold?").fill("91")
        await page.get_by_label("Countries").select_option(label="Albania")
        await page.get_by_role("button", name="Make it").click()
        await expect(page.get_by_role("alert")).to_contain_text("For how many days does it hold?")
        await page.get_by_label("For how many days does it hold?").fill("7")
        await page.get_by_role("button", name="Make it").click()
        await expect(page.get_by_role("status").filter(has_text="It was asked for")).to_be_visible()
        await reloaded(page, page.get_by_text("The pack is ready."))
        file = await saved(page, page.get_by_role("link", name="Download", exact=True), tmp_path / "directory.html")
        await page.get_by_role("link", name="Packs to take along").last.click()
        newest = rows(page, "Packs, the newest first").first
        await expect(newest).to_contain_text("Albania")
        await expect(newest).to_contain_text("Ready")
        kept = await page.request.get(str(await newest.get_by_role("link", name="Download").get_attribute("href")))
        assert (kept.headers["content-security-policy"], kept.headers["content-disposition"][:10]) == ("sandbox", "attachment")
        listed = await saved(page, newest.get_by_role("link", name="Download"), tmp_path / "listed.html")
        assert listed.read_bytes() == file.read_bytes()
        key = await saved(page, page.get_by_role("link", name="Download the public key"), tmp_path / "pack-key.json")
        status, said = await verified(file, key)
        assert (status, "good until" in said) == (0, True), said
        shown = "".join((await page.get_by_role("region", name="Is a pack genuine?").inner_text()).split())
        assert re.search(r"key ([0-9a-f]{64})", said)[1] in shown, "the page shows the fingerprint that the command line tells"  # type: ignore[index]
        forged = tmp_path / "forged.html"
        forged.write_bytes(file.read_bytes().replace(b"</html>", b"<p>x</p></html>"))
        assert (await verified(forged, key))[0] == 1


async def test_while_it_is_built_the_page_tells_how_far_it_is(world: World, browser: Browser, signed_in: Any) -> None:
    """By a link without script, and by itself with it; then it is there without a click."""
    dsn = world.house["contacts"].dsn
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        async with unbuilt(world):
            await asked_for(page, "Montenegro")
            path = urlsplit(page.url).path
            await expect(page.get_by_role("progressbar", name="It waits to be built.")).to_be_visible()
            await expect(page.get_by_role("link", name="Download", exact=True)).to_have_count(0)
            await sql(dsn, "UPDATE packs SET done = 5, entries = 20 WHERE id = $1", path.rpartition("/")[2])
            await page.get_by_role("link", name="Show how far it is now").click()
            await expect(page.get_by_role("progressbar", name="5 of 20 entries read")).to_have_js_property("value", 5)
            await page.get_by_role("link", name="Packs to take along").last.click()
            newest = rows(page, "Packs, the newest first").first
            await expect(newest).to_contain_text("Being built")
            await expect(newest.get_by_role("link", name="Download")).to_have_count(0)
            async with opened(browser, world, signed_in["auditor"], bypass_csp=True) as looking:
                for language in LANGUAGES:
                    await looking.goto(path.replace("/en/", f"/{language}/"))
                    await faultless(looking, language, True)
                await looking.goto(path)
                await sql(dsn, "UPDATE packs SET done = 20 WHERE id = $1", path.rpartition("/")[2])
                await expect(looking.get_by_role("progressbar", name="All entries are read")).to_be_visible(timeout=15_000)
        async with opened(browser, world, signed_in["auditor"]) as looking:
            await looking.goto(path)
            await expect(looking.get_by_text("The pack is ready.")).to_be_visible(timeout=15_000)


async def test_one_that_could_not_be_built_says_why(world: World, browser: Browser, signed_in: Any) -> None:
    problem = "these are 70000 entries; a pack holds 50000: name fewer countries"
    said = {
        "en": "These are 70000 entries, and a pack holds 50000: choose fewer countries.",
        "fr": "Ce sont 70000 entrées, et un dossier en contient 50000 au plus : choisissez moins de pays.",
        "ar": "هذه 70000 من المدخلات، والحزمة تتسع لـ 50000: اختر بلدانًا أقل.",
    }
    pack = await world.house.told("contacts", "POST", "/packs", json={"countries": ["ME"], "days": 1})
    await world.house.reached("contacts", f"/packs/{pack['id']}", "ready")
    await sql(
        world.house["contacts"].dsn, "UPDATE packs SET state = 'failed', content = NULL, problem = $2 WHERE id = $1", pack["id"], problem
    )
    async with opened(browser, world, signed_in["coordinator"], bypass_csp=True) as page:
        for language, words in said.items():
            await page.goto(f"/{language}/packs/{pack['id']}")
            await expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
            await faultless(page, language, True)


async def test_a_pack_is_brought_up_to_date(world: World, browser: Browser, signed_in: Any, tmp_path: Path) -> None:
    first = await world.house.told("contacts", "POST", "/packs", json={"countries": ["RS"], "days": 2})
    second = await world.house.told("contacts", "POST", "/packs", json={"countries": ["RS"], "days": 3})
    await world.house.reached("contacts", f"/packs/{second['id']}", "ready")
    async with opened(browser, world, signed_in["auditor"], java_script_enabled=False) as page:
        await page.goto(f"/en/packs/{first['id']}")
        await reloaded(page, page.get_by_role("link", name="What changed since"))
        await page.goto("/en/packs")
        newer, older = rows(page, "Packs, the newest first").nth(0), rows(page, "Packs, the newest first").nth(1)
        await expect(newer.get_by_role("link", name="What changed since")).to_have_count(0)
        old = await saved(page, older.get_by_role("link", name="Download"), tmp_path / "old.html")
        new = await saved(page, newer.get_by_role("link", name="Download"), tmp_path / "new.html")
        delta = await saved(page, older.get_by_role("link", name="What changed since"), tmp_path / "directory.delta")
        key = await saved(page, page.get_by_role("link", name="Download the public key"), tmp_path / "pack-key.json")
    status, said = await command("apply", old, delta, "--key", key, "--out", tmp_path / "made.html")
    assert (status, said.splitlines()[0]) == (0, "0 added, 0 changed, 0 removed"), said
    assert (tmp_path / "made.html").read_bytes() == new.read_bytes() != old.read_bytes()
    earlier = await world.house.told("contacts", "GET", f"/packs/{first['id']}")
    assert earlier["sha256"] == sha256(old.read_bytes()).hexdigest()


async def test_who_may_not_make_one_finds_those_that_are_there(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["auditor"]) as page:
        await page.goto("/en/packs")
        await expect(page.get_by_role("link", name="Make a pack")).to_have_count(0)
        await expect(page.get_by_role("region", name="Is a pack genuine?")).to_be_visible()


async def test_a_pack_with_persons_is_given_for_a_purpose_and_logged(
    world: World, browser: Browser, signed_in: Any, tmp_path: Path
) -> None:
    family = f"Zz{uuid4().hex}"
    office = (await world.house.told("contacts", "GET", "/authorities?country=BA"))["items"][0]
    person = {"family_name": family, "given_name": "A", "email": "desk@office.example"}
    point = await world.house.told(
        "contacts", "POST", "/contact-points", json={"country": "BA", "appointing_kind": "country", "person": person}
    )
    post = {"valid_from": "2026-01-15", "authority_ref": office["id"], "duty": "24x7"}
    await world.house.told("contacts", "POST", f"/contact-points/{point['id']}/designate", json=post)
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/packs")
        await page.get_by_role("link", name="Make a pack with persons’ details").click()
        await expect(page.get_by_role("main")).to_contain_text("logged as read by you")
        assert "Notification" not in await page.get_by_label("Purpose").inner_text()
        await page.get_by_label("Purpose").select_option(label="Judicial cooperation")
        await page.get_by_label("Country").select_option(label="Bosnia & Herzegovina")
        await page.get_by_label("For how many days does it hold?").fill("91")
        await page.get_by_role("button", name="Make and download it").click()
        await expect(page.get_by_role("alert")).to_contain_text("For how many days does it hold?")
        await expect(page.get_by_label("Purpose")).to_have_value("judicial_cooperation")
        await page.get_by_label("For how many days does it hold?").fill("3")
        file = await saved(page, page.get_by_role("button", name="Make and download it"), tmp_path / "personal.html")
        assert family in file.read_text(encoding="utf-8")
        await page.goto("/en/packs")
        await expect(rows(page, "Packs, the newest first").first).to_contain_text("Handed to one reader alone")
    async with opened(browser, world, signed_in["auditor"]) as page:
        await page.goto(f"/en/access-log?person={point['person_ref']}")
        [read] = await rows(page, "Readings, the newest first").all()
        for words in ("Judicial cooperation", "The offline pack"):
            await expect(read).to_contain_text(words)
        await page.goto("/en/packs")
        await expect(page.get_by_role("link", name="Make a pack with persons’ details")).to_have_count(0)
        await page.goto("/en/packs/new/personal")
        await expect(page.get_by_text("Your roles do not allow this.")).to_be_visible()
        await expect(page.get_by_role("button", name="Make and download it")).to_be_disabled()
