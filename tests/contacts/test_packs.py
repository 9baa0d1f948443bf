"""The directory as one signed file: what is in it, what is signed, who is told of persons, and what the command line says of it."""

import json
import re
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

from services.contacts.due import fall_due
from services.contacts.gateways import packs
from services.contacts.operate import cli
from tests.conftest import Keys

SECRET = f"Zz{uuid4().hex}"
PERSON = {"family_name": SECRET, "given_name": "A", "email": "a@office.example"}


def content_of(file: bytes) -> dict[str, Any]:
    return dict(json.loads(re.search(rb'<script id="pack" type="application/json">(.*?)</script>', file, re.DOTALL)[1]))


@pytest.fixture
async def file(ask: Any, desk: Any) -> bytes:
    await desk(reference=f"desk:{uuid4().hex[:8]}", person=PERSON)
    made = await ask("POST", "/packs", json={"countries": ["AL"], "days": 2})
    assert made.status_code == 201, made.text
    return bytes((await ask("GET", f"/packs/{made.json()['id']}/file")).content)


async def test_a_pack_holds_offices_and_no_persons_and_is_told(app: FastAPI, ask: Any, desk: Any, office: Any, outbox: Any) -> None:
    reference = f"desk:{uuid4().hex[:8]}"
    await desk(reference=reference, person=PERSON)
    odd = await office(name={"en": "</script><b>&{script} \u2028", "ar": "وزارة"}, country="NL", zone="Europe/Amsterdam")
    made = (await ask("POST", "/packs", json={})).json()
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
    assert made["entries"] == len(told["authorities"]) + len(told["contact_points"])


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


async def test_one_that_has_expired_is_handed_out_no_more(app: FastAPI, ask: Any, desk: Any) -> None:
    made = (await ask("POST", "/packs", json={"days": 1})).json()
    await fall_due(app.state.engine, "/instances/test/services/contacts", datetime.now(UTC) + timedelta(days=1))
    assert (await ask("GET", f"/packs/{made['id']}/file")).status_code == 404
    assert (await ask("GET", f"/packs/{made['id']}")).json()["there"] is False


async def test_without_a_key_none_is_built(app: FastAPI, ask: Any) -> None:
    app.state.pack_key, kept = None, app.state.pack_key
    try:
        assert (await ask("POST", "/packs", json={})).status_code == 503
    finally:
        app.state.pack_key = kept
