"""What the portal is told by its environment (`PORTAL_…`)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).parent


class Settings(BaseSettings):
    """Read once, in `build`; no broker here, so the kernel's service settings do not fit."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_")

    instance: str = Field("local", pattern=r"^[a-z0-9-]{1,40}$")
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: SecretStr
    issuer: str
    """The OpenID Connect provider; everything else about it comes from its discovery document."""
    client_id: str = "portal"
    client_secret: SecretStr
    public_url: str
    """How a browser reaches the portal; with `https://` the cookie gets its `__Host-` name."""
    session_secret: SecretStr = Field(min_length=32)
    """Seals what a session row holds and signs the forms; changing it signs everybody out."""
    contacts_url: str
    meetings_url: str
    operations_url: str
    partners_url: str
    capacity_url: str
    reporting_url: str
    zone: str = "UTC"
    """The IANA zone of every clock time shown; it stands beside each of them."""
    designations: Path = HERE / "designations.toml"
    """Names and footnotes of territories as this instance words them."""
    boundaries: Path = HERE / "boundaries.toml"
    """How this instance draws boundaries on the map of the world."""
    log_format: Literal["json", "terminal"] = "json"
    log_level: str = "INFO"

    @property
    def owners(self) -> dict[str, str]:
        """Base URL of each service the portal asks."""
        return {
            "partners": self.partners_url,
            "capacity": self.capacity_url,
            "contacts": self.contacts_url,
            "meetings": self.meetings_url,
            "operations": self.operations_url,
            "reporting": self.reporting_url,
        }
