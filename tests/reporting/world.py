"""What tests of figures do: fold facts as they would come from Kafka, declare what is covered, and ask for figures and their evidence."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from services.reporting import projections
from shared.events import Attributes
from tests.reporting.test_fold import Sent

LOADED = datetime(2026, 1, 1, tzinfo=UTC)


def fact(
    number: int,
    type_: str,
    subject: UUID,
    version: int,
    data: Mapping[str, Any],
    *,
    moments: tuple[str, ...] = ("started", "opened", "ended"),
    recorded: datetime = LOADED,
    id: UUID | None = None,
    mode: Any = "live",
    country: str | None = None,
    topic: str | None = None,
) -> Sent:
    """A record of a topic's one partition; it happened at the first of these moments that it tells."""
    service, aggregate, step = type_.split(".")
    at = next((datetime.fromisoformat(data[name]) for name in moments if name in data), recorded)
    source = f"/instances/test/services/{service}"
    said = Attributes(id or uuid4(), source, f"{service}.{aggregate}.{step}.v1", subject, at, recorded, version, mode=mode, country=country)
    headers = [(name, value.encode()) for name, value in said.headers().items()]
    return Sent(topic or f"{service}.{aggregate}.v1", number, str(subject).encode(), json.dumps(data).encode(), headers)


class World:
    """A reporting service without any facts."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient, token: Any) -> None:
        self.app, self.client, self.token = app, client, token

    async def empty(self) -> None:
        async with self.app.state.engine.begin() as tx:
            await tx.execute(text("TRUNCATE facts, offsets, dead_letters, coverage"))

    async def take(self, *records: Sent) -> None:
        async with self.app.state.engine.begin() as tx:
            folded = await projections.take(tx, records)
        assert not folded.letters, folded.letters

    async def declare(self, **body: Any) -> None:
        body = {"start": "2020-01-01", "complete": True, "basis": "recorded", "origin": "x"} | body
        made = await self.client.post("/coverage", json=body, headers={"Authorization": f"Bearer {self.token('importer')}"})
        assert made.status_code == 201, made.text

    async def ask(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(path, params=query or None, headers={"Authorization": f"Bearer {self.token('coordinator')}"})

    async def figure(self, code: str, **query: Any) -> Any:
        answer = await self.ask(f"/indicators/{code}", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def evidence(self, code: str, **query: Any) -> tuple[int, list[Any]]:
        items: list[Any] = []
        after = None
        while True:
            page = (await self.ask(f"/indicators/{code}/evidence", limit=500, **query, **({"after": after} if after else {}))).json()
            items += page["items"]
            if not (after := page["next"]):
                return page["total"], items
