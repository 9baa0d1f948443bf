"""Each service's own database: made, and brought to the newest version of its tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

SERVICES = Path(__file__).parent.parent.parent / "services"


def services() -> list[str]:
    """The services there are, by their folders."""
    return sorted(folder.parent.name for folder in SERVICES.glob("*/__main__.py"))


def with_database() -> list[str]:
    """Those that keep something."""
    return [name for name in services() if (SERVICES / name / "migrations").exists()]


def migrate(service: str, url: str) -> None:
    """Every pending migration; not to be called where an event loop runs (use a thread there)."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
