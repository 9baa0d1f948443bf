"""What contacts is told by its environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

CALENDARS = Path(__file__).parent / "calendars.toml"


class Settings(ServiceSettings):
    """`CONTACTS_…`."""

    model_config = SettingsConfigDict(env_prefix="CONTACTS_")

    calendars: Path | None = None
    """The instance's own rules of working time; they stand behind those of `calendars.toml`, so that they decide."""

    stale_days: int = Field(180, gt=0)
    """An entry that nobody verified for so long is stale (iA8)."""
    overdue_days: int = Field(365, gt=0)
    """One that nobody verified for so long is never the first choice."""
    pack_key: Path | None = None
    """A JWK file with the Ed25519 key that packs are signed with; without one none is built."""

    @property
    def calendar_files(self) -> tuple[Path, ...]:
        """Where rules of working time are read, in their order."""
        return (CALENDARS, self.calendars) if self.calendars else (CALENDARS,)
