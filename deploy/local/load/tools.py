"""The library of tools, of `tools.json`: what each is and which measures of the roadmap it serves. Who uses it, no source tells."""

import json
from collections.abc import Iterator

from deploy.local.load.entries import DATA, STATED, Entry


def tools() -> Iterator[Entry]:
    """Every tool there is a word about."""
    given = json.loads((DATA / "tools.json").read_text(encoding="utf-8"))
    for record in given["records"]:
        body = {
            "reference": record["id"],
            "title": {"en": record["name"]},
            "kind": record["kind"].replace("-", "_"),
            "languages": record["languages"],
            "measures": record["measures"],
            "owner": record["owner"],
            "purpose": record["purpose"],
            "notes": record["notes"] or None,
            "number": record.get("number"),
            "users": record["users"],
            "networks": record["networks"],
            "source": record["source"],
            "on": STATED.get(record["source"]["seed"][:3]),
        }
        yield Entry("capacity", "/tools", body, f"load:tools:{given['version']}:{record['id']}")
