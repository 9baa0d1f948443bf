"""The services as they put themselves together, without broker or database: nothing connects before an app starts."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from shared.events import Event

ROOT = Path(__file__).parent.parent.parent
DUMMY = {
    "instance": "local",
    "database_url": "postgresql+asyncpg://nobody:nothing@127.0.0.1/nowhere",
    "issuer": "http://127.0.0.1/issuer",
    "jwks_url": "file:///nowhere",
    "contacts_url": "http://127.0.0.1/contacts",
    "token_url": "http://127.0.0.1/issuer/token",
    "client_secret": "nothing",
    "smtp_host": "127.0.0.1",
    "sender": "desk@agency.example",
}
"""What any service is told; each takes what it knows."""


@dataclass(frozen=True)
class Service:
    """One service: its app, what it publishes (topic -> classes), and its consumer groups (group -> topics)."""

    name: str
    app: FastAPI
    publishes: Mapping[str, Sequence[type[Event]]]
    groups: Mapping[str, Sequence[str]]

    def openapi(self) -> dict[str, Any]:
        """Its HTTP API."""
        return self.app.openapi()


def names() -> list[str]:
    """Services with an API of their own: those that are told where Kafka is."""
    files = sorted((ROOT / "services").glob("*/settings.py"))
    return [f.parent.name for f in files if "ServiceSettings" in f.read_text(encoding="utf-8") and (f.parent / "app.py").exists()]


@cache
def service(name: str) -> Service:
    """Build one with settings that lead nowhere."""
    settings = importlib.import_module(f"services.{name}.settings").Settings
    told = {setting: value for setting, value in DUMMY.items() if setting in settings.model_fields}
    app: FastAPI = importlib.import_module(f"services.{name}.app").build(settings(**told))
    groups: dict[str, list[str]] = {}
    for subscriber in app.state.broker.subscribers:
        groups.setdefault(subscriber.group_id, []).extend(subscriber.topic_names_for_subscribe)
    return Service(name, app, app.state.publishes, {group: sorted(topics) for group, topics in sorted(groups.items())})


def everyone() -> list[Service]:
    """Every service, by name."""
    return [service(name) for name in names()]
