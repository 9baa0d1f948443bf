"""Invented persons for a local instance (`persons.toml`): somebody to write to at desks of which no source names anybody."""

import tomllib
from collections.abc import Callable

import httpx

from deploy.local.load.entries import DATA


async def seal(client: httpx.AsyncClient, contacts: str, token: Callable[[], str]) -> int:
    """Record their details where none are kept yet; returns how many were recorded."""
    invented = {
        each["contact_point"]: each["details"] for each in tomllib.loads((DATA / "persons.toml").read_text(encoding="utf-8"))["persons"]
    }
    headers = {"Authorization": f"Bearer {token()}", "Concord-Mode": "import", "If-Match": "*"}
    answer = await client.get(f"{contacts}/contact-points", params={"limit": 500}, headers=headers)
    nobody = [row for row in answer.raise_for_status().json()["items"] if row["reference"] in invented and row["person"] == "none"]
    for row in nobody:
        recorded = await client.put(f"{contacts}/persons/{row['person_ref']}", json=invented[row["reference"]], headers=headers)
        recorded.raise_for_status()
    return len(nobody)
