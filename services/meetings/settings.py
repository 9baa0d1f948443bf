"""What meetings is told by its environment."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`MEETINGS_…`."""

    model_config = SettingsConfigDict(env_prefix="MEETINGS_")
