import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.contacts.api.rows import ROWS
from services.contacts.due import do_next, imports, packs

Ask = Callable[..., Any]


@pytest.fixture
def ask(client: httpx.AsyncClient, token: Any) -> Ask:
    """A request with a token of these roles and countries; changes name the version they are meant for (`*`: any)."""

    async def request(method: str, path: str, *roles: str, countries: Any = None, headers: Any = None, **more: Any) -> httpx.Response:
        given = {
            "Authorization": f"Bearer {token(*(roles or ('national_editor',)), countries=countries)}",
            "If-Match": "*",
            **(headers or {}),
        }
        return await client.request(method, path, headers=given, **more)

    return request


@pytest.fixture
def outbox(app: FastAPI) -> Ask:
    """What was said of a subject: its attributes, and `data` (text where it is no JSON, None where there is nothing)."""

    async def said(subject: Any) -> list[dict[str, Any]]:
        async with app.state.engine.connect() as tx:
            rows = await tx.execute(text("SELECT topic, headers, value FROM outbox WHERE key = :key ORDER BY id"), {"key": str(subject)})
            return [{"topic": r.topic, **r.headers, "data": _data(r)} for r in rows]

    return said


def _data(row: Any) -> Any:
    if row.value is None:
        return None
    return json.loads(row.value) if row.headers["content-type"] == "application/json" else row.value.decode()


@pytest.fixture
def office(ask: Ask) -> Ask:
    """A registered authority."""

    async def make(**changed: Any) -> dict[str, Any]:
        body = {
            "reference": f"a-{uuid4().hex[:12]}",
            "name": {"en": "Ministry"},
            "kind": "ministry_justice",
            "country": "AL",
            "zone": "Europe/Tirane",
        }
        made = await ask("POST", "/authorities", json=body | changed)
        assert made.status_code == 201, made.text
        return dict(made.json())

    return make


@pytest.fixture
def nominee(ask: Ask) -> Ask:
    """A nominated contact point; `person={…}` gives it details."""

    async def make(**changed: Any) -> dict[str, Any]:
        made = await ask("POST", "/contact-points", json={"country": "AL", "appointing_kind": "country"} | changed)
        assert made.status_code == 201, made.text
        return dict(made.json())

    return make


@pytest.fixture
def desk(ask: Ask, office: Ask, nominee: Ask) -> Ask:
    """A designated contact point at an authority of its own, or at the one given."""

    async def make(at: Any = None, **changed: Any) -> dict[str, Any]:
        at = at or await office(zone=changed.pop("zone", "Europe/Tirane"))
        point = await nominee(**changed)
        body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "office_hours"}
        made = await ask("POST", f"/contact-points/{point['id']}/designate", json=body)
        assert made.status_code == 200, made.text
        return dict(made.json())

    return make


@pytest.fixture
def settled(app: FastAPI) -> Ask:
    """All that waits to be done beside the requests is done."""

    async def settle() -> None:
        for kind in (imports(ROWS), packs("test", app.state.pack_key)):
            while await do_next(app.state.engine, "/instances/test/services/contacts", kind):
                pass

    return settle


@pytest.fixture
def packed(ask: Ask, settled: Ask) -> Ask:
    """A pack that was asked for and is there, with what leads to it."""

    async def pack(**given: Any) -> dict[str, Any]:
        asked = await ask("POST", "/packs", json=given)
        assert (asked.status_code, asked.json()["state"]) == (201, "building"), asked.text
        await settled()
        return dict((await ask("GET", f"/packs/{asked.json()['id']}")).json())

    return pack
