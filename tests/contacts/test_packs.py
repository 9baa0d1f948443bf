"""The directory as one signed file: what is in it, what is signed, who is told of persons, and what the command line says of it."""

import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import text
from typer.testing import CliRunner

from deploy.local.child import Child
from services.contacts import store
from services.contacts.commands.packs import content
from services.contacts.due import do_next, fall_due
from services.contacts.due import packs as packs_of
from services.contacts.gateways import packs
from services.contacts.operate import cli
from tests.conftest import Keys
from tests.statements import statements
from tests.system.world import ROOT, until

SOURCE = "/instances/test/services/contacts"
SECRET = f"Zz{uuid4().hex}"
PERSON = {"family_name": SECRET, "given_name": "A", "email": "a@office.example"}


def content_of(file: bytes) -> dict[str, Any]:
    return dict(json.loads(re.search(rb'<script id="pack" type="application/json">(.*?)</script>', file, re.DOTALL)[1]))


@pytest.fixture
async def file(ask: Any, desk: Any, packed: Any) -> bytes:
    await desk(reference=f"desk:{uuid4().hex[:8]}", person=PERSON)
    made = await packed(countries=["AL"], days=2)
    return bytes((await ask("GET", f"/packs/{made['id']}/file")).content)


async def test_a_pack_holds_offices_and_no_persons_and_is_told(ask: Any, desk: Any, office: Any, outbox: Any, packed: Any) -> None:
    reference = f"desk:{uuid4().hex[:8]}"
    await desk(reference=reference, person=PERSON)
    odd = await office(name={"en": "</script><b>&{script} \u2028", "ar": "وزارة"}, country="NL", zone="Europe/Amsterdam")
    made = await packed()
    file = (await ask("GET", f"/packs/{made['id']}/file")).content
    told = content_of(file)
    assert odd["name"] in [each["name"] for each in told["authorities"]]
    assert file.count(b"</script>") == 2
    [point] = [each for each in told["contact_points"] if each["reference"] == reference]
    assert (point["state"], "person" in point, "person_ref" in point) == ("designated", False, False)
    assert SECRET.encode() not in file
    [said] = await outbox(made["id"])
    assert (said["topic"], said["ce_classification"], said["data"]["sha256"]) == ("contacts.pack.v1", "public", sha256(file).hexdigest())
    assert (said["data"]["entries"], said["data"]["signature"]) == (made["entries"], made["signature"])
    assert made["entries"] == made["done"] == len(told["authorities"]) + len(told["contact_points"])
    assert (made["state"], made["made_at"], said["ce_mode"]) == ("ready", said["ce_time"][:19] + "Z", "live")
    assert made["actor"] == said["ce_actor"]


async def test_every_byte_is_signed(file: bytes, keys: Keys) -> None:
    public = packs.public_key(keys.jwks.parent / "packs.jwk.json")
    assert packs.verify(file, public).instance == "test"
    step = max(1, len(file) // 3000)
    for place in {*range(200), *range(0, len(file), step), len(file) - 1}:
        with pytest.raises(packs.Forged):
            packs.verify(file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :], public)
    for changed in (file + b"\n", file[:-1], b" " + file, file.replace(b"\n", b"\r\n"), b"", file[:60]):
        with pytest.raises(packs.Forged):
            packs.verify(changed, public)


async def test_a_forger_who_signs_anew_is_refused_by_whoever_has_the_key(file: bytes, keys: Keys) -> None:
    told = content_of(file)
    own = Ed25519PrivateKey.generate()
    forged, _ = packs.write(
        {name: told[name] for name in ("instance", "made_at", "expires_at", "persons", "authorities", "contact_points")}, own
    )
    assert packs.verify(forged, own.public_key())
    with pytest.raises(packs.Forged):
        packs.verify(forged, packs.public_key(keys.jwks.parent / "packs.jwk.json"))


def command(*words: Any) -> Result:
    """What the command line answers; the pages' tests ask it as a process of its own."""
    return CliRunner().invoke(cli, ["pack", *map(str, words)])


async def test_the_command_line_says_what_it_is(file: bytes, keys: Keys, tmp_path: Path) -> None:
    key, good, changed, old = keys.jwks.parent / "packs.jwk.json", tmp_path / "good", tmp_path / "changed", tmp_path / "old"
    good.write_bytes(file)
    # The check inside is changed as well: the page would say that all is well.
    changed.write_bytes(file.replace(b'tell(held ? "good" : "bad")', b'tell(true ? "good" : "bad")').replace(b"a@", b"b@"))
    told = {**content_of(file), "expires_at": "2020-01-01T00:00:00+00:00"}
    old.write_bytes(packs.write(told, packs.private_key(keys.jwks.parent / "packs.private.jwk.json"))[0])
    done = command("verify", good, "--key", key)
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr
    assert "good until" in done.stdout
    refused = command("verify", changed, "--key", key)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "REFUSED: the pack was changed" in refused.stderr
    expired = command("verify", old, "--key", key)
    assert expired.exit_code == 3
    assert "EXPIRED" in expired.stderr
    other = tmp_path / "other.jwk.json"
    fingerprint = command("key", other).stdout
    assert (command("key", other).stdout, other.stat().st_mode & 0o077) == (fingerprint, 0)
    assert "d" not in json.loads(command("public", other).stdout)
    assert command("verify", good, "--key", other).exit_code == 1
    assert command("verify", good, "--key", good).exit_code == 1


