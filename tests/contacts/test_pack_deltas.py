"""What changed between two packs: it leads to the later one byte for byte, from the one earlier one alone, and nothing else is taken."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import text

from services.contacts import due
from services.contacts.gateways import packs
from tests.conftest import Keys
from tests.contacts.test_packs import command, content_of

PEN = {"name": {"en": "Renamed"}, "kind": "court", "country": "ML", "zone": "Africa/Bamako"}


@dataclass(frozen=True)
class Handed:
    """Two packs of Mali, and what leads from the one to the other."""

    earlier: bytes
    later: bytes
    delta: bytes
    id: str
    newer: str
    came: str
    """The reference of an office that only the later one has."""


@pytest.fixture
async def handed(ask: Any, desk: Any, office: Any, packed: Any) -> Handed:
    """Between the two an office came with two posts, another was renamed, and the post of a third ended."""
    renamed, left = [await office(country="ML", zone="Africa/Bamako") for _ in range(2)]
    gone = await desk(at=left, country="ML")
    await desk(at=left, country="ML")
    first = await packed(countries=["ML"], days=2)
    came = await office(country="ML", zone="Africa/Bamako", reference=f"0-{uuid4().hex}", name={"en": "<Court> \u2028 &", "ar": "محكمة"})
    await desk(at=came, country="ML")
    await desk(at=came, country="ML")
    changes = [
        await ask("PUT", f"/authorities/{renamed['id']}", json=PEN | {"reference": renamed["reference"]}),
        await ask("POST", f"/contact-points/{gone['id']}/end", json={"valid_to": "2026-02-01", "reason": "term_ended"}),
    ]
    assert [each.status_code for each in changes] == [200, 200], [each.text for each in changes]
    second = await packed(countries=["ML"], days=3)
    id_, newer = first["id"], second["id"]
    earlier, later = [(await ask("GET", f"/packs/{each}/file")).content for each in (id_, newer)]
    delta = await ask("GET", f"/packs/{id_}/delta", "auditor")
    assert delta.status_code == 200, delta.text
    return Handed(earlier, later, delta.content, id_, newer, came["reference"])


@pytest.fixture
def key(keys: Keys) -> Path:
    return keys.jwks.parent / "packs.jwk.json"


@pytest.fixture
def signing(keys: Keys) -> Ed25519PrivateKey:
    return packs.private_key(keys.jwks.parent / "packs.private.jwk.json")


def test_it_leads_to_the_later_pack_byte_for_byte(handed: Handed, key: Path) -> None:
    found = packs.apply(handed.earlier, handed.delta, packs.public_key(key))
    assert found.file == handed.later
    assert packs.verify(found.file, packs.public_key(key)) == found.checked
    assert (found.added, found.changed, found.removed) == (3, 1, 1)
    assert handed.came in [each["reference"] for each in content_of(found.file)["authorities"]]
    assert len(handed.delta) < len(handed.later) / 10


async def test_what_is_newer_is_said_of_the_same_countries_alone(ask: Any, handed: Handed, packed: Any) -> None:
    told = (await ask("GET", f"/packs/{handed.id}")).json()
    assert (told["newer"], told["delta"]) == (handed.newer, "ready")
    await packed(countries=["ML", "NL"], days=1)
    assert (await ask("GET", f"/packs/{handed.newer}")).json()["newer"] is None
    nothing = await ask("GET", f"/packs/{handed.newer}/delta")
    assert (nothing.status_code, "Nothing is newer" in nothing.json()["detail"]) == (409, True)
    assert (await ask("GET", f"/packs/{uuid4()}/delta")).status_code == 404


async def test_it_is_worked_out_beside_the_requests_and_anew_for_what_is_newer_still(
    app: FastAPI, ask: Any, handed: Handed, packed: Any, key: Path
) -> None:
    asked = (await ask("POST", "/packs", json={"countries": ["ML"], "days": 4})).json()

    async def next_step() -> dict[str, Any]:
        """Of the first pack, after one more step of the worker."""
        assert await due.do_next(app.state.engine, "/instances/test/services/contacts", due.packs("test", app.state.pack_key))
        return dict((await ask("GET", f"/packs/{handed.id}")).json())

    assert (await ask("GET", f"/packs/{handed.id}")).json()["newer"] == handed.newer, "what is being built leads nowhere yet"
    told = await next_step()
    assert (told["newer"], told["delta"]) == (asked["id"], "building")
    waits = await ask("GET", f"/packs/{handed.id}/delta")
    assert (waits.status_code, "ask again" in waits.json()["detail"]) == (409, True)
    assert (await next_step())["delta"] == "building", "the latest pack comes first"
    assert (await next_step())["delta"] == "ready"
    later = (await ask("GET", f"/packs/{asked['id']}/file")).content
    for id_, earlier in ((handed.id, handed.earlier), (handed.newer, handed.later)):
        delta = (await ask("GET", f"/packs/{id_}/delta")).content
        assert packs.apply(earlier, delta, packs.public_key(key)).file == later


async def test_where_nothing_leads_on_it_says_why(app: FastAPI, ask: Any, packed: Any) -> None:
    first, _ = await packed(countries=["ME"], days=2), await packed(countries=["ME"], days=2)
    async with app.state.engine.begin() as tx:
        await tx.execute(text("DELETE FROM pack_deltas"))
        # As if it had been built before an upgrade changed the page of packs.
        changed = "decode(replace(encode(content, 'escape'), '<footer>', '<footer >'), 'escape')"
        await tx.execute(text(f"UPDATE packs SET content = {changed} WHERE id = '{first['id']}'"))
    await packed(countries=["NL"], days=1)
    assert (await ask("GET", f"/packs/{first['id']}")).json()["delta"] == "failed"
    refused = await ask("GET", f"/packs/{first['id']}/delta")
    assert (refused.status_code, "take the newer one as a whole" in refused.json()["detail"]) == (409, True)


async def test_one_for_a_single_reader_has_none(ask: Any, desk: Any, packed: Any) -> None:
    await ask("GET", "/personal-pack?country=AL&purpose=contact", "coordinator", countries=["AL"])
    personal = (await ask("GET", "/packs?limit=1", "coordinator")).json()["items"][0]
    await packed(countries=["AL"], days=1)
    again = (await ask("GET", f"/packs/{personal['id']}", "coordinator")).json()
    assert (again["persons"], again["newer"]) == (True, None)
    assert (await ask("GET", f"/packs/{personal['id']}/delta", "coordinator")).status_code == 404


def test_every_byte_of_it_is_signed(handed: Handed, key: Path) -> None:
    public, delta = packs.public_key(key), handed.delta
    for place in range(len(delta)):
        with pytest.raises(packs.Forged):
            packs.apply(handed.earlier, delta[:place] + bytes([delta[place] ^ 1]) + delta[place + 1 :], public)
    for changed in (delta + b"\n", delta[:-1], b"", handed.later):
        with pytest.raises(packs.Forged):
            packs.apply(handed.earlier, changed, public)
    with pytest.raises(packs.Forged, match="this is no pack"):
        packs.verify(delta, public)


def test_entries_that_are_the_same_are_not_told_and_those_in_another_order_are_found(signing: Ed25519PrivateKey) -> None:
    told = {"instance": "test", "persons": False, "made_at": "2026-01-05T09:00:00+00:00", "expires_at": "2099-01-01T00:00:00+00:00"}
    offices = [{"reference": name, "name": {"en": name}} for name in ("Z", "a", "é")]
    posts = [{"id": str(number), "authority": "a", "reference": None} for number in range(4)]
    earlier, _ = packs.write(told | {"authorities": offices[::-1], "contact_points": posts[1:]}, signing)
    moved = [*posts[:2], posts[3], posts[2] | {"authority": "é"}]
    later, _ = packs.write(told | {"authorities": offices, "contact_points": moved}, signing)
    found = packs.apply(earlier, packs.delta(earlier, later, signing), signing.public_key())
    assert (found.file == later, found.added, found.changed, found.removed) == (True, 1, 1, 0)


def test_none_leads_to_another_page_or_another_key(handed: Handed, signing: Ed25519PrivateKey) -> None:
    told = {
        name: value for name, value in content_of(handed.later).items() if name not in ("pack", "public_key", "fingerprint", "words", "map")
    }
    other = Ed25519PrivateKey.generate()
    # Signed rightly, but its page says something else: as after an upgrade.
    longer = packs.write(told | {"instance": "renamed"}, signing)[0]
    for later, by in ((longer, signing), (packs.write(told, other)[0], signing), (handed.later, other)):
        with pytest.raises(packs.Elsewhere):
            packs.delta(handed.earlier, later, by)


def test_the_command_line_writes_the_later_pack_or_says_why_not(
    handed: Handed, key: Path, signing: Ed25519PrivateKey, tmp_path: Path
) -> None:
    def applied(earlier: bytes, delta: bytes) -> tuple[int, str, bool]:
        (tmp_path / "earlier.html").write_bytes(earlier)
        (tmp_path / "delta").write_bytes(delta)
        out = tmp_path / f"{uuid4().hex}.html"
        done = command("apply", tmp_path / "earlier.html", tmp_path / "delta", "--key", key, "--out", out)
        if out.exists():
            assert (done.exit_code, out.read_bytes()) == (0, handed.later)
        return done.exit_code, done.stderr or done.stdout, out.exists()

    status, said, there = applied(handed.earlier, handed.delta)
    assert (status, there, said.splitlines()[0]) == (0, True, "3 added, 1 changed, 1 removed")
    assert command("verify", tmp_path / "earlier.html", "--key", key).exit_code == 0
    for earlier, delta, why in (
        (handed.later, handed.delta, "the delta is for another pack"),
        (handed.earlier, handed.delta.replace(b"Renamed", b"renamed"), "the delta was changed"),
        (handed.earlier.replace(b"Ministry", b"ministry"), handed.delta, "the pack was changed"),
        (handed.earlier, handed.earlier, "this is no delta"),
        (handed.delta, handed.delta, "this is no pack"),
    ):
        status, said, there = applied(earlier, delta)
        assert (status, there, said.startswith(f"REFUSED: {why}"), said.count("\n")) == (1, False, True, 1), said
    old = {
        name: value for name, value in content_of(handed.later).items() if name not in ("pack", "public_key", "fingerprint", "words", "map")
    }
    past, _ = packs.write(old | {"expires_at": "2020-01-01T00:00:00+00:00"}, signing)
    status, said, there = applied(handed.earlier, packs.delta(handed.earlier, past, signing))
    assert (status, there, said) == (3, False, "EXPIRED: it held until 2020-01-01T00:00:00+00:00\n")


def test_the_file_of_the_earlier_one_can_become_the_later_one(handed: Handed, key: Path, tmp_path: Path) -> None:
    (tmp_path / "directory.html").write_bytes(handed.earlier)
    (tmp_path / "delta").write_bytes(handed.delta)
    words = (tmp_path / "directory.html", tmp_path / "delta", "--key", key, "--out", tmp_path / "directory.html")
    assert command("apply", *words).exit_code == 0
    assert (tmp_path / "directory.html").read_bytes() == handed.later
    again = command("apply", *words)
    assert (again.exit_code, again.stderr.startswith("REFUSED: the delta is for another pack")) == (1, True)
    assert [each.name for each in tmp_path.glob("*.part")] == []
