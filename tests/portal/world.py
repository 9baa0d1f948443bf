"""What the pages' tests share: who there is, how a page is opened, what every page must never do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Locator, Page

from tests.system.house import House
from tests.system.world import until

PEOPLE = {
    "coordinator": "Nora Lindqvist",
    "operator": "Ilse Vandamme",
    "visitor": "Kim Jansen",
    "auditor": "Greta Hoffmann",
    "administrator": "Tomás Ferreira",
    "contact-point": "Amine Belkacem",
    "national-editor": "Elira Hoxha",
}
FIGURES = {"Agreements in force": 13, "Mandates to negotiate": 14, "Agreements proposed": 9, "Working arrangements": 2}
"""Counted by hand in the reference data."""
LATE = """UPDATE enquiries SET acknowledge_by = now() - interval '1 hour', proposed_at = now(),
    whole = whole || jsonb_build_object('acknowledge_by', now() - interval '1 hour', 'proposed_at', now()) WHERE id = $1"""
"""The clock of an addressee runs for hours: here it is set back instead, as if the next step had been proposed just now."""


@dataclass
class World:
    """All that runs, and the moment when the starting data were counted."""

    house: House
    url: str
    issuer: str
    folder: Path
    loaded: str


async def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@asynccontextmanager
async def opened(browser: Browser, world: World, state: Any = None, **how: Any) -> AsyncIterator[Page]:
    """A page in a fresh context; whatever happens on it, it asks no other host and breaks none of its own rules."""
    context = await browser.new_context(base_url=world.url, storage_state=state, **how)
    context.set_default_timeout(15_000)
    page = await context.new_page()
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "status of" not in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        await context.close()
    assert hosts <= {urlsplit(world.url).netloc, urlsplit(world.issuer).netloc}
    assert not complaints


def tile(page: Page, title: str) -> Locator:
    """A figure on the Results page."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True)).filter(has=page.get_by_role("heading"))


def rows(page: Page, region: str) -> Locator:
    """The body of the table in a region."""
    return page.get_by_role("region", name=region).get_by_role("table").get_by_role("row").filter(has=page.get_by_role("rowheader"))


def cookies(state: Any) -> dict[str, str]:
    """A signed-in person's cookies, for requests without a browser."""
    return {cookie["name"]: cookie["value"] for cookie in state["cookies"]}


async def well(page: Page) -> None:
    """On the health page, once it says that all is well: how far each topic is was last looked at up to two seconds before."""

    async def said() -> bool:
        await page.goto("/en/health")
        return "Everything is well." in await page.get_by_role("main").inner_text()

    await until(said, "everything is well", 20)
