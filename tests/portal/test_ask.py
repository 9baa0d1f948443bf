"""Flow P1: whom to ask in Brazil about cybercrime evidence; the right first choice, in three languages, with script and without."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.portal.world import World, opened

OFFICES = {
    "away": {"en": "Cybercrime Unit", "fr": "Unité de cybercriminalité", "ar": "وحدة الجرائم السيبرانية"},
    "there": {"en": "Federal Prosecution Service", "fr": "Parquet fédéral", "ar": "النيابة الاتحادية"},
}
WORDS = {
    "en": ("Country", "Brazil", "Crime type", "Cybercrime", "Whom to ask", "First choice in Brazil", "Whom next", "On leave"),
    "fr": (
        "Pays",
        "Brésil",
        "Type de criminalité",
        "Cybercriminalité",
        "À qui s’adresser",
        "Premier choix : Brésil",
        "À qui ensuite",
        "En congé",
    ),
    "ar": ("البلد", "البرازيل", "نوع الجريمة", "الجريمة السيبرانية", "من نسأل", "الخيار الأول: البرازيل", "من يُسأل بعده", "في إجازة"),
}


@pytest.fixture(scope="module")
async def asked(world: World) -> None:
    """Two contact points in Brazil: the one that would stand first is away today."""
    today = datetime.now(UTC).date()
    for who, name in OFFICES.items():
        office = {"reference": f"br-{who}", "name": name, "kind": "prosecutor_general", "country": "BR", "zone": "America/Sao_Paulo"}
        authority = await world.house.told("contacts", "POST", "/authorities", json=office)
        point = {"country": "BR", "appointing_kind": "country", "specialisations": ["cybercrime"]}
        made = await world.house.told("contacts", "POST", "/contact-points", json=point)
        serves = {
            "valid_from": str(today - timedelta(days=400)),
            "authority_ref": authority["id"],
            "duty": "24x7" if who == "away" else "office_hours",
        }
        path = f"/contact-points/{made['id']}"
        steps: list[tuple[str, dict[str, Any]]] = [("designate", serves), ("verify", {"method": "call"})]
        if who == "away":
            steps.append(("note-absence", {"absent_from": str(today - timedelta(days=1)), "absent_to": str(today + timedelta(days=3))}))
        for step, body in steps:
            await world.house.told("contacts", "POST", f"{path}/{step}", json=body, headers={"If-Match": "*"})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", list(WORDS))
async def test_the_first_choice_is_who_can_answer(
    world: World, browser: Browser, signed_in: Any, language: str, script: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    country, brazil, crime, cyber, ask, first, following, leave = WORDS[language]
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=script) as page:
        await page.goto(f"/{language}/atlas")
        form = page.get_by_role("form", name=ask)
        await form.get_by_label(country).select_option(label=brazil)
        await form.get_by_label(crime).select_option(label=cyber)
        began = time.perf_counter()
        await form.get_by_role("button", name=ask).click()
        chosen = page.get_by_role("region", name=first)
        await expect(chosen.get_by_role("link", name=OFFICES["there"][language], exact=True)).to_be_visible()
        with capsys.disabled():
            print(f"\nanswer card ({language}, script {script}): {time.perf_counter() - began:.2f} s")
        await expect(chosen).not_to_contain_text(OFFICES["away"][language])
        await expect(page.get_by_role("region", name=following)).to_contain_text(leave)
        assert "country=BR" in page.url
        assert "crime_type=cybercrime" in page.url


@pytest.mark.usefixtures("asked")
async def test_where_nobody_is_known_the_card_says_what_to_do(world: World, browser: Browser, signed_in: Any) -> None:
    async with opened(browser, world, signed_in["coordinator"], java_script_enabled=False) as page:
        await page.goto("/en/ask?country=TV&urgency=emergency")
        await expect(page.get_by_role("region", name="What the legal status allows")).to_contain_text("no registered partner")
        await expect(page.get_by_role("heading", level=2, name="First choice in Tuvalu")).to_be_visible()
        await page.goto("/en/ask?country=xx")
        await expect(page.get_by_role("form", name="Whom to ask").get_by_label("Country")).to_have_attribute("aria-invalid", "true")
