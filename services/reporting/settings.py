"""What reporting is told by its environment."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

SEARCH_PATH = "facts, reports"
"""`facts` can be made again from the topics at any time, `reports` is owned and backed up."""


class Settings(ServiceSettings):
    """`REPORTING_…`."""

    model_config = SettingsConfigDict(env_prefix="REPORTING_")
