"""The signed pack from disk, with every host blocked: it finds, speaks three languages, notices what was changed, and says when it has expired."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, Page, expect

from services.contacts.gateways import packs
from tests.portal.test_looks import TAGS

KEY = Ed25519PrivateKey.generate()
OFFICE: dict[str, Any] = {"kind": "court", "subdivision": None, "zone": "Africa/Casablanca", "languages": ["ar"], "role_mailbox": None}
OFFICE |= {"phone_24x7": None, "country": "MA"}
NAMES = {
    "ma:court": {"fr": "Cour d’appel de Marrakech", "ar": "محكمة الاستئناف"},
    "al:moj": {"en": "Ministry of Justice </script> & <b>"},
    "xk:moj": {"en": "Ministry \u00a0 of “Justice”"},
}
POINT = {"reference": "p", "authority": "ma:court", "state": "verified", "duty": "24x7", "specialisations": ["cybercrime"]}
POINT |= {"languages": [{"code": "ar", "level": "native"}], "verified_at": "2026-01-05T09:00:00+00:00"}


def pack(days: float = 2, offices: int = 0, **more: Any) -> bytes:
    made = datetime(2026, 1, 5, 9, tzinfo=UTC)
    expires = datetime.now(UTC) + timedelta(days=days)
    named = NAMES | {f"xx:{number}": {"en": f"Office {number}"} for number in range(offices)}
    entries = [OFFICE | {"reference": reference, "name": name} for reference, name in named.items()]
    told = {"instance": "test", "made_at": made.isoformat(), "expires_at": expires.isoformat(), "persons": False}
    return packs.write(told | {"authorities": entries, "contact_points": [POINT]} | more, KEY)[0]


Opened = Callable[[bytes], AbstractAsyncContextManager[Page]]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Opened:
    """The file in a browser that reaches no host; whatever it asks for beside itself fails the test."""

    @asynccontextmanager
    async def show(file: bytes) -> AsyncIterator[Page]:
        (tmp_path / "pack.html").write_bytes(file)
        context = await browser.new_context(offline=True, locale="en-GB", bypass_csp=False)
        asked: list[str] = []
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto((tmp_path / "pack.html").as_uri())
        try:
            yield page
        finally:
            await context.close()
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert errors == []

    return show


async def says(page: Page, what: str) -> None:
    await expect(page.locator("#signature")).to_have_attribute("data-say", what)


async def test_it_opens_from_disk_and_its_signature_is_right(opened: Opened) -> None:
    async with opened(pack()) as page:
        await expect(page.get_by_text("The signature is right")).to_be_visible()
        await expect(page.get_by_role("alert")).to_have_count(0)
        shown = (await page.locator("#fingerprint").inner_text()).replace(" ", "")
        assert shown == packs.fingerprint(KEY.public_key())
        await expect(page.get_by_role("heading", name="Authorities found: 3")).to_be_visible()
        await expect(page.get_by_text("Ministry of Justice </script> & <b>")).to_be_visible()
        await page.get_by_label("Check every byte").set_input_files(str(page.url).removeprefix("file://"))
        await says(page, "good")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("marrakech", 1),
        ("COUR d’APPEL", 1),
        ("محكمه الإستئناف", 1),
        ("مَحكمة", 1),
        ("marakech", 1),
        ("maroc", 3),
        ("المغرب", 3),
        ("justice", 2),
        ("zzzzz", 0),
    ],
)
async def test_it_finds(opened: Opened, words: str, found: int) -> None:
    async with opened(pack()) as page:
        await page.get_by_label("Search", exact=True).fill(words)
        entries = page.locator("#entries > li")
        await expect(entries).to_have_count(found)
        if found == 1:
            await expect(entries).to_contain_text("Cour d’appel de Marrakech")
            await expect(entries).to_contain_text("Morocco")
            await expect(entries).to_contain_text("Cybercrime")


async def test_its_map_shows_where_there_are_entries_and_leads_to_them(opened: Opened) -> None:
    offices = [
        OFFICE | {"reference": "ma:court", "name": NAMES["ma:court"]},
        OFFICE | {"reference": "br:x", "name": {"en": "Cidade"}, "country": "BR"},
    ]
    async with opened(pack(authorities=offices)) as page:
        there = page.locator("#map [data-there]")
        await expect(there).to_have_count(2)
        assert await page.locator("#map #land [id]").count() > 150, "the whole world"
        await page.locator("#map #BR").click()
        await expect(page.get_by_label("Country")).to_have_value("BR")
        await expect(page.locator("#entries > li")).to_contain_text("Cidade")
        await expect(page.locator("#sentence")).not_to_be_empty()


async def test_who_is_away_is_told_until_they_are_back(opened: Opened) -> None:
    away = {"absent_from": "2026-01-20", "absent_to": "2199-12-31"}
    async with opened(pack(contact_points=[POINT | away])) as page:
        await expect(page.locator("#entries")).to_contain_text("Away20 Jan 2026 – 31 Dec 2199")
    async with opened(pack(contact_points=[POINT | away | {"absent_to": "2026-02-01"}])) as page:
        await expect(page.locator("#entries > li").first).to_be_visible()
        await expect(page.locator("#entries")).not_to_contain_text("Away")


async def test_a_script_that_was_changed_does_not_run_and_the_page_says_so(opened: Opened) -> None:
    async with opened(pack().replace(b"const SHOWN = 50", b"const SHOWN = 51", 1)) as page:
        await says(page, "unchecked")
        await expect(page.get_by_role("status").first).to_contain_text("If these words stay, the file was changed")


async def test_it_speaks_three_languages(opened: Opened) -> None:
    async with opened(pack()) as page:
        await page.get_by_role("button", name="العربية").click()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.get_by_text("التوقيع صحيح").or_(page.get_by_text("محكمة الاستئناف")).first).to_be_visible()
        await expect(page.locator("#entries > li").first).to_contain_text("المغرب")
        await page.get_by_role("button", name="Français").click()
        await expect(page.get_by_text("Autorités trouvées")).to_be_visible()
        await expect(page.get_by_text("La signature est valide")).to_be_visible()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Marrakech", b"Marrakesh"),
        (b"pack-1 ", b"pack-2 "),
        (b"charset", b"charsat"),
        (b"max-width:64rem", b"max-width:65rem"),
        (b"</body>", b"<p>Call +1 555 0100</p></body>"),
        (b"</html>", b"</html><p>Call +1 555 0100</p>"),
        (b"<footer>", b"<footer> "),
        (b"signature is right", b"signature is rigHt"),
        (b'"court"', b'"Court"'),
    ],
)
async def test_a_changed_byte_is_noticed(opened: Opened, old: bytes, new: bytes) -> None:
    file = pack()
    assert file.count(old)
    async with opened(file.replace(old, new, 1)) as page:
        await expect(page.locator("#signature")).to_have_attribute("data-say", "bad")
        await expect(page.get_by_text("The signature is wrong")).to_be_visible()


async def test_what_a_browser_takes_for_the_same_is_found_in_the_file_itself(opened: Opened, tmp_path: Path) -> None:
    async with opened(pack().replace(b"<footer>", b"<FOOTER>", 1)) as page:
        await page.get_by_label("Check every byte").set_input_files(str(tmp_path / "pack.html"))
        await says(page, "bad")


async def test_an_expired_one_says_so(opened: Opened) -> None:
    async with opened(pack(days=-1)) as page:
        await expect(page.get_by_role("alert")).to_have_text("This pack has expired. Its entries may be wrong: fetch a new one.")
        assert await page.get_by_role("alert").evaluate("at => getComputedStyle(at).backgroundColor") == "rgb(163, 18, 31)"
        await says(page, "good")


async def test_a_browser_that_cannot_check_says_so(opened: Opened, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "pack.html").write_bytes(pack())
    page = await browser.new_page(offline=True)
    await page.add_init_script("SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))")
    await page.goto((tmp_path / "pack.html").as_uri())
    await says(page, "cannot")
    await page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_hinders_anybody(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    (tmp_path / "pack.html").write_bytes(pack(days=-1, offices=60))
    context = await browser.new_context(offline=True, color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 900})
    page = await context.new_page()
    await page.goto((tmp_path / "pack.html").as_uri())
    await page.get_by_role("button", name="Show more").click()
    await expect(page.locator("#entries > li")).to_have_count(63)
    for language in ("English", "العربية"):
        await page.get_by_role("button", name=language).click()
        found = await Axe().run(page, options={"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "no sideways scroll"
    await context.close()
