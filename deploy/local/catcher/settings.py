"""What the mail catcher is told (`CATCHER_…`)."""

from ipaddress import ip_address
from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Refuses anything but a loopback address: whoever reaches it reads everybody's mail."""

    model_config = SettingsConfigDict(env_prefix="CATCHER_")

    host: str = "127.0.0.1"
    port: int = 8009
    """Of the page."""
    smtp_port: int = 9025
    folder: Path
    """Where the mails lie, a file for each."""

    @field_validator("host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        if not ip_address(host).is_loopback:
            msg = "the mail catcher binds to loopback only"
            raise ValueError(msg)
        return host
