"""Campaigns by form; and the page behind a link: no sign-in, no script, three languages, answered once, expired, forged."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from services.portal.pages.verification import AT_MOST, HOSTS, WITHIN_S, Rate
from tests.portal.test_looks import faultless, looks
from tests.portal.world import World, opened, rows
from tests.system.world import sql

DUE = str((datetime.now(UTC) + timedelta(days=20)).date())
NAME = "Strelsau-Rassendyll"
CALLED = {"en": "Is this entry still right?", "fr": "Cette fiche est-elle toujours exacte ?", "ar": "هل ما زال هذا القيد صحيحًا؟"}


async def asked(world: World, country: str) -> tuple[str, str]:
    """A contact point that is asked for verification, and the secret of its link."""
    office = {
        "reference": f"office:{country.lower()}",
        "name": {"en": f"Office of {country}"},
        "kind": "ministry_justice",
        "country": country,
    }
    found = (await world.house.told("contacts", "GET", f"/authorities?country={country}&q=office of"))["items"]
    at = found[0] if found else await world.house.told("contacts", "POST", "/authorities", json=office | {"zone": "Africa/Tunis"})
    body = {"country": country, "appointing_kind": "country", "person": {"family_name": NAME, "given_name": "Rudolf"}}
    point = await world.house.told("contacts", "POST", "/contact-points", json=body | {"specialisations": ["terrorism"]})
    path = f"/contact-points/{point['id']}"
    post = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7"}
    await world.house.told("contacts", "POST", f"{path}/designate", json=post)
    await world.house.told("contacts", "POST", f"{path}/request-verification", json={"due": DUE, "method": "self"})
    return str(point["id"]), await link(world, str(point["id"]))


async def link(world: World, id_: str) -> str:
    return str((await world.house.told("contacts", "POST", f"/contact-points/{id_}/verification-link", "personal"))["token"])


async def state_of(world: World, id_: str) -> str:
    return str((await world.house.told("contacts", "GET", f"/contact-points/{id_}"))["state"])


@pytest.mark.parametrize("language", CALLED)
async def test_a_link_is_answered_once_without_sign_in_or_script(world: World, browser: Browser, language: str) -> None:
    id_, token = await asked(world, "TN")
    async with opened(browser, world, java_script_enabled=False) as page:
        await page.goto(f"/{language}/verify/{token}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(CALLED[language])
        await expect(page.get_by_text("Office of TN")).to_be_visible()
        assert NAME not in await page.content()
        await page.get_by_role("radio").first.check()
        await page.get_by_role("main").get_by_role("button").click()
        await expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
        assert await state_of(world, id_) == "verified"
    async with httpx.AsyncClient(base_url=world.url) as http:
        again = await http.post(f"/{language}/verify/{token}", data={"answer": "gone"})
        assert again.status_code == 409, "a replay is refused"
        assert await state_of(world, id_) == "verified"
        assert (await http.get(f"/{language}/verify/{'A' * 43}")).status_code == 404
        seen = await http.get(f"/{language}/verify/{token}")
        assert (seen.headers["cache-control"], seen.headers["referrer-policy"]) == ("no-store", "same-origin")


async def test_what_changed_must_be_named_and_is_called(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        id_, _ = await asked(world, "MA")
        await world.house.told("contacts", "POST", f"/contact-points/{id_}/verify", json={"method": "call", "on": "2026-01-20"})
        await page.goto("/en/campaigns/new/open")
        await page.get_by_label("Country").select_option(label="Morocco")
        await page.get_by_label("How?").select_option(label="By the contact point itself")
        await page.get_by_label("By the end of").fill(DUE)
        await page.get_by_role("button", name="Ask all of them").click()
        await expect(page.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
        address = page.url
        await expect(rows(page, "Whom it asked").filter(has_text="Office of MA")).to_contain_text("Waiting")
    token = await link(world, id_)
    async with opened(browser, world, java_script_enabled=False) as page:
        await page.goto(f"/en/verify/{token}")
        await page.get_by_label("Something changed").check()
        await page.get_by_role("button", name="Send the answer").click()
        await expect(page.get_by_role("alert")).to_have_text("Say what changed.")
        await page.get_by_label("Something changed").check()
        await page.get_by_label("Duty", exact=True).check()
        await page.get_by_role("button", name="Send the answer").click()
        await expect(page.get_by_text("Thank you.")).to_be_visible()
        await page.goto(f"/en/verify/{token}")
        await expect(page.get_by_text("This link was used already.")).to_be_visible()
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto(address)
        await expect(rows(page, "Whom it asked").filter(has_text="Office of MA")).to_contain_text(
            re.compile("Something changed.*Duty.*Yes", re.S)
        )
        await page.goto("/en/campaigns")
        await expect(rows(page, "Campaigns, the newest first")).to_have_count(1)


async def test_an_expired_link_says_so_and_every_state_looks_right(world: World, browser: Browser) -> None:
    id_, token = await asked(world, "DZ")
    async with opened(browser, world, bypass_csp=True) as page:
        for expired in (False, True):
            if expired:
                dsn = world.house.members["contacts"].dsn
                await sql(dsn, f"UPDATE verification_links SET expires_at = now() WHERE contact_point_id = '{id_}'")
            for language, width, scheme, looked_at in looks("verify"):
                await page.set_viewport_size({"width": width, "height": 900})
                await page.emulate_media(color_scheme=scheme)
                await page.goto(f"/{language}/verify/{token}")
                await faultless(page, language, looked_at)
        await page.goto(f"/en/verify/{token}")
        await expect(page.get_by_text("This link has expired.")).to_be_visible()


def test_who_asks_too_often_waits_and_nobody_else_does() -> None:
    rate = Rate()
    assert not any(rate.exceeded("a", second) for second in range(AT_MOST))
    assert rate.exceeded("a", WITHIN_S - 1)
    assert not rate.exceeded("b", WITHIN_S - 1)
    assert not rate.exceeded("a", AT_MOST + WITHIN_S + 1), "a minute later it is answered again"
    for host in range(HOSTS + 5):
        rate.exceeded(f"{host}", 0)
    assert len(rate._seen) <= HOSTS


async def test_secrets_cannot_be_guessed_one_after_the_other(world: World) -> None:
    # An address of its own, so that the other tests are not counted.
    async with httpx.AsyncClient(base_url=world.url, transport=httpx.AsyncHTTPTransport(local_address="127.0.0.9")) as http:
        guessed = [(await http.get(f"/en/verify/{number:043}")).status_code for number in range(AT_MOST)]
        assert set(guessed) == {404}
        too_often = await http.get(f"/en/verify/{AT_MOST:043}")
        answered = await http.post(f"/en/verify/{AT_MOST:043}", data={"answer": "gone"})
    assert (too_often.status_code, answered.status_code) == (429, 429)
    async with httpx.AsyncClient(base_url=world.url) as http:
        assert (await http.get(f"/en/verify/{0:043}")).status_code == 404
