"""A person erased leaves no trace in databases, topics, logs and exports, and no figure changes (XC-07, XC-08)."""

import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.events.contacts import PERSONAL
from tests.system.house import House, opened
from tests.system.traces import Forms, forms, in_answers, in_databases, in_files, in_topics, under_seals
from tests.system.world import records, until

TOKEN = "Qz" + "".join(secrets.choice("bcdfghjkmnpqrstvwxz") for _ in range(14))
DIGITS = "+355 4 " + "".join(secrets.choice("123456789") for _ in range(12))
DETAILS = {
    "family_name": TOKEN,
    "given_name": f"{TOKEN}-Maria",
    "script_variants": [f"Ż {TOKEN}"],
    "email": f"{TOKEN.lower()}@office.example",
    "phone": DIGITS,
}
DESK = f"x:al:{secrets.token_hex(6)}"
PLACE = f"office-{secrets.token_hex(6)}"
"""Random too, and no secret: found wherever it is looked for, or the search finds nothing at all."""
PURPOSE = "law_enforcement_cooperation"


ERASED = "contacts.person.erased.v1"


@dataclass
class Story:
    """What happened to the person, and what was known before the erasure."""

    point: str
    person: str
    key: bytes
    sealed: list[bytes]
    asofs: list[str]
    figures: dict[Any, Any]
    facts: int
    lists: list[str]
    erased: list[Any] = field(default_factory=list)

    @property
    def names(self) -> Forms:
        """All by which the person could be recognised."""
        return forms(TOKEN.encode(), DIGITS.encode(), DIGITS.replace(" ", "").encode())


@pytest.fixture(scope="module")
async def house(
    topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any
) -> AsyncIterator[House]:
    # Even what a log says on its most talkative level must not name anybody.
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory, LOG_LEVEL="DEBUG") as house:
        await house.load()
        yield house


async def appoint(house: House) -> tuple[str, str]:
    """A contact point with a person, all the way to verified; the person's details once amended; each command with a key."""

    async def do(method: str, path: str, /, **body: Any) -> dict[str, Any]:
        return await house.told("contacts", method, path, json=body, headers={"Idempotency-Key": f"{TOKEN} {path}"})

    authority = await do(
        "POST", "/authorities", reference=PLACE, name={"en": PLACE}, kind="ministry_justice", country="AL", zone="Europe/Tirane"
    )
    made = await do("POST", "/contact-points", reference=DESK, country="AL", appointing_kind="country", person=DETAILS)
    point, here = made["id"], {"authority_ref": authority["id"], "duty": "24x7"}
    await do("POST", f"/contact-points/{point}/designate", valid_from="2026-01-15", **here)
    await do(
        "POST", f"/contact-points/{point}/update", specialisations=["cybercrime"], languages=[{"code": "fr", "level": "fluent"}], **here
    )
    await do("POST", f"/contact-points/{point}/request-verification", due="2099-01-01", method="self")
    await do("POST", f"/contact-points/{point}/note-absence", absent_from="2026-02-01", absent_to="2026-02-10")
    link = {"token": (await house.told("contacts", "POST", f"/contact-points/{point}/verification-link", "personal"))["token"]}
    await house.told("contacts", "POST", "/verification-links/open", "visitor", json=link)
    await house.settled()
    await until(partial(_written, house, point), "the mail that asks for the verification has left")
    await house.told("contacts", "POST", "/verification-links/answer", "visitor", json=link | {"answer": "right"})
    await do("POST", "/campaigns", country="AL", method="call", due="2099-01-01")
    await do("POST", f"/contact-points/{point}/verify", method="call", changed_fields=["person"])
    await do("PUT", f"/persons/{made['person_ref']}", **DETAILS)
    for code in ("iA7", "iA8"):
        cover = {"indicator": code, "country": "AL", "start": "2017-01-01", "complete": True, "basis": "recorded", "origin": "test"}
        await house.told("reporting", "POST", "/coverage", json=cover)
    return point, made["person_ref"]


