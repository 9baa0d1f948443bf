"""What contacts is told by its environment."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

CALENDARS = Path(__file__).parent / "calendars.toml"


class Settings(ServiceSettings):
    """`CONTACTS_…`."""

    model_config = SettingsConfigDict(env_prefix="CONTACTS_")

    calendars: Path | None = None
    """The instance's own rules of working time; they stand behind those of `calendars.toml`, so that they decide."""

    @property
    def calendar_files(self) -> tuple[Path, ...]:
        """Where rules of working time are read, in their order."""
        return (CALENDARS, self.calendars) if self.calendars else (CALENDARS,)
