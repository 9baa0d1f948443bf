"""Search: spelling laid aside by one function, and over HTTP on a real PostgreSQL, best match first."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contacts.domain.search import bones, latin, norm, words_of
from services.contacts.due import enter_missing, rehearse
from services.portal.pages.terms import TERMS
from services.portal.pages.wording import catalogue
from shared import db

PERSON = {"family_name": "Xylophonides", "given_name": "Zebedee", "email": "z@office.example", "phone": "+355 4 000 0000"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محكمه الإستئناف", "محكمة الاستئناف"),
        ("وِزَارَةُ العَدْلِ", "وزارة العدل"),
        ("وزارة الداخليـــة", "وزارة الداخلية"),
        ("مستشفى", "مستشفي"),
        ("ٱلقضاء", "القضاء"),
        ("مسؤول", "مسوول"),
        ("CURIA Ø", "curia o"),
        ("Procureur général", "PROCUREUR GENERAL"),
        ("Тужилаштво", "тужилаштво"),
        ("Ασφάλεια", "ασφαλεια"),
        ("Cour d’appel", "cour d'appel"),
    ],
)
def test_what_is_only_spelling_is_laid_aside(one: str, other: str) -> None:
    assert norm(one) == norm(other)


def test_scripts_meet_in_latin_letters_and_vowelless_ones_in_their_consonants() -> None:
    assert (latin("београд"), latin(norm("Αθήνα")), latin("beograd")) == ("beograd", "athina", "beograd")
    assert bones("مراكش") == bones("marrakech") != bones("madrid")


def test_words_that_say_nothing_count_only_where_there_is_no_other() -> None:
    assert words_of("Ministry of the Interior, ministry") == ["ministry", "interior"]
    assert words_of("of the") == ["of", "the"]
    assert words_of("وزارة العدل") == words_of("وزاره عدل")


def test_codes_are_called_here_as_on_the_pages() -> None:
    written = tomllib.loads(Path("services/contacts/labels.toml").read_text(encoding="utf-8"))
    for language, families in written.items():
        for family, labels in families.items():
            assert labels == {code: catalogue(language).gettext(words) for code, words in TERMS[family].items() if code in labels}
            assert set(labels) == set(TERMS[family])


@pytest.fixture
def find(ask: Any) -> Any:
    async def found(q: str, *roles: str, **more: Any) -> dict[str, Any]:
        answer = await ask("GET", "/search", *(roles or ("contact_point",)), params={"q": q, **more})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return found


@pytest.mark.parametrize(
    ("name", "decoy", "q"),
    [
        ({"ar": "محكمة الاستئناف"}, {"ar": "محكمة النقض"}, "محكمه الإستئناف"),
        ({"fr": "Procureur général"}, {"fr": "Processeur"}, "procuror"),
        ({"fr": "Tribunal de Marrakech"}, {"fr": "Tribunal de Maracaibo"}, "Marakech"),
        ({"ar": "محكمة الرباط"}, {"ar": "محكمة فاس"}, "Rabat"),
        ({"sr": "Тужилаштво Крагујевац"}, {"sr": "Тужилаштво Краљево"}, "Kragujevac"),
        ({"el": "Εισαγγελία Θεσσαλονίκης"}, {"el": "Εισαγγελία Πατρών"}, "Thessalonikis"),
        ({"en": "Zanzibar Bureau"}, {"en": "Zanzibar Bureau of Everything Else"}, "zanzibar bureau"),
        ({"hr": "Državno odvjetništvo Čakovec"}, {"hr": "Državno odvjetništvo Pula"}, "cakovec drzavno"),
        ({"en": "Quarantine inspectorate"}, {"en": "Inspectorate"}, "quarentin inspectrate"),
    ],
)
async def test_it_is_found_first_however_it_is_spelt(find: Any, office: Any, name: Any, decoy: Any, q: str) -> None:
    await office(name=decoy)
    wanted = await office(name=name)
    found = await find(q)
    assert found["items"], q
    assert found["items"][0]["id"] == wanted["id"], [item["name"] for item in found["items"]]
    assert found["total"] >= 1


async def test_the_whole_name_comes_before_a_longer_and_that_before_one_much_like_it(find: Any, office: Any) -> None:
    like, longer, whole = [await office(name={"en": name}) for name in ("Ostravia", "Ostrava Customs", "Ostrava")]
    assert [item["id"] for item in (await find("Ostrava"))["items"]] == [whole["id"], longer["id"]]
    assert [item["id"] for item in (await find("Ostrav"))["items"]] == [whole["id"], longer["id"], like["id"]]


async def test_filters_are_held_and_counted(find: Any, office: Any) -> None:
    here = [await office(name={"en": f"Lighthouse {n}"}, country="GR", zone="Europe/Athens") for n in range(3)]
    await office(name={"en": "Lighthouse"}, country="AL")
    found = await find("lighthouse", country="GR", kind="authority")
    assert ({item["id"] for item in found["items"]}, found["total"]) == ({item["id"] for item in here}, 3)
    assert (await find("lighthouse", country="GR", kind="network"))["total"] == 0
    first = await find("lighthouse", country="GR", limit=2)
    rest = await find("lighthouse", country="GR", limit=2, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in rest["items"]}


@pytest.mark.parametrize(
    "q", ["cybercrime", "cybercriminalité", "cybercriminalite", "cyber criminalite", "cyberkrime", "الجريمة السيبرانية"]
)
async def test_a_contact_point_is_found_by_what_it_knows_in_each_language(find: Any, desk: Any, q: str) -> None:
    wanted = await desk(specialisations=["cybercrime"], reference=f"cp:{uuid4().hex[:8]}")
    found = await find(q, kind="contact_point", limit=500)
    assert wanted["id"] in {item["id"] for item in found["items"]}
    assert wanted["id"] in {item["id"] for item in (await find("ministry", crime_type="cybercrime", limit=500))["items"]}


async def test_a_contact_point_follows_its_authority_and_nobody_finds_a_person(find: Any, ask: Any, desk: Any, app: FastAPI) -> None:
    point = await desk(person=PERSON)
    path = f"/authorities/{point['authority']['id']}"
    renamed = {"name": {"en": "Grand Observatory"}, "kind": "ministry_justice", "zone": "Europe/Tirane"}
    assert (await ask("PUT", path, json=renamed)).status_code == 200
    assert {item["kind"] for item in (await find("observatory"))["items"]} == {"authority", "contact_point"}
    assert {item["kind"] for item in (await find("observatory", "visitor"))["items"]} == {"authority"}
    for word in ("Xylophonides", "Zebedee"):
        assert (await find(word))["items"] == []
    async with app.state.engine.connect() as tx:
        kept = (await tx.execute(text("SELECT string_agg(w::text, ' ') FROM search_words w"))).scalar_one()
    assert "observatory" in kept
    assert "xylophonides" not in kept


async def test_networks_are_found_and_those_taken_back_are_not(find: Any, ask: Any) -> None:
    made = await ask(
        "POST",
        "/networks",
        "coordinator",
        json={
            "reference": f"n:{uuid4().hex[:8]}",
            "name": {"en": "Saltwater Circle"},
            "kind": "national_network",
            "level": "national",
            "country": "AL",
        },
    )
    assert made.status_code == 201, made.text
    network = made.json()
    assert [item["id"] for item in (await find("saltwatr"))["items"]] == [network["id"]]
    back = await ask(
        "POST", f"/networks/{network['id']}/retract", json={"corrects": network["history"][0]["event_id"], "reason": "duplicate"}
    )
    assert back.status_code == 200, back.text
    assert (await find("saltwater"))["items"] == []


async def test_a_word_nobody_bears_is_answered_by_the_one_that_is_meant(find: Any, office: Any) -> None:
    await office(name={"en": "Windmill Registry"})
    assert (await find("windmil registry"))["instead"] == "windmill registry"
    assert (await find("windmill"))["instead"] is None
    nothing = await find("zzqqxx")
    assert (nothing["items"], nothing["total"], nothing["instead"]) == ([], 0, None)
    assert (await find("!?"))["items"] == []


async def test_what_was_there_before_is_entered_when_the_service_starts(find: Any, office: Any, app: FastAPI) -> None:
    wanted = await office(name={"en": "Antediluvian Archive"})
    async with app.state.engine.begin() as tx:
        await tx.execute(text("TRUNCATE search_entries, search_words"))
    assert (await find("antediluvian"))["items"] == []
    assert await enter_missing(app.state.engine) > 0
    assert [item["id"] for item in (await find("antediluvian"))["items"]] == [wanted["id"]]
    assert await enter_missing(app.state.engine) == 0


@pytest.mark.parametrize("after", ["WyJ4Il0", "W10", "WzEsImEiXQ"])
async def test_a_cursor_of_another_list_is_refused(ask: Any, office: Any, after: str) -> None:
    assert (await ask("GET", "/search", params={"q": "ministry", "after": after})).status_code == 422


async def test_nobody_is_the_first_to_search_over_a_connection(app: FastAPI) -> None:
    await rehearse(app.state.engine, app.state.rules)
    prepared = []

    async def look(tx: AsyncConnection) -> None:
        prepared.append((await tx.execute(text("SELECT string_agg(statement, ' ') FROM pg_prepared_statements"))).scalar_one())

    await db.on_each(app.state.engine, look)
    assert len(prepared) == db.KEPT
    assert all("search_words" in each and "competences" in each for each in prepared), "of search and of whom to ask"