async def send_lists(house: House) -> list[str]:
    """Two lists with the person in them that nobody takes in: of a contact point that is there, and the same row once more."""
    head, names = "reference,country,authority,duty,valid_from,family_name,given_name,email,phone", ("family_name", "given_name", "email")
    row = [DESK, "AL", PLACE, "24x7", "2026-01-15", *(DETAILS[name] for name in names), DIGITS]
    sent = {"data": {"kind": "contact_points"}, "files": {"file": ("list.csv", f"{head}\n{','.join(map(str, row))}\n")}}
    lists = [str((await house.told("contacts", "POST", "/imports", **sent))["id"]) for _ in range(2)]
    for id_ in lists:
        looked = await house.reached("contacts", f"/imports/{id_}", "checked")
        assert (looked["rows"], looked["failed"]) == (1, 0)
    return lists


async def _written(house: House, point: str) -> bool:
    """Did the mails to a contact point leave, every one?"""
    mails = (await house.told("notifications", "GET", "/deliveries", "auditor", params={"contact_point": point}))["items"]
    return bool(mails) and all(mail["state"] == "sent" for mail in mails)


async def blunder(house: House, person: str) -> None:
    """Whatever careless callers put a name into: all of it refused, or answered with nothing; a log must not repeat it."""
    wrong = [DETAILS | {"email": TOKEN}, DETAILS | {"family_name": TOKEN * 100}, DETAILS | {"phone": [TOKEN]}, [TOKEN]]
    for body in wrong:
        assert (await house.ask("contacts", "PUT", f"/persons/{person}", json=body)).status_code == 422
    for raw in (f'{{"family_name": "{TOKEN}"', f'{{"family_name": "{TOKEN}\\ud800", "given_name": "x"}}', f"\xff{TOKEN}"):
        answer = await house.ask("contacts", "PUT", f"/persons/{person}", content=raw, headers={"Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500
    assert (await house.ask("contacts", "PUT", f"/persons/{person}", "visitor", json=DETAILS)).status_code == 403
    assert (await house.ask("contacts", "PUT", f"/persons/{person}", json=DETAILS, headers={"If-Match": '"77"'})).status_code == 412
    found = await house.told("contacts", "GET", "/contact-points", params={"q": TOKEN})
    assert found["total"] == 0, "nobody is found by a person's name"
    for path in (f"/persons/{TOKEN}", f"/{TOKEN}", f"/contact-points?state={TOKEN}", f"/contact-points?after={TOKEN}"):
        assert (
            400 <= (await house.ask("contacts", "GET", path, headers={"X-Correlation-ID": TOKEN, "traceparent": TOKEN})).status_code < 500
        )
    assert (await house.ask("reporting", "GET", f"/indicators/{TOKEN}", "auditor")).status_code == 404


async def sealed(house: House, person: str) -> list[Any]:
    """The person's records on the personal topic."""
    return [record.value for record in await records(house.servers, PERSONAL) if record.key == person.encode()]


def opens(key: bytes, value: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jwe.decrypt_compact(value, OctKey.import_key(key), algorithms=["dir", "A256GCM"]).plaintext or b"")
    return found


@pytest.fixture(scope="module")
async def story(house: House) -> Story:
    """Everything up to the erasure: appointed, read, blundered about; what every figure was."""
    await house.settled()
    loaded = datetime.now(UTC).isoformat()
    point, person = await appoint(house)
    told = await house.told("contacts", "GET", f"/persons/{person}/key", "personal", params={"purpose": PURPOSE, "surface": "api"})
    details = await house.told("contacts", "GET", f"/persons/{person}", params={"purpose": "contact", "surface": "web"})
    assert {name: details[name] for name in DETAILS} == DETAILS
    assert datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC) <= timedelta(minutes=5)
    await blunder(house, person)
    lists = await send_lists(house)
    await house.settled()
    asofs = [loaded, datetime.now(UTC).isoformat(), ""]
    key = urlsafe_b64decode(told["k"] + "=")
    # Of this kind alone: what falls due meanwhile says facts of its own.
    facts = await house.told("reporting", "GET", "/facts", "auditor", params={"limit": 1, "type": ERASED})
    return Story(point, person, key, await sealed(house, person), asofs, await house.figures(asofs), facts["total"], lists)


@pytest.fixture(scope="module")
async def erased(house: House, story: Story) -> Story:
    done = await house.told("contacts", "DELETE", f"/persons/{story.person}", "administrator", headers={"Idempotency-Key": TOKEN})
    assert done["keys_destroyed"] == 1
    await house.settled()
    return story


def everywhere(platform: Any) -> str:
    return str(platform.postgres.admin_url("")).rstrip("/") + "/"


async def test_before_there_is_something_to_erase(house: House, story: Story, platform: Any) -> None:
    assert len(story.sealed) == 2
    for value in story.sealed:
        assert opens(story.key, value)["family_name"] == TOKEN, "whoever holds the key reads the name"
        with pytest.raises(JoseError):
            opens(secrets.token_bytes(32), value)
    assert sorted(await in_databases(forms(story.sealed[-1]), everywhere(platform))) == [
        "contacts.public.persons.jwe",
        "notifications.public.persons.jwe",
    ]
    assert await in_databases(forms(story.key), everywhere(platform)) == ["contacts.public.person_keys.key"]
    assert await under_seals(story.names, everywhere(platform), house) == [
        "contacts.person.personal.v1",
        "contacts.public.import_rows.jwe",
        "contacts.public.persons.jwe",
        "notifications.public.persons.jwe",
    ]
    assert len(await in_topics(forms(story.sealed[0]), house)) == 1
    assert story.figures["iA7", story.asofs[1], ("", ""), "AL"]["numerator"] == "1"
    assert story.figures["iA8", story.asofs[1], ("", ""), "AL"]["numerator"] == "1", "the person's own contact point is counted"
    assert story.figures["iA7", story.asofs[0], ("", ""), "AL"]["value"] is None


async def test_the_access_log_says_who_was_told_why_and_by_which_door(house: House, story: Story) -> None:
    rows = (await house.told("contacts", "GET", "/access-log", "auditor", params={"person": story.person}))["items"]
    assert [(row["purpose"], row["surface"]) for row in rows[:2]] == [("contact", "web"), (PURPOSE, "api")]
    assert {(row["purpose"], row["surface"]) for row in rows[2:]} == {("notification", "api")}, "the mail that asked for a verification"
    assert len({row["reader"] for row in rows[:2]}) == 1
    assert rows[0]["reader"] != rows[2]["reader"]
    assert all(row["reader"].startswith("user:") for row in rows)
    facts = await house.told("reporting", "GET", "/facts", "auditor", params={"subject": story.person})
    said = [(fact["data"]["reader_ref"], fact["data"]["purpose"], fact["data"]["surface"]) for fact in facts["items"]]
    assert sorted(said) == sorted((row["reader"], row["purpose"], row["surface"]) for row in rows)


async def test_the_search_finds_what_is_no_secret(house: House, story: Story, platform: Any) -> None:
    """Without this, a search that looks nowhere would prove everything."""
    wanted = forms(PLACE.encode())
    tables = {found.rsplit(".", 1)[0] for found in await in_databases(wanted, everywhere(platform))}
    assert tables >= {"contacts.public.authorities", "contacts.public.idempotency_keys", "reporting.facts.facts"}
    assert any(found.startswith("contacts.authority.v1/") for found in await in_topics(wanted, house))
    assert "/facts?limit=500" in await in_answers(wanted, house, await house.codes())
    files = in_files(wanted, [platform.folder], "*")
    assert any("kafka" in file for file in files)
    assert any("postgres" in file for file in files)
    assert in_files(forms(b"/persons/{ref}/key"), [house.folder], "*.log") == [str(house.folder / "contacts.log")]


async def nowhere(house: House, story: Story, platform: Any) -> None:
    assert await in_databases(story.names, everywhere(platform)) == []
    assert await in_topics(story.names, house) == []
    assert in_files(story.names, [house.folder, platform.folder], "*") == []
    assert await in_answers(story.names, house, await house.codes()) == []


async def test_the_name_was_never_anywhere_in_clear(house: House, story: Story, platform: Any) -> None:
    await nowhere(house, story, platform)


async def test_afterwards_nobody_can_read_the_person(house: House, erased: Story) -> None:
    asked = [
        ("GET", f"/persons/{erased.person}?purpose=contact", "coordinator"),
        ("GET", f"/persons/{erased.person}/key?purpose={PURPOSE}", "personal"),
        ("PUT", f"/persons/{erased.person}", "coordinator"),
        ("DELETE", f"/persons/{erased.person}", "administrator"),
    ]
    for method, path, role in asked:
        answer = await house.ask("contacts", method, path, role, **({"json": DETAILS} if method == "PUT" else {}))
        assert answer.status_code in (404, 410), f"{method} {path}: {answer.text}"
    again = await house.told("contacts", "DELETE", f"/persons/{erased.person}", "administrator", headers={"Idempotency-Key": TOKEN})
    assert again["keys_destroyed"] == 1, "the same command sent twice is answered twice"
    page = await house.told("contacts", "GET", f"/contact-points/{erased.point}")
    assert (page["person"], page["state"]) == ("erased", "suspended"), "nobody is reached there, and it says so"
    assert (await sealed(house, erased.person))[-1] is None, "the last word on the person is a tombstone"


async def test_afterwards_the_key_is_nowhere(house: House, erased: Story, platform: Any) -> None:
    wanted = forms(erased.key)
    assert await in_databases(wanted, everywhere(platform)) == []
    assert await in_databases(forms(*erased.sealed), everywhere(platform)) == []
    assert await in_topics(wanted, house) == []
    assert in_files(wanted, [house.folder, platform.folder], "*.log") == []
    assert await in_answers(wanted, house, await house.codes()) == []


async def test_afterwards_no_key_that_is_left_opens_the_name(house: House, erased: Story, platform: Any) -> None:
    """Not even in lists that were looked through and not taken in."""
    assert await under_seals(erased.names, everywhere(platform), house) == []


async def test_afterwards_the_name_is_nowhere(house: House, erased: Story, platform: Any) -> None:
    await nowhere(house, erased, platform)


async def test_a_list_that_waited_gives_the_person_back_to_nobody(house: House, erased: Story, platform: Any) -> None:
    for id_ in erased.lists:
        await house.told("contacts", "POST", f"/imports/{id_}/apply", json={})
        back = await house.reached("contacts", f"/imports/{id_}", "checked")
        assert back["failed"] == 1
        (fault,) = (await house.told("contacts", "GET", f"/imports/{id_}/faults"))["items"]
        assert (fault["row"], fault["column"]) == (2, "family_name")
    assert await under_seals(erased.names, everywhere(platform), house) == []


async def test_no_figure_changed_and_none_does_after_a_rebuild(house: House, erased: Story, platform: Any) -> None:
    assert await house.figures(erased.asofs) == erased.figures
    facts = await house.told("reporting", "GET", "/facts", "auditor", params={"limit": 1, "type": ERASED})
    assert facts["total"] == erased.facts + 1, "the erasure itself is a fact"
    await house.operate("rebuild")
    await house.settled()
    assert await house.figures(erased.asofs) == erased.figures
    assert await in_databases(erased.names | forms(erased.key), everywhere(platform)) == []
