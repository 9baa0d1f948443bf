"""What every service is told by its environment; each subclass fixes its prefix (`PARTNERS_`, `REPORTING_`, …)."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """Read once, in `build`; the same names in every service."""

    instance: str = Field("local", pattern=r"^[a-z0-9-]{1,40}$")
    """Which agency's instance this is; part of every fact's `source`."""
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: SecretStr
    kafka_servers: str = "127.0.0.1:9092"
    issuer: str
    """The only `iss` a token may have."""
    jwks_url: str
    """Where the issuer's public keys are: `http(s)://` or `file://`."""
    log_format: Literal["json", "terminal"] = "json"
    log_level: str = "INFO"
