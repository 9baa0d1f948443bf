"""What is done once before the services start, where an operator gives Kafka and PostgreSQL by URL: `python -m deploy.jobs`."""

import os
from typing import Annotated

import typer

from deploy.local import databases, kafka

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def topics(servers: Annotated[str, typer.Option(envvar="KAFKA_SERVERS")], replication: Annotated[int, typer.Option(min=1)] = 1) -> None:
    """Make every declared topic that is missing, and the others' settings as declared."""
    made = kafka.create_topics(servers, replication)
    print(f"topics made: {', '.join(made) or 'none, all were there'}")


@app.command()
def migrate(service: str) -> None:
    """Bring a service's own database, named by `<SERVICE>_DATABASE_URL`, to the newest version of its tables."""
    databases.migrate(service, os.environ[f"{service.upper()}_DATABASE_URL"])
    print(f"{service}: tables are current")


if __name__ == "__main__":
    app()
