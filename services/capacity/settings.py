"""What capacity is told by its environment."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`CAPACITY_…`."""

    model_config = SettingsConfigDict(env_prefix="CAPACITY_")
