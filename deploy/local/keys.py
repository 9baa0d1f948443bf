"""The instance's signing key, and tokens for whoever has the folder."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

LIFETIME_S = 12 * 3600


def prepare(folder: Path) -> None:
    """Generate an ES256 key the first time: the private half for its owner alone, the public half as a key set."""
    private, public = folder / "private.jwk.json", folder / "jwks.json"
    if not private.exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        private.touch(0o600)
        private.write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
    sign_packs(folder)
    public.write_text(json.dumps({"keys": [_read(folder).as_dict(private=False)]}), encoding="utf-8")


def sign_packs(folder: Path) -> Path:
    """The Ed25519 key that packs are signed with, made the first time; its public half stands beside it, to be handed out."""
    private, public = folder / "packs.private.jwk.json", folder / "packs.jwk.json"
    if not private.exists():
        private.touch(0o600)
        private.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)), encoding="utf-8")
    key = OKPKey.import_key(json.loads(private.read_text(encoding="utf-8")))
    public.write_text(json.dumps(key.as_dict(private=False)), encoding="utf-8")
    return private


def token(folder: Path, issuer: str, roles: Sequence[str], countries: Sequence[str]) -> str:
    """A bearer token of this instance, valid for twelve hours; `countries` may be `*`."""
    key, now = _read(folder), int(time.time())
    claims = {"iss": issuer, "sub": f"cli:{'+'.join(roles)}", "aud": "concord", "iat": now, "exp": now + LIFETIME_S}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, {**claims, "roles": list(roles), "countries": list(countries)}, key)


def _read(folder: Path) -> ECKey:
    return ECKey.import_key(json.loads((folder / "private.jwk.json").read_text(encoding="utf-8")))
