"""The published years as single meetings and centres: reconstructed, so that the published sentences come out of counting."""

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.load.entries import DATA, Entry

ORIGIN = "Eurojust, coordination meetings and centres 2024; single ones reconstructed from published totals"


def meetings() -> Iterator[Entry]:
    """Every meeting, spread over its year; what is not published of it (countries, cases) stays open."""
    return _reconstructed("meetings", _meeting)


def centres() -> Iterator[Entry]:
    """Every coordination centre in the same way."""
    return _reconstructed("centres", _centre)


def _reconstructed(name: str, made: Callable[[str, int, list[str], datetime], Entry]) -> Iterator[Entry]:
    given = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    yield from _coverage(given)
    for year, combinations in given["years"].items():
        labelled = [mark for mark, count in combinations.items() for _ in range(count)]
        first, step = datetime(int(year), 1, 1, 9, tzinfo=UTC), timedelta(days=364) / len(labelled)
        for number, place in enumerate(_shuffled(len(labelled)), 1):
            types = [given["labels"][mark] for mark in labelled[place].split("+") if mark]
            yield made(year, number, types, _whole_hour(first + (number - 1) * step))


def _shuffled(count: int) -> Iterator[int]:
    """Every place once, far from its neighbours, the same in each run: no month is made of one crime type."""
    stride = next(step for step in range(int(count * 0.618), count + 1) if _coprime(step, count))
    return (index * stride % count for index in range(count))


def _coprime(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a == 1


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _meeting(year: str, number: int, types: list[str], started: datetime) -> Entry:
    body = {
        "reference": f"reconstructed:{year}:{number:03}",
        "kind": "coordination_case",
        "title": {"en": f"Coordination meeting {number} of {year}, reconstructed from published totals"},
        "crime_types": types,
        "started": started.isoformat(),
        "ended": (started + timedelta(hours=2)).isoformat(),
    }
    return Entry("meetings", "/held-meetings", body, f"load:meetings:{year}:{number}")


def _centre(year: str, number: int, types: list[str], opened: datetime) -> Entry:
    body = {
        "reference": f"reconstructed:{year}:{number:02}",
        "title": {"en": f"Coordination centre {number} of {year}, reconstructed from published totals"},
        "crime_types": types,
        "opened": opened.isoformat(),
        "closed": (opened + timedelta(hours=9)).isoformat(),
    }
    return Entry("operations", "/recorded-centres", body, f"load:centres:{year}:{number}")


def _quoted(ids: list[str]) -> str:
    """The published words of these statistics, and what the first of them adds."""
    records = {record["id"]: record for record in json.loads((DATA / "statistics.json").read_text(encoding="utf-8"))["records"]}
    words = " … ".join(records[id_]["source"]["locator"] for id_ in ids)
    return f"“{words}”. {records[ids[0]]['note']}".strip()


def _coverage(given: dict[str, Any]) -> Iterator[Entry]:
    for covered in given["covered"]:
        year = covered["year"]
        span = {"start": f"{year}-01-01", "end": f"{year + 1}-01-01", "complete": True, "basis": covered["basis"], "origin": ORIGIN}
        stated = "stated" in covered
        span |= {"statement": _quoted(covered["stated"])} if stated else {}
        for mark in covered.get("types", [None]):
            body = {"indicator": covered["indicator"], **span, **({"crime_type": given["labels"][mark]} if mark else {})}
            yield Entry("reporting", "/coverage", body, f"load:coverage:{covered['indicator']}:{year}:{mark}{':stated' * stated}")
