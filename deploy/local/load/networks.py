"""Networks, structures and priorities of `networks.json` and `measures.json`; what is neither is a partner, and is loaded as one.

A network that the sources present as working is founded and activated; one that the roadmap only asks for is founded alone.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from deploy.local.load.entries import COUNTRIES, DATA, STATED, Entry
from shared.codes import LISTS
from shared.events import subject_of

LEVELS = {
    "judicial-network": "regional",
    "contact-point-network": "global",
    "national-network": "national",
    "regional-judicial-network": "regional",
    "prosecutors-association": "regional",
    "national-specialised-units": "regional",
    "expert-group": "regional",
}
"""The kinds that are networks, and how far each reaches: national units of one kind are a network of a region."""
FORESEEN = ("specialised-national-networks", "national-contact-points")
"""The roadmap asks each country to make them; no source says that they are at work."""
STRUCTURES = ("national-coordination-system", "national-unit", "joint-centre", "law-enforcement-centre")
CHANNELS = {"liaison-officers": "LIAISON", "liaison-magistrates": "LIAISON", "customs authorities": "CUSTOMS", "border police": "BORDER"}
"""What stands for a channel under another name than its own."""

Record = Mapping[str, Any]


def networks() -> Iterator[Entry]:
    """Priorities, networks and structures; then, once all networks are there, what they are linked with."""
    given = _read("networks")
    records, version = {record["id"]: record for record in given["records"]}, given["version"]
    yield from _domains()
    for record in records.values():
        if record["kind"] in LEVELS:
            yield _network(record, records, f"load:networks:{version}:{record['id']}")
        elif record["kind"] in STRUCTURES:
            yield _structure(record, f"load:networks:{version}:{record['id']}")
    yield from _links(records, version)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _domains() -> Iterator[Entry]:
    """Measure A.b names the domains that have priority."""
    given = _read("measures")
    record = next(each for each in given["records"] if each["id"] == "A.b")
    for code in record["crime_types"]:
        body = {"reference": f"priority:{code}", "code": code, "valid_from": _stated(record), "source": record["source"]}
        yield Entry("contacts", "/domains", body, f"load:domains:{given['version']}:{code}")


def _network(record: Record, records: Mapping[str, Record], key: str) -> Entry:
    linked = (records[each["to"]] for each in record["connects_to"])
    partners = [each["partner"] for each in (record, *linked) if each["partner"] and (each is record or each["kind"] not in LEVELS)]
    body = {
        **_told(record),
        "kind": _code(record["kind"]),
        "domain": record["crime_types"],
        "fields": [_code(field) for field in record["domain"]],
        "level": "national" if record["id"] in FORESEEN else LEVELS[record["kind"]],
        "partners": list(dict.fromkeys(partners)),
    }
    at_work = Entry("contacts", "/networks/{id}/activate", {"on": _stated(record)}, f"{key}:activate")
    return Entry("contacts", "/networks", body, key, [] if record["id"] in FORESEEN else [at_work])


def _structure(record: Record, key: str) -> Entry:
    kind = record["id"] if record["id"] in LISTS["structure_kind"].codes else _code(record["kind"])
    set_ups = {each["id"].removeprefix(f"{record['id']}-") for each in record.get("set_ups", [])} or {"office"}
    countries = [each["country"] or COUNTRIES[each["name"].lower()] for each in record.get("member_countries", [])]
    form = "both" if len(set_ups) > 1 else set_ups.pop()
    body = {**_told(record), "kind": kind, "form": form, "countries": countries}
    declared: list[Entry] = []
    for channel in reversed(_channels(record)):
        # One after the other: each is meant for the version that the one before led to.
        step = Entry("contacts", "/structures/{id}/declare-channel", {"channel": channel}, f"{key}:{channel}", declared)
        declared = [step]
    return Entry("contacts", "/structures", body, key, declared)


def _channels(record: Record) -> list[str]:
    named = [each["to"] for each in record["connects_to"]] + [each["name"] for each in record.get("national_links", [])]
    found = [CHANNELS.get(name, name.upper()) for name in named]
    return [channel for channel in dict.fromkeys(found) if channel in LISTS["channel"].codes]


def _links(records: Mapping[str, Record], version: int) -> Iterator[Entry]:
    """Each pair once: a link holds in both directions. On what it rests, no source tells."""
    pairs = {frozenset((one["id"], each["to"])): (one, each) for one in records.values() for each in one["connects_to"]}
    for pair, (one, each) in pairs.items():
        if len(pair) == 2 and all(records[end]["kind"] in LEVELS for end in pair):
            other = _id(each["to"])
            body = {"other_network": str(other), "purpose": "judicial_cooperation", "on": _stated(each)}
            key = f"load:networks:{version}:{one['id']}:{each['to']}"
            yield Entry("contacts", f"/networks/{_id(one['id'])}/interconnect", body, key, stage=1)


def _id(reference: str) -> UUID:
    """A network's id follows from its reference for ever."""
    return subject_of("contacts", "network", reference)


def _told(record: Record) -> dict[str, Any]:
    return {
        "reference": record["id"],
        "name": {"en": record["name"]},
        "abbreviation": record["abbreviation"],
        "notes": record["notes"] or None,
        "stated_members": [member["name"] for member in record["members"]],
        "source": record["source"],
        "on": _stated(record),
    }


def _stated(record: Record) -> str:
    return STATED[record["source"]["seed"][:3]]


def _code(kebab: str) -> str:
    return kebab.replace("-", "_")
