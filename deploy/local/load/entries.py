"""What is loaded, entry by entry: the reference data's records as bodies of the services' public commands."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
STATED = {"000": "2017-04-18", "002": "2021-04-14", "003": "2024-03-01"}
"""Seed -> the day for which it speaks: the paper is of 18 April 2017, the newest document that the undated page cites (COM(2021) 170)
of 14 April 2021, the strategy of March 2024."""
KINDS = {"international-organisation": "organisation", "regional-network": "network", "eu-agency": "agency"}
COUNTRIES = {"kosovo": "XK"}
"""Partners without an ISO code of their own (X12)."""
PURPOSES = ["judicial_cooperation"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One command and those that follow from it; `{id}` in a follower is the id that this one was given."""

    service: str
    path: str
    body: Mapping[str, Any]
    key: str
    then: list["Entry"] = field(default_factory=list)
    stage: int = 0
    """Sent when everything of the stages before is there."""


def partners() -> Iterator[Entry]:
    """Partners with their instruments and legal bases, of `partners.json`."""
    given = json.loads((DATA / "partners.json").read_text(encoding="utf-8"))
    for record in given["records"]:
        key = f"load:partners:{given['version']}:{record['id']}"
        body = {
            "reference": record["id"],
            "name": {"en": record["name"]},
            "kind": KINDS.get(record["kind"], record["kind"]),
            "country": record["country"] or COUNTRIES.get(record["id"]),
            "abbreviation": record["abbreviation"],
            "notes": record["notes"] or None,
            "source": record["source"],
        }
        yield Entry("partners", "/partners", body, key, list(_instruments(record, key)))


def _instruments(record: Mapping[str, Any], key: str) -> Iterator[Entry]:
    """Every track a partner is on: agreement, mandate, proposal and working arrangement stand side by side (X11)."""
    arrangement = {"sought": "proposed", "concluded": "signed"}.get(record["working_arrangement"])
    tracks = [
        ("agreement", "international_agreement", "in_force", record["cooperation_agreement"]),
        ("agreement", "international_agreement", "mandate_granted", record["negotiation_mandate"]),
        ("agreement", "international_agreement", "proposed", record["potential_new_agreement"]),
        ("working-arrangement", "working_arrangement_strategic", arrangement, arrangement),
    ]
    for name, kind, state, applies in tracks:
        if not applies:
            continue
        stated = STATED[record["source"]["seed"][:3]]
        body = {"partner_id": "{id}", "kind": kind, "reference": f"{record['id']}:{name}", "state": state, "stated_as_of": stated}
        rests = [_basis(kind, stated, key)] if state == "in_force" and record["personal_data_basis"] == "agreement" else []
        yield Entry("partners", "/instruments", body | {"source": record["source"]}, f"{key}:{name}", rests)


def _basis(kind: str, stated: str, key: str) -> Entry:
    body = {"partner_id": "{partner_id}", "instrument_id": "{id}", "kind": kind, "purposes": PURPOSES, "valid_from": stated}
    return Entry("partners", "/legal-bases", body | {"data_categories": ["case_related", "participant", "contact_duty"]}, f"{key}:basis")


def written(name: str) -> Iterator[Entry]:
    """Entries that stand in a file as the very bodies: `[[entries]]` with service, path, body, key and `then`."""
    file = DATA / f"{name}.toml"
    if file.exists():
        yield from (_entry(given, name) for given in tomllib.loads(file.read_text(encoding="utf-8"))["entries"])


def coverage() -> Iterator[Entry]:
    """For what the starting data answer: in all, and by the name of each country that they tell apart."""
    for given in tomllib.loads((DATA / "coverage.toml").read_text(encoding="utf-8"))["entries"]:
        total = _entry(given, "coverage")
        yield total
        for country in _countries(**given["each"]) if "each" in given else ():
            yield replace(total, body={**total.body, "country": country}, key=f"{total.key}:{country.lower()}")


def _countries(file: str, path: str) -> list[str]:
    """Every country that entries of this path name, or what follows from them."""
    todo, found = list(written(file)), set[str]()
    for entry in todo:
        todo.extend(entry.then)
        found |= {entry.body["country"]} if entry.path == path else set()
    return sorted(found)


def _entry(given: Mapping[str, Any], name: str) -> Entry:
    then = [_entry(follower, name) for follower in given.get("then", [])]
    return Entry(given["service"], given["path"], given["body"], f"load:{name}:{given['key']}", then)
