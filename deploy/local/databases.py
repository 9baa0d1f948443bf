"""Each service's own database: made, and brought to the newest version of its tables."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from alembic import command

    config = _config(service)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


def new_migration(service: str, name: str) -> Path:
    """Write an empty migration (`add seat language` -> `NNNN_add_seat_language.py`), to be filled by hand; returns its file."""
    from alembic import command

    versions = SERVICES / service / "migrations" / "versions"
    number = max((int(file.name[:4]) for file in versions.glob("[0-9]*.py")), default=0) + 1
    config = _config(service)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    command.revision(config, name, rev_id=f"{number:04}")
    return next(versions.glob(f"{number:04}_*.py"))


def _config(service: str) -> "Config":
    # A second to import: not for those who want a token.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    return config
