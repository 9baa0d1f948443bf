"""Packs by the pages: made, listed, downloaded, and proved by the command line with the key that the page hands out."""

import re
import sys
from asyncio import create_subprocess_exec, subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.portal.world import World, opened, rows
from tests.system.world import ROOT


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


async def test_a_pack_is_made_downloaded_and_proved(world: World, browser: Browser, signed_in: Any, tmp_path: Path) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/atlas")
        await page.get_by_role("link", name="Packs to take along").click()
        await page.get_by_role("link", name="Make a pack").click()
        await page.get_by_label("For how many days does it hold?").fill("91")
        await page.get_by_label("Countries").select_option(label="Albania")
        await page.get_by_role("button", name="Make it").click()
        await expect(page.get_by_role("alert")).to_contain_text("For how many days does it hold?")
        await page.get_by_label("For how many days does it hold?").fill("7")
        await page.get_by_role("button", name="Make it").click()
        await expect(page.get_by_role("status").filter(has_text="The pack is made.")).to_be_visible()
        newest = rows(page, "Packs, the newest first").first
        await expect(newest).to_contain_text("Albania")
        file = await saved(page, newest.get_by_role("link", name="Download"), tmp_path / "directory.html")
        key = await saved(page, page.get_by_role("link", name="Download the public key"), tmp_path / "pack-key.json")
        status, said = await verified(file, key)
        assert (status, "good until" in said) == (0, True), said
        shown = "".join((await page.get_by_role("region", name="Is a pack genuine?").inner_text()).split())
        assert re.search(r"key ([0-9a-f]{64})", said)[1] in shown, "the page shows the fingerprint that the command line tells"  # type: ignore[index]
        forged = tmp_path / "forged.html"
        forged.write_bytes(file.read_bytes().replace(b"</html>", b"<p>x</p></html>"))
        assert (await verified(forged, key))[0] == 1


async def test_a_pack_is_brought_up_to_date(world: World, browser: Browser, signed_in: Any, tmp_path: Path) -> None:
    earlier = await world.house.told("contacts", "POST", "/packs", json={"countries": ["RS"], "days": 2})
    await world.house.told("contacts", "POST", "/packs", json={"countries": ["RS"], "days": 3})
    async with opened(browser, world, signed_in["auditor"], java_script_enabled=False) as page:
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
    assert earlier["sha256"] == sha256(old.read_bytes()).hexdigest()


async def test_who_may_not_make_one_finds_those_that_are_there(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["auditor"]) as page:
        await page.goto("/en/packs")
        await expect(page.get_by_role("link", name="Make a pack")).to_have_count(0)
        await expect(page.get_by_role("region", name="Is a pack genuine?")).to_be_visible()