async def test_the_key_is_told(ask: Any, file: bytes) -> None:
    told = (await ask("GET", "/pack-key", "visitor")).json()
    assert told["fingerprint"] == content_of(file)["fingerprint"]
    assert (told["kty"], told["crv"]) == ("OKP", "Ed25519")


async def test_persons_are_in_a_pack_only_for_who_may_and_each_is_logged(app: FastAPI, ask: Any, desk: Any, outbox: Any) -> None:
    point = await desk(reference=f"desk:{uuid4().hex[:8]}", person=PERSON)
    path = "/personal-pack?country=AL&purpose=contact"
    assert (await ask("GET", path, "national_editor")).status_code == 403
    assert (await ask("GET", path, "coordinator", countries=["NL"])).status_code == 403
    assert (await ask("GET", "/personal-pack?country=AL", "coordinator")).status_code == 422, "a reason is needed"
    given = await ask("GET", path, "coordinator", countries=["AL"])
    assert (given.status_code, given.headers["cache-control"]) == (200, "no-store")
    told = content_of(given.content)
    [mine] = [each for each in told["contact_points"] if each["reference"] == point["reference"]]
    assert (told["persons"], mine["person"]["family_name"]) == (True, SECRET)
    log = (await ask("GET", f"/access-log?person={point['person_ref']}", "auditor")).json()["items"]
    assert [(each["purpose"], each["surface"]) for each in log] == [("contact", "pack")]
    assert [said["data"]["surface"] for said in await outbox(point["person_ref"]) if said["ce_type"].startswith("contacts.access")] == [
        "pack"
    ]
    newest = (await ask("GET", "/packs?limit=1", "coordinator")).json()["items"][0]
    assert (newest["persons"], newest["there"], newest["sha256"]) == (True, False, sha256(given.content).hexdigest())
    assert (await ask("GET", f"/packs/{newest['id']}/file", "coordinator")).status_code == 404
    async with app.state.engine.connect() as tx:
        assert not await tx.scalar(text("SELECT count(*) FROM packs p WHERE strpos(p::text, :hex) > 0"), {"hex": SECRET.encode().hex()})


async def test_one_that_has_expired_is_handed_out_no_more(app: FastAPI, ask: Any, packed: Any) -> None:
    made = await packed(days=1)
    await packed(days=1)
    await fall_due(app.state.engine, SOURCE, datetime.now(UTC) + timedelta(days=1))
    assert (await ask("GET", f"/packs/{made['id']}/file")).status_code == 404
    assert (await ask("GET", f"/packs/{made['id']}")).json()["there"] is False
    async with app.state.engine.connect() as tx:
        query = text("SELECT count(*) FROM pack_deltas WHERE earlier = :id")
        assert not await tx.scalar(query, {"id": made["id"]}), "nor what leads from it"


async def test_without_a_key_none_is_built(app: FastAPI, ask: Any, packed: Any) -> None:
    asked = (await ask("POST", "/packs", json={})).json()
    app.state.pack_key, kept = None, app.state.pack_key
    try:
        assert (await ask("POST", "/packs", json={})).status_code == 503
        await do_next(app.state.engine, SOURCE, packs_of("test", None))
    finally:
        app.state.pack_key = kept
    told = (await ask("GET", f"/packs/{asked['id']}")).json()
    assert (told["state"], told["problem"]) == ("failed", "this instance has no key to sign packs with")
    assert (await ask("GET", f"/packs/{asked['id']}/file")).status_code == 404


