"""The pages' whole world, started once for all tests here: the services, the demo issuer, the portal and a browser, all of them real."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from deploy.local.child import Child
from deploy.local.postgres import Postgres
from tests.conftest import Keys, free_ports, fresh_database, fresh_topics
from tests.portal.world import PEOPLE, World, now
from tests.system.house import opened
from tests.system.world import ROOT, ready, service, until

CLIENT_SECRET = "the client's secret, for tests only"
SESSION_SECRET = "a secret of sessions that is long enough"


@pytest.fixture(scope="package")
async def world(
    kafka_servers: str, postgres: Postgres, environment: Callable[..., dict[str, str]], keys: Keys, token: Any, tmp_path_factory: Any
) -> AsyncIterator[World]:
    """Everything running with the starting data loaded, counted and one moment remembered."""
    topics = await asyncio.to_thread(fresh_topics, kafka_servers)
    issuer_port, portal_port = free_ports(12)[-2:]
    issuer, portal = f"http://127.0.0.1:{issuer_port}", f"http://127.0.0.1:{portal_port}"
    folder: Path = tmp_path_factory.mktemp("portal")
    made: list[str] = []

    async def database(name: str) -> str:
        made.append(name)
        return await fresh_database(postgres, name)

    provider = Child(
        [sys.executable, "-m", "deploy.local.issuer"], folder / "issuer.log", _told_issuer(issuer, portal, keys, folder), cwd=ROOT
    )
    pages: Child | None = None
    signed = partial(token, iss=issuer)
    try:
        provider.start()
        async with opened(topics, kafka_servers, database, environment, signed, tmp_path_factory, ISSUER=issuer) as house:
            told = environment("portal", await database("portal"), ISSUER=issuer, **_told_portal(portal, house))
            pages = service("portal", portal_port, told, folder / "portal.log")
            pages.start()
            await house.load()
            await house.settled()
            await asyncio.gather(ready(portal), until(partial(_lives, issuer), "the issuer lives"))
            yield World(house, portal, issuer, folder, await now())
    finally:
        for child in filter(None, (pages, provider)):
            child.stop(5)
        for name in made:
            await postgres.drop_database(name)


def _told_issuer(issuer: str, portal: str, keys: Keys, folder: Path) -> dict[str, str]:
    home = folder / "keys"
    home.mkdir()
    (home / "private.jwk.json").write_text(json.dumps(keys.private.as_dict(private=True)))
    shutil.copy(keys.jwks, home / "jwks.json")
    told = {
        "DEMO": "1",
        "PORT": issuer.rsplit(":", 1)[1],
        "URL": issuer,
        "KEYS": str(home),
        "CLIENT_SECRET": CLIENT_SECRET,
        "REDIRECT": portal,
    }
    return {**os.environ, **{f"ISSUER_{name}": value for name, value in told.items()}}


def _told_portal(portal: str, house: Any) -> dict[str, str]:
    urls = {f"{name.upper()}_URL": member.url for name, member in house.members.items()}
    return {**urls, "PUBLIC_URL": portal, "CLIENT_SECRET": CLIENT_SECRET, "SESSION_SECRET": SESSION_SECRET, "LOG_FORMAT": "json"}


async def _lives(issuer: str) -> bool:
    async with httpx.AsyncClient() as http:
        try:
            return (await http.get(f"{issuer}/health/live")).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="package")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture(scope="package")
async def signed_in(world: World) -> dict[str, Any]:
    """Role -> the browser's memory after signing in as that person; the clicks themselves are walked in `test_walk.py`."""
    return {role: await _signed_in(world, f"demo-{role}") for role in PEOPLE}


async def _signed_in(world: World, person: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=world.url) as http:
        begun = await http.get("/en/sign-in/begin")
        asked = dict(httpx.URL(begun.headers["location"]).params)
        chosen = await http.post(f"{world.issuer}/authorize", data={**asked, "person": person})
        await http.get(chosen.headers["location"])
        cookie = http.cookies["concord"]
    kept = {"name": "concord", "value": cookie, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True, "secure": False}
    return {"cookies": [{**kept, "sameSite": "Lax"}], "origins": []}
