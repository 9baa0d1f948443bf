"""One tidy table of a running instance."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from deploy.local.home import DEFAULT
from deploy.local.instance import ISSUER, Instance, present

if TYPE_CHECKING:
    from rich.console import RenderableType


def table(running: Instance) -> "RenderableType":
    """What runs, where, how to sign in, where the data lie."""
    ports, home = running.ports, running.home
    rows = Table(title="Concord", title_style="bold", title_justify="left", header_style="bold")
    for heading in ("what", "where", "more"):
        rows.add_column(heading, overflow="fold")
    for name in sorted(running.services, key=ports.service):
        rows.add_row(name, ports.url(name), "open this one" if name == "portal" else "/openapi.json, /health/ready, /metrics")
    rows.add_section()
    rows.add_row("Kafka", f"127.0.0.1:{ports.kafka}", f"data in {home.data / 'kafka'}")
    rows.add_row("PostgreSQL", f"127.0.0.1:{ports.postgres}", f"data in {home.data / 'postgres'}; passwords in {home.path / 'secrets'}")
    rows.add_section()
    if present(ISSUER):
        rows.add_row("sign in", ports.issuer_url, "in the portal: choose one of the demo persons, no password")
    rows.add_row("mails", ports.mail_url, f"every mail ends here; SMTP on 127.0.0.1:{ports.smtp}")
    where = "" if home.path == Path.cwd() / DEFAULT else f" HOME_DIR={home.path}"
    rows.add_row("by command line", f"make token ROLE=auditor COUNTRY=NL{where}", "a bearer token for the services' APIs")
    rows.add_row("logs", str(home.logs), "one file for each process")
    return rows


def processes(infos: Sequence[Mapping[str, Any]]) -> Table:
    """How each process is, in supervisord's words."""
    rows = Table("process", "state", "more", header_style="bold")
    for info in infos:
        rows.add_row(str(info["name"]), str(info["statename"]).lower(), str(info["description"]))
    return rows
