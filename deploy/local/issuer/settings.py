"""What the demo issuer is told (`ISSUER_…`), and the two conditions without which it does not start."""

import json
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from joserfc.jwk import ECKey, KeySet
from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Refuses anything but a loopback address and an explicit `ISSUER_DEMO=1`."""

    model_config = SettingsConfigDict(env_prefix="ISSUER_")

    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8008
    url: str
    """The `iss` of every token; what a browser on this machine uses."""
    keys: Path
    """Folder with `private.jwk.json` (EC, P-256) and `jwks.json`."""
    client_secret: SecretStr
    service_secret: SecretStr | None = None
    """What a service signs in with as itself; without one none can."""
    redirect: str
    """Every redirect of the portal begins with this."""

    @model_validator(mode="after")
    def _only_a_demonstration(self) -> "Settings":
        if not self.demo:
            msg = "the demo issuer signs in anybody as anybody: it starts only with ISSUER_DEMO=1"
            raise ValueError(msg)
        if not ip_address(self.host).is_loopback or urlsplit(self.url).hostname not in {"127.0.0.1", "localhost", "::1"}:
            msg = "the demo issuer binds to loopback only: ISSUER_HOST and ISSUER_URL must be 127.0.0.1, ::1 or localhost"
            raise ValueError(msg)
        return self

    def private_key(self) -> ECKey:
        """What the tokens are signed with."""
        return ECKey.import_key(json.loads((self.keys / "private.jwk.json").read_text(encoding="utf-8")))

    def public_keys(self) -> dict[str, object]:
        """What they are verified with; no private part leaves even if the file holds one."""
        keys = KeySet.import_key_set(json.loads((self.keys / "jwks.json").read_text(encoding="utf-8")))
        return dict(keys.as_dict(private=False))
