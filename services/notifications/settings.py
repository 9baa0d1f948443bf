"""What notifications is told by its environment."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`NOTIFICATIONS_…`."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    smtp_host: str
    smtp_port: int = 587
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    """`none` is for a server on the same machine."""
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    """The desk's mailbox: mails come from it, answers go to it."""
    sender_name: str = "Concord"
    portal_url: str | None = None
    """The portal as people reach it: mails link to the meeting's page."""
    young_hours: float = Field(24, gt=0)
    """An older fact is no news: it is logged, and nobody is written to."""
    contacts_url: str
    """Where contacts hands out the keys to persons' details."""
    token_url: str
    """The issuer's token endpoint: this service signs in there as itself (OAuth 2.0 client credentials), with the role `personal`."""
    client_id: str = "notifications"
    client_secret: SecretStr

    @property
    def young(self) -> timedelta:
        """How old a fact may be to be told."""
        return timedelta(hours=self.young_hours)
