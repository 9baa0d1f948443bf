"""What contacts is told by its environment."""

from datetime import timedelta
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
    acknowledge_hours_normal: float = Field(8, gt=0, le=400)
    """So many working hours the addressee of an enquiry has to acknowledge it, before the next step is proposed."""
    acknowledge_hours_urgent: float = Field(4, gt=0, le=400)
    """Likewise where it is urgent (P1: four)."""
    acknowledge_hours_emergency: float = Field(1, gt=0, le=400)
    """Likewise in an emergency (iK3: one)."""

    @property
    def acknowledge_within(self) -> dict[str, timedelta]:
        """Urgency -> the working time there is to acknowledge."""
        hours = {
            "normal": self.acknowledge_hours_normal,
            "urgent": self.acknowledge_hours_urgent,
            "emergency": self.acknowledge_hours_emergency,
        }
        return {urgency: timedelta(hours=each) for urgency, each in hours.items()}

    @property
    def calendar_files(self) -> tuple[Path, ...]:
        """Where rules of working time are read, in their order."""
        return (CALENDARS, self.calendars) if self.calendars else (CALENDARS,)
