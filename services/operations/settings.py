"""What operations is told by its environment."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`OPERATIONS_…`."""

    model_config = SettingsConfigDict(env_prefix="OPERATIONS_")