async def test_it_is_built_beside_the_request_and_tells_how_far_it_is(
    app: FastAPI, ask: Any, outbox: Any, packed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.state.engine.begin() as tx:
        await tx.execute(text(OFFICES), {"word": "far", "country": "SE", "many": 7})
    sent = {"json": {"countries": ["SE"], "days": 2}, "headers": {"Idempotency-Key": uuid4().hex}}
    asked, again = [await ask("POST", "/packs", **sent) for _ in range(2)]
    assert (asked.status_code, again.status_code, again.json()) == (201, 201, asked.json()), "sent twice it is built once"
    given = asked.json()
    assert asked.headers["location"] == f"/packs/{given['id']}"
    nothing = {"state": "building", "done": 0, "entries": None, "there": False, "sha256": None, "made_at": None, "expires_at": None}
    assert {name: given[name] for name in nothing} == nothing
    waits = await ask("GET", f"/packs/{given['id']}/file")
    assert (waits.status_code, "being built" in waits.json()["detail"]) == (409, True)
    assert await outbox(given["id"]) == [], "nothing is said before it is there"
    seen = []
    tell = store.packs.tell_progress

    async def told(tx: Any, id_: Any, **counted: int) -> None:
        await tell(tx, id_, **counted)
        seen.append(counted)

    monkeypatch.setattr(store.packs, "tell_progress", told)
    monkeypatch.setattr(content, "BATCH", 3)
    await do_next(app.state.engine, SOURCE, packs_of("test", app.state.pack_key))
    assert seen == [{"done": done, "entries": 7} for done in (3, 6, 7)]
    done = (await ask("GET", f"/packs/{given['id']}")).json()
    assert (done["state"], done["done"], done["entries"], done["there"], done["problem"]) == ("ready", 7, 7, True, None)
    [said] = await outbox(given["id"])
    assert (said["ce_type"], said["ce_aggversion"]) == ("contacts.pack.built.v1", "1")
    with statements(app) as said:
        newest = (await ask("GET", "/packs?limit=1")).json()
    assert newest["items"] == [done]
    assert [statement.count("FROM packs AS later") for statement in said if "LIMIT" in statement] == [1], "looked for once for each pack"


async def test_more_than_a_pack_holds_fails_and_says_so(app: FastAPI, ask: Any, packed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app.state.engine.begin() as tx:
        await tx.execute(text(OFFICES), {"word": "most", "country": "FI", "many": 3})
    monkeypatch.setattr(content, "MOST", 2)
    told = await packed(countries=["FI"])
    assert (told["state"], told["problem"]) == ("failed", "these are 3 entries; a pack holds 2: name fewer countries")
    assert (told["there"], told["newer"], told["sha256"]) == (False, None, None)


async def test_one_that_cannot_be_built_stops_none_behind_it(app: FastAPI, ask: Any, packed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (await ask("POST", "/packs", json={"countries": ["AL"]})).json()
    with monkeypatch.context() as patch:
        patch.setattr(packs, "write", lambda *given: 1 / 0)
        assert await do_next(app.state.engine, SOURCE, packs_of("test", app.state.pack_key))
    assert (await packed(countries=["AL"]))["state"] == "ready"
    told = (await ask("GET", f"/packs/{asked['id']}")).json()
    assert (told["state"], "operator's log" in told["problem"]) == ("failed", True)


WORKER = (
    "import asyncio; from services.contacts import app, due; from services.contacts.commands.packs import content; content.BATCH = 10; "
    "built = app.build(); asyncio.run(due.work_on(built, due.packs('test', built.state.pack_key)))"
)
"""Small batches, so that there are many of them in a small directory."""
OFFICES = """
INSERT INTO authorities (id, reference, name, kind, country, zone, languages, version, recorded_at, searchable)
SELECT gen_random_uuid(), CAST(:word AS text) || ':' || number, '{"en": "Court"}', 'court', :country, 'Europe/Oslo', '{}', 1, now(), ''
FROM generate_series(1, CAST(:many AS integer)) number
"""
MANY = 4_000


async def test_a_worker_that_dies_builds_none_by_half_and_the_next_one_builds_it(
    app: FastAPI, ask: Any, database: Any, environment: Any, outbox: Any, settled: Any, tmp_path: Path
) -> None:
    """Killed with SIGKILL while it reads; a second one that stood by goes on."""
    await settled()
    async with app.state.engine.begin() as tx:
        await tx.execute(text(OFFICES), {"word": "killed", "country": "NO", "many": MANY})
    told = {**os.environ, **environment("contacts", await database("contacts"))}
    first, second = (Child([sys.executable, "-c", WORKER], tmp_path / f"{name}.log", told, cwd=ROOT) for name in ("first", "second"))
    given = (await ask("POST", "/packs", json={"countries": ["NO"], "days": 2})).json()

    async def reaches(true: Any, by: Child) -> dict[str, Any]:
        async def shown() -> bool:
            nonlocal given
            given = (await ask("GET", f"/packs/{given['id']}")).json()
            return bool(true(given))

        await until(shown, lambda: by.log.read_text(), every=0.005)
        return given

    try:
        first.start()
        await reaches(lambda row: row["done"], first)
        first.kill()
        half = (await ask("GET", f"/packs/{given['id']}")).json()
        assert (half["state"], 0 < half["done"] < half["entries"] == MANY) == ("building", True), "it was killed in the middle"
        assert await outbox(given["id"]) == []
        second.start()
        whole = await reaches(lambda row: row["state"] != "building", second)
        assert (whole["state"], whole["done"], whole["entries"]) == ("ready", MANY, MANY)
        file = (await ask("GET", f"/packs/{given['id']}/file")).content
        assert len(content_of(file)["authorities"]) == MANY
        [said] = await outbox(given["id"])
        assert said["data"]["sha256"] == sha256(file).hexdigest()
    finally:
        first.kill()
        second.kill()
