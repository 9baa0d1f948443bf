"""Tokens of a local instance: what `make token` prints opens its doors, and no others."""

import json
import stat
import time
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local import keys
from shared.auth import Door
from shared.errors import Unauthenticated

ISSUER = "http://127.0.0.1:8008"


def made(folder: Path) -> Path:
    folder.mkdir()
    keys.prepare(folder)
    return folder


async def test_a_token_opens_the_instance_it_was_made_for(tmp_path: Path) -> None:
    folder = made(tmp_path / "keys")
    caller = await Door(ISSUER, (folder / "jwks.json").as_uri()).caller(f"Bearer {keys.token(folder, ISSUER, ['auditor'], ['NL'])}")
    assert caller.roles == {"auditor"}
    assert caller.countries == {"NL"}


async def test_a_token_of_another_instance_opens_nothing(tmp_path: Path) -> None:
    folder, other = made(tmp_path / "keys"), made(tmp_path / "other")
    with pytest.raises(Unauthenticated):
        await Door(ISSUER, (folder / "jwks.json").as_uri()).caller(f"Bearer {keys.token(other, ISSUER, ['auditor'], ['*'])}")


def test_it_lasts_twelve_hours_and_names_the_command_line_as_its_subject(tmp_path: Path) -> None:
    folder = made(tmp_path / "keys")
    token = keys.token(folder, ISSUER, ["importer"], ["*"])
    claims = jwt.decode(token, KeySet.import_key_set(json.loads((folder / "jwks.json").read_text())), algorithms=["ES256"]).claims
    assert claims["aud"] == "concord"
    assert claims["sub"] == "cli:importer"
    assert claims["exp"] - time.time() == pytest.approx(12 * 3600, abs=30)


def test_keys_stay_the_same_and_the_private_half_is_its_owners_alone(tmp_path: Path) -> None:
    folder = made(tmp_path / "keys")
    private, public = folder / "private.jwk.json", (folder / "jwks.json").read_text()
    keys.prepare(folder)
    assert (folder / "jwks.json").read_text() == public
    assert "d" in json.loads(private.read_text())
    assert "d" not in json.loads(public)["keys"][0]
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
